import { z } from 'zod';
import { postalAddress } from '../../kit/address';
import { lookUpUnanswered, type Refusal, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import type { HttpRequest, HttpResponse } from '../../kit/http';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { addressOf, easypostError, labelException, sendEasypost } from '../client';
import { carrierOf } from '../trackers';

const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const input = z.object({
  from: postalAddress,
  to: postalAddress,
  parcel: z.object({
    weightOz: decimal.describe('Ounces'),
    lengthIn: decimal.optional().describe('Inches'),
    widthIn: decimal.optional(),
    heightIn: decimal.optional(),
  }),
  carrier: z.string().min(1).max(60).describe('Carrier as EasyPost names it, e.g. USPS'),
  service: z.string().min(1).max(60).describe('Service as EasyPost names it, e.g. Priority'),
  order: z.string().max(100).optional().describe('Order the label is for'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  shipmentId: z.string(),
  trackingNumber: z.string(),
  carrier: z.string(),
  service: z.string(),
  rate: z.object({ amount: z.string(), currency: z.string() }).optional(),
  labelUrl: z.string().optional(),
});
type Output = z.infer<typeof output>;

/** Our reference on the EasyPost shipment, by which it is found again. */
const referenceOf = (call: CallContext) => `reroute-${call.idempotencyKey}`;

/** The bought label; undefined while the shipment is only rated. */
function boughtOf(shipment: Json | undefined): Output | undefined {
  const shipmentId = text(shipment?.id, 100);
  const trackingNumber = text(shipment?.tracking_code, 100);
  const label = object(shipment?.postage_label);
  if (shipmentId === undefined || trackingNumber === undefined || label === undefined) return undefined;
  const rate = object(shipment?.selected_rate);
  const amount = text(rate?.rate, 40);
  const labelUrl = text(label.label_url, 2000);
  return {
    shipmentId,
    trackingNumber,
    carrier: carrierOf(rate?.carrier),
    service: text(rate?.service, 60) ?? '',
    ...(amount === undefined ? {} : { rate: { amount, currency: text(rate?.currency, 3) ?? 'USD' } }),
    ...(labelUrl === undefined ? {} : { labelUrl }),
  };
}

/** `A Shipment can be retrieved by its id or reference` (https://docs.easypost.com/docs/shipments). */
async function findShipment(call: CallContext): Promise<Json | undefined> {
  const path = `/v2/shipments/${encodeURIComponent(referenceOf(call))}`;
  const response = await reading(() => sendEasypost(call, { method: 'GET', path }));
  if (response.status === 404) return undefined;
  const found = response.status === 200 ? object(response.json()) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('EasyPost', response);
}

function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  return refusalOf(response, call, { write, error: easypostError(response), exception: labelException });
}

const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));

/** Rating a shipment buys nothing, so a lost answer is simply tried again. */
async function createShipment(wanted: Input, call: CallContext): Promise<Json | Refusal> {
  const { weightOz, lengthIn, widthIn, heightIn } = wanted.parcel;
  const json = {
    shipment: {
      reference: referenceOf(call),
      from_address: addressOf(wanted.from),
      to_address: addressOf(wanted.to),
      parcel: {
        weight: Number(weightOz),
        length: number(lengthIn),
        width: number(widthIn),
        height: number(heightIn),
      },
      ...(wanted.order === undefined ? {} : { options: { print_custom_1: wanted.order } }),
    },
  };
  const request: HttpRequest = { method: 'POST', path: '/v2/shipments', json };
  const response = await reading(() => sendEasypost(call, request));
  return refusal(response, call, false) ?? object(response.json()) ?? unreadable(false);
}

const isRefusal = (value: Json | Refusal): value is Refusal => typeof value.outcome === 'string';

function rateOf(shipment: Json, wanted: Input): string | undefined {
  const rates = list(shipment.rates).map((rate) => object(rate));
  return text(
    rates.find((rate) => rate?.carrier === wanted.carrier && rate.service === wanted.service)?.id,
    100,
  );
}

async function buy(shipment: Json, wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const id = text(shipment.id, 100);
  const rate = rateOf(shipment, wanted);
  if (id === undefined) return unreadable(false);
  if (rate === undefined) {
    const reasons = list(shipment.messages).flatMap((item) => text(object(item)?.message, 300) ?? []);
    const message = `${wanted.carrier} ${wanted.service} is not offered: ${reasons.join('; ') || 'no such rate'}`;
    return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message };
  }
  const path = `/v2/shipments/${encodeURIComponent(id)}/buy`;
  const response = await sendEasypost(call, { method: 'POST', path, json: { rate: { id: rate } } });
  const refused = refusal(response, call, true);
  if (refused !== undefined) return refused;
  const bought = boughtOf(object(response.json()));
  return bought === undefined ? unreadable(true) : ok(bought);
}

const ok = (bought: Output) => ({
  outcome: 'ok' as const,
  output: bought,
  confirmed: true,
  reference: bought.trackingNumber,
});

/**
 * Rates and buys a label. EasyPost takes no idempotency key and allows a reference twice, so the shipment under our reference is
 * looked for before another is made: a label that an earlier, unanswered call bought is adopted, never bought again.
 */
export const buyLabel = operation<Input, Output>({
  id: 'buy-label',
  title: 'Buy a label',
  description: 'Buys a label for a carrier and service; looks up what exists before it buys.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input,
  output,
  target: ({ order, to }) => `label/${order ?? `${to.country}/${to.postalCode ?? to.city}`}`,
  undo: { operation: 'refund-label', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const existing = await findShipment(call);
    const bought = boughtOf(existing);
    if (bought !== undefined) return ok(bought);
    const shipment = existing ?? (await createShipment(wanted, call));
    return isRefusal(shipment) ? shipment : buy(shipment, wanted, call);
  },
  async lookUp(_wanted, call) {
    const bought = boughtOf(await findShipment(call));
    return bought === undefined
      ? { found: false }
      : { found: true, output: bought, confirmed: true, reference: bought.trackingNumber };
  },
});
