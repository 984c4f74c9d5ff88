import { RetryableError } from '../../../model/errors';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { createLabel as contract } from '../../kit/contracts/carrier';
import { object, objects } from '../../kit/text';
import { refusal, sendSendcloud } from '../client';
import {
  externalReferenceOf,
  type Label,
  type LabelInput,
  labelInput,
  labelOf,
  lookUpParcels,
  parcelRequest,
  statusOf,
} from '../labels';

const announcementFailed = '1002';
/** A parcel in one of these has no label and gets none. */
const without = new Set([announcementFailed, '999', '1998', '2000']);

/** POST /api/v2/parcels with `request_label`. Our key is the parcel's `external_reference`, by which it is found again. */
export const createLabel = operation<LabelInput, Label>({
  id: 'createLabel',
  title: 'Buy a label',
  description:
    'Announces a parcel and buys its label; an unanswered call is looked up by our reference first.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: contract.output,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const json = parcelRequest(wanted, call);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendSendcloud(call, { method: 'POST', path: '/api/v2/parcels', json });
    const refused = refusal(response, call, true, 'LABEL_GENERATION_FAILED');
    if (refused !== undefined) return refused;
    const parcel = object(object(response.json())?.parcel);
    if (statusOf(parcel) === announcementFailed) {
      const message = 'the carrier refused the announcement of the parcel';
      return {
        outcome: 'business',
        code: 'LABEL_GENERATION_FAILED',
        message,
        vendorCode: announcementFailed,
      };
    }
    const made = labelOf(parcel);
    return made === undefined
      ? unreadable(true)
      : { outcome: 'ok', output: made, confirmed: true, reference: made.trackingNumber };
  },
  async lookUp(_wanted, call) {
    const path = `/api/v2/parcels?external_reference=${externalReferenceOf(call)}`;
    const parcels = objects((await lookUpParcels(call, path)).parcels);
    const [parcel] = parcels.filter((item) => !without.has(statusOf(item) ?? ''));
    if (parcel === undefined) return { found: false };
    const made = labelOf(parcel);
    if (made !== undefined)
      return { found: true, output: made, confirmed: true, reference: made.trackingNumber };
    throw new RetryableError('LABEL_UNDER_WAY', 'Sendcloud is still announcing the parcel', {
      hint: 'It is looked up again by itself.',
    });
  },
});
