import { RetryableError } from '../../../model/errors';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, type LookUpResult, operation } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { accountMissing, accountOf, dhlError, sendDhl } from '../client';
import { type LabelOutput, labelOutput, shipmentOf } from '../shipment-answer';
import { type LabelInput, labelInput, shipmentRequest } from '../shipment-request';

/** Ours, 35 of the key's 64 hex digits: as long as a reference may be. */
const referenceOf = (call: CallContext) => call.idempotencyKey.slice(0, 35);

const dayMs = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * GET /tracking: shipments of the last week that carry our reference. The label is not in it. 404 where there is none, or none yet: DHL may show
 * a shipment as late as it is collected, so that it proves nothing.
 */
async function findByReference(call: CallContext, account: string): Promise<LookUpResult<LabelOutput>> {
  const response = await reading(() =>
    sendDhl(call, {
      method: 'GET',
      path: '/tracking',
      query: {
        shipmentReference: referenceOf(call),
        shipmentReferenceType: 'CU',
        shipperAccountNumber: account,
        dateRangeFrom: dayOf(call.now - 7 * dayMs),
        dateRangeTo: dayOf(call.now + dayMs),
        trackingView: 'shipment-details-only',
      },
    }),
  );
  if (response.status === 404)
    throw new RetryableError('LOOK_UP_INCONCLUSIVE', 'DHL does not show the shipment, or not yet', {
      hint: 'It is looked up again; in the end ask DHL whether the label exists before another one is bought.',
    });
  const shipments = list(object(response.json())?.shipments);
  const made = shipmentOf(object(shipments[0]) ?? {}, text(object(shipments[0])?.productCode, 6));
  if (response.status !== 200 || made === undefined) throw lookUpUnanswered('DHL', response);
  return { found: true, output: made, confirmed: true, reference: made.shipmentId };
}

/**
 * MyDHL API: POST /shipments. DHL takes no idempotency key; tracking finds the shipment by our reference. Until it does, nothing is bought again.
 * The API voids no shipments: a label that is not used is not billed, and there is no undo.
 */
export const createLabel = operation<LabelInput, LabelOutput>({
  id: 'createLabel',
  title: 'Create a label',
  description:
    'Buys the label of a shipment; an unanswered call is looked up in tracking by our reference and never bought again by itself. DHL offers no void.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: labelOutput,
  target: ({ reference }) => `label/${reference}`,
  async send(wanted, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    const json = shipmentRequest(wanted, {
      account,
      contents: text(call.settings.contents, 70),
      incoterm: text(call.settings.incoterm, 3) ?? 'DAP',
      exportReason: text(call.settings.exportReason, 60) ?? 'commercial_purpose_or_sale',
      reference: referenceOf(call),
      now: call.now,
    });
    if (typeof json === 'string')
      return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message: json };
    const response = await sendDhl(call, { method: 'POST', path: '/shipments', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: dhlError(response),
      exception: () => 'LABEL_GENERATION_FAILED',
    });
    if (refusal !== undefined) return refusal;
    const made = shipmentOf(object(response.json()) ?? {}, wanted.service);
    return made === undefined
      ? unreadable(true)
      : { outcome: 'ok', output: made, confirmed: true, reference: made.shipmentId };
  },
  async lookUp(_wanted, call) {
    const account = accountOf(call);
    return account === undefined ? { found: false } : findByReference(call, account);
  },
});
