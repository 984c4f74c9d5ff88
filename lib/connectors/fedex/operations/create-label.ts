import { RetryableError } from '../../../model/errors';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, type LookUpResult, operation } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { accountMissing, accountOf, faultsOfSettings, fedexError, sendFedex } from '../client';
import { type LabelOutput, labelOutput, shipmentOf } from '../shipment-answer';
import { type LabelInput, labelInput, shipmentRequest } from '../shipment-request';

/** Ours, 30 of the key's 64 hex digits: as long as a department number may be. */
const referenceOf = (call: CallContext) => call.idempotencyKey.slice(0, 30);

const dayMs = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * Track v1, POST /track/v1/referencenumbers: shipments of the last week that carry our reference. The label's image is not in it.
 * Unknown references are errors inside of a 2xx, or 404. Track may show a new shipment late, so that neither proves that there is none.
 */
async function findByReference(call: CallContext, account: string): Promise<LookUpResult<LabelOutput>> {
  const response = await reading(() =>
    sendFedex(call, {
      method: 'POST',
      path: '/track/v1/referencenumbers',
      json: {
        includeDetailedScans: false,
        referencesInformation: {
          type: 'DEPARTMENT',
          value: referenceOf(call),
          accountNumber: account,
          shipDateBegin: dayOf(call.now - 7 * dayMs),
          shipDateEndDate: dayOf(call.now + dayMs),
        },
      },
    }),
  );
  if (response.status === 404) throw notThereYet();
  const complete = list(object(object(response.json())?.output)?.completeTrackResults);
  const results = complete.flatMap((item) => list(object(item)?.trackResults)).map((item) => object(item));
  const numbers = results.flatMap((item) =>
    item?.error === undefined ? (text(object(item?.trackingNumberInfo)?.trackingNumber, 100) ?? []) : [],
  );
  const [first] = numbers;
  if (first !== undefined)
    return {
      found: true,
      output: { shipmentId: first, trackingNumber: first, trackingNumbers: numbers, carrier: 'FedEx' },
      confirmed: true,
      reference: first,
    };
  const unknown = results.some((item) => /NOTFOUND$/.test(text(object(item?.error)?.code, 200) ?? ''));
  if (response.status === 200 && unknown) throw notThereYet();
  throw lookUpUnanswered('FedEx', response);
}

function notThereYet(): RetryableError {
  return new RetryableError('LOOK_UP_INCONCLUSIVE', 'FedEx does not show the shipment, or not yet', {
    hint: 'It is looked up again; in the end ask FedEx whether the label exists before another one is bought.',
  });
}

/**
 * Ship v1: POST /ship/v1/shipments (https://developer.fedex.com/api/en-us/catalog/ship/v1/docs.html). FedEx takes no idempotency key; Track finds the
 * shipment by our reference. Until it does, nothing is bought again.
 */
export const createLabel = operation<LabelInput, LabelOutput>({
  id: 'createLabel',
  title: 'Create a label',
  description:
    'Buys the labels of a shipment; an unanswered call is looked up in Track by our reference and never bought again by itself.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: labelOutput,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    const json = shipmentRequest(wanted, {
      account,
      pickupType: text(call.settings.pickupType, 60) ?? 'USE_SCHEDULED_PICKUP',
      customsPurpose: text(call.settings.customsPurpose, 60) ?? 'SOLD',
      reference: referenceOf(call),
    });
    if (typeof json === 'string')
      return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message: json };
    const response = await sendFedex(call, { method: 'POST', path: '/ship/v1/shipments', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: fedexError(response),
      exception: (error) => (faultsOfSettings.has(error?.code ?? '') ? undefined : 'LABEL_GENERATION_FAILED'),
    });
    if (refusal !== undefined) return refusal;
    const made = shipmentOf(response.json());
    return made === undefined
      ? unreadable(true)
      : { outcome: 'ok', output: made, confirmed: true, reference: made.trackingNumber };
  },
  async lookUp(_wanted, call) {
    const account = accountOf(call);
    return account === undefined ? { found: false } : findByReference(call, account);
  },
});
