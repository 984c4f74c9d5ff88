import { type Refusal, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { createLabel as contract } from '../../kit/contracts/carrier';
import type { HttpResponse } from '../../kit/http';
import { reading } from '../../kit/outbound';
import { type Json, object, objects, text } from '../../kit/text';
import { easypostError, labelException, sendEasypost } from '../client';
import {
  findShipment,
  type Label,
  type LabelInput,
  labelInput,
  labelOf,
  shipmentRequest,
} from '../shipments';

function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  return refusalOf(response, call, { write, error: easypostError(response), exception: labelException });
}

/** Rating a shipment buys nothing, so a lost answer is simply tried again. */
async function createShipment(wanted: LabelInput, call: CallContext): Promise<Json | Refusal> {
  const json = shipmentRequest(wanted, call);
  if (typeof json === 'string') return { outcome: 'fatal', message: json };
  const response = await reading(() => sendEasypost(call, { method: 'POST', path: '/v2/shipments', json }));
  return refusal(response, call, false) ?? object(response.json()) ?? unreadable(false);
}

const isRefusal = (value: Json | Refusal): value is Refusal => typeof value.outcome === 'string';

/** The rate of the service; without a carrier only where one carrier alone offers it. */
function rateOf(shipment: Json, { service, carrier }: LabelInput): string | undefined {
  const rates = objects(shipment.rates);
  const offered = rates.filter(
    (rate) => rate.service === service && (carrier === undefined || rate.carrier === carrier),
  );
  const carriers = new Set(offered.map((rate) => rate.carrier));
  return carriers.size === 1 ? text(offered[0]?.id, 100) : undefined;
}

async function buy(shipment: Json, wanted: LabelInput, call: CallContext): Promise<OperationResult<Label>> {
  const id = text(shipment.id, 100);
  const rate = rateOf(shipment, wanted);
  if (id === undefined) return unreadable(false);
  if (rate === undefined) return notOffered(shipment, wanted);
  const path = `/v2/shipments/${encodeURIComponent(id)}/buy`;
  const response = await sendEasypost(call, { method: 'POST', path, json: { rate: { id: rate } } });
  const refused = refusal(response, call, true);
  if (refused !== undefined) return refused;
  const bought = labelOf(object(response.json()));
  return bought === undefined ? unreadable(true) : ok(bought);
}

function notOffered(shipment: Json, { service, carrier }: LabelInput): Refusal {
  const reasons = objects(shipment.messages).flatMap((item) => text(item.message, 300) ?? []);
  const what = carrier === undefined ? service : `${carrier} ${service}`;
  const message = `${what} is not offered by one carrier: ${reasons.join('; ') || 'no such rate'}`;
  return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message };
}

const ok = (bought: Label) => ({
  outcome: 'ok' as const,
  output: bought,
  confirmed: true,
  reference: bought.trackingNumber,
});

/**
 * https://docs.easypost.com/docs/shipments: rates and buys. EasyPost takes no idempotency key and allows a reference twice, so the shipment
 * under our reference is looked for before another is made: a label that an earlier, unanswered call bought is adopted, never bought again.
 */
export const createLabel = operation<LabelInput, Label>({
  id: 'createLabel',
  title: 'Buy a label',
  description: 'Buys a label for a carrier and service; looks up what exists before it buys.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: contract.output,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const existing = await findShipment(call);
    const bought = labelOf(existing);
    if (bought !== undefined) return ok(bought);
    const shipment = existing ?? (await createShipment(wanted, call));
    return isRefusal(shipment) ? shipment : buy(shipment, wanted, call);
  },
  async lookUp(_wanted, call) {
    const bought = labelOf(await findShipment(call));
    return bought === undefined
      ? { found: false }
      : { found: true, output: bought, confirmed: true, reference: bought.trackingNumber };
  },
});
