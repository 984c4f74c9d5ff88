import type { z } from 'zod';
import { RetryableError } from '../../../model/errors';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { fileClaim as contract } from '../../kit/contracts/carrier';
import { majorUnits } from '../../kit/money';
import { reading } from '../../kit/outbound';
import { type Json, object, objects, text } from '../../kit/text';
import { instant } from '../../kit/time';
import { easypostError, sendEasypost } from '../client';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const day = 86_400_000;
const pageSize = 100;
/** Claims are rare: a shipper with more than this in a month asks EasyPost by hand. */
const maxPages = 10;

/** Evidence by the three lists that EasyPost keeps; each file is a data URI. */
function attachmentsOf(evidence: Input['evidence'], kinds: readonly string[]): string[] {
  return evidence
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ mediaType, data }) => `data:${mediaType};base64,${data}`);
}

function requestOf(wanted: Input): Json {
  const { evidence } = wanted;
  return {
    tracking_code: wanted.trackingNumber,
    type: wanted.reason.toLowerCase(),
    amount: majorUnits(wanted.amount),
    description: wanted.description,
    contact_email: wanted.contactEmail,
    email_evidence_attachments: attachmentsOf(evidence, ['EMAIL']),
    invoice_attachments: attachmentsOf(evidence, ['INVOICE']),
    supporting_documentation_attachments: attachmentsOf(evidence, ['PHOTO', 'PHONE', 'OTHER']),
  };
}

function claimOf(claim: Json | undefined): Output | undefined {
  const claimId = text(claim?.id, 100);
  const state = text(claim?.status, 100);
  return claimId === undefined || state === undefined ? undefined : { claimId, state };
}

/** The list has no filter by number: the claims of the last month are read, newest first. */
async function findClaim(wanted: Input, call: CallContext): Promise<Output | undefined> {
  let before = '';
  for (let page = 0; page < maxPages; page++) {
    const since = encodeURIComponent(instant(call.now - 30 * day));
    const path = `/v2/claims?page_size=${pageSize}&start_datetime=${since}${before}`;
    const response = await reading(() => sendEasypost(call, { method: 'GET', path }));
    const answer = object(response.json());
    if (response.status !== 200 || !Array.isArray(answer?.claims))
      throw lookUpUnanswered('EasyPost', response);
    const claims = objects(answer.claims);
    const own = claims.find(
      (claim) =>
        claim.tracking_code === wanted.trackingNumber &&
        claim.type === wanted.reason.toLowerCase() &&
        claim.status !== 'cancelled',
    );
    if (own !== undefined) return claimOf(own);
    const last = text(claims.at(-1)?.id, 100);
    if (answer.has_more !== true || last === undefined) return undefined;
    before = `&before_id=${encodeURIComponent(last)}`;
  }
  throw new RetryableError('LOOK_UP_UNANSWERED', `more than ${maxPages * pageSize} claims in a month`, {
    hint: 'Look for the claim in the EasyPost dashboard.',
  });
}

/** Only claims in dollars are taken: the API has no currency. */
const currency = 'USD';

/**
 * https://docs.easypost.com/docs/insurance/claims: POST /v2/claims. A claim is found again by number and reason, so one that an
 * unanswered call has filed is adopted.
 */
export const fileClaim = operation<Input, Output>({
  id: 'fileClaim',
  title: 'File a claim',
  description: 'Files a claim for a lost, damaged or stolen parcel that EasyPost has insured.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber, reason }) => `claim/${trackingNumber}/${reason}`,
  async send(wanted, call) {
    if (wanted.amount.currency !== currency)
      return { outcome: 'fatal', message: `EasyPost takes claims in ${currency} only` };
    const json = requestOf(wanted);
    const response = await sendEasypost(call, { method: 'POST', path: '/v2/claims', json });
    const error = easypostError(response);
    const refusal = refusalOf(response, call, { write: true, error, exception: () => 'CARRIER_REJECTED' });
    if (refusal !== undefined) return refusal;
    const claim = claimOf(object(response.json()));
    return claim === undefined
      ? unreadable(true)
      : { outcome: 'ok', output: claim, confirmed: true, reference: claim.claimId };
  },
  async lookUp(wanted, call) {
    const claim = await findClaim(wanted, call);
    return claim === undefined
      ? { found: false }
      : { found: true, output: claim, confirmed: true, reference: claim.claimId };
  },
});
