import { RetryableError } from '../../../model/errors';
import { type Refusal, unreadable } from '../../kit/answers';
import { type CallContext, type LookUpResult, type OperationResult, operation } from '../../kit/connector';
import { createLabel as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { type Json, object, objects, text } from '../../kit/text';
import { instant } from '../../kit/time';
import { codeIn, labelException, lookUpShippo, messagesOf, refusal, sendShippo } from '../client';
import {
  formatOf,
  type Label,
  type LabelInput,
  labelInput,
  labelOf,
  rateOf,
  referenceOf,
  shipmentRequest,
} from '../labels';

/** An unanswered purchase is looked for among the shipments of this time. */
const weekMs = 7 * 86_400_000;
const pageSize = 100;
const maxPages = 100;

const isRefusal = (value: Json | Refusal): value is Refusal => typeof value.outcome === 'string';

/** Rating a shipment buys nothing, so a lost answer is simply tried again. */
async function createShipment(wanted: LabelInput, call: CallContext): Promise<Json | Refusal> {
  const json = shipmentRequest(wanted, call);
  if (typeof json === 'string') return { outcome: 'fatal', message: json };
  const response = await reading(() => sendShippo(call, { method: 'POST', path: '/shipments', json }));
  const shipment = object(response.json());
  return refusal(response, call, false, labelException) ?? shipment ?? unreadable(false);
}

/** A 2xx holds the failure in its status; one that is still queued is looked up later. */
function outcomeOf(transaction: Json | undefined, rate: Json): OperationResult<Label> {
  const made = labelOf(transaction, rate);
  if (made !== undefined)
    return { outcome: 'ok', output: made, confirmed: true, reference: made.trackingNumber };
  if (transaction?.status !== 'ERROR') return unreadable(true);
  return {
    outcome: 'business',
    code: 'LABEL_GENERATION_FAILED',
    message: messagesOf(transaction) || 'Shippo could not make the label',
    ...codeIn(transaction),
  };
}

async function buy(shipment: Json, wanted: LabelInput, call: CallContext): Promise<OperationResult<Label>> {
  const rate = rateOf(shipment, wanted);
  const id = text(rate?.object_id, 100);
  if (rate === undefined || id === undefined) {
    const message = `${wanted.service} is not offered: ${messagesOf(shipment) || 'no such rate'}`;
    return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message, ...codeIn(shipment) };
  }
  const json = {
    rate: id,
    label_file_type: formatOf(wanted.labelFormat),
    async: false,
    metadata: wanted.reference,
  };
  const response = await sendShippo(call, { method: 'POST', path: '/transactions', json });
  return refusal(response, call, true, labelException) ?? outcomeOf(object(response.json()), rate);
}

/** The shipments that calls of this effect have rated. `object_created_gte` is the filter that the list documents. */
async function ownShipments(call: CallContext): Promise<Json[]> {
  const found: Json[] = [];
  const since = encodeURIComponent(instant(call.now - weekMs));
  for (let page = 1; page <= maxPages; page++) {
    const path = `/shipments?object_created_gte=${since}&page=${page}&results=${pageSize}`;
    const answer = await lookUpShippo(call, path);
    const own = objects(answer.results).filter((shipment) => shipment.metadata === referenceOf(call));
    found.push(...own);
    if (text(answer.next, 2000) === undefined) return found;
  }
  throw new RetryableError('LOOK_UP_UNANSWERED', `more than ${maxPages * pageSize} shipments in a week`, {
    hint: 'Look for the label in the Shippo dashboard.',
  });
}

async function findLabel(wanted: LabelInput, call: CallContext): Promise<LookUpResult<Label>> {
  for (const shipment of await ownShipments(call)) {
    const rate = rateOf(shipment, wanted);
    const id = text(rate?.object_id, 100);
    if (id === undefined) continue;
    const answer = await lookUpShippo(call, `/transactions?rate=${encodeURIComponent(id)}`);
    for (const transaction of objects(answer.results)) {
      const made = labelOf(transaction, rate);
      if (made !== undefined)
        return { found: true, output: made, confirmed: true, reference: made.trackingNumber };
      if (transaction.status === 'QUEUED' || transaction.status === 'WAITING')
        throw new RetryableError('LABEL_UNDER_WAY', 'Shippo is still making the label', {
          hint: 'It is looked up again by itself.',
        });
    }
  }
  return { found: false };
}

/** POST /shipments, then POST /transactions (docs.goshippo.com/docs/shipments/shipments). The shipment's metadata carries our reference. */
export const createLabel = operation<LabelInput, Label>({
  id: 'createLabel',
  title: 'Buy a label',
  description:
    'Rates and buys a label; an unanswered call is looked up by our reference before another is bought.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: contract.output,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const shipment = await createShipment(wanted, call);
    return isRefusal(shipment) ? shipment : buy(shipment, wanted, call);
  },
  lookUp: findLabel,
});
