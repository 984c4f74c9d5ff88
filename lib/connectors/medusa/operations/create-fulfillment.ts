import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { createFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { leftOf, pieces } from '../../kit/order-lines';
import { type Json, object } from '../../kit/text';
import { encoded, type Found, tell } from '../client';
import { findOrder, fulfillmentsOf, idOf, isSet } from '../order-view';
import { objects } from '../orders';

const input = contract.input.extend({
  locationId: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Stock location it leaves from; the default one when empty'),
});
type Input = z.infer<typeof input>;
type Output = z.infer<typeof contract.output>;
interface Item {
  id: string;
  quantity: number;
}

/** Stands in the fulfilment's metadata, by which it is found again. */
const referenceOf = (call: CallContext) => call.idempotencyKey;

const ours = (order: Json, call: CallContext) =>
  fulfillmentsOf(order).find(
    (one) => object(one.metadata)?.reroute_key === referenceOf(call) && !isSet(one.canceled_at),
  );

/** What is not part of a fulfilment yet; a sentence when the wanted lines are not open. */
function itemsOf(order: Json, wanted: Input): Item[] | string {
  const open = new Map(
    objects(order.items).map((item) => {
      const detail = object(item.detail) ?? {};
      const ordered = pieces(detail.quantity ?? item.quantity)?.value ?? '0';
      return [idOf(item), Number(leftOf(ordered, pieces(detail.fulfilled_quantity)?.value ?? '0'))] as const;
    }),
  );
  const taken =
    wanted.lines === undefined
      ? [...open].map(([id, quantity]) => ({ id, quantity })).filter(({ quantity }) => quantity > 0)
      : wanted.lines.map(({ lineId, quantity }) => ({ id: lineId, quantity: Number(quantity.value) }));
  if (taken.length === 0) return 'nothing of the order is open for fulfilment';
  const bad = taken.find(({ id, quantity }) => !(quantity > 0) || quantity > (open.get(id) ?? 0));
  return bad === undefined ? taken : `${bad.quantity} of line ${bad.id} are not open for fulfilment`;
}

/** POST /admin/orders/{id}/fulfillments; answers the order. */
async function create(order: Json, items: Item[], wanted: Input, call: CallContext): Promise<Found<Json>> {
  return tell(call, {
    method: 'POST',
    path: `/admin/orders/${encoded(idOf(order))}/fulfillments`,
    json: {
      items,
      location_id: wanted.locationId,
      no_notification: !wanted.notifyCustomer,
      metadata: { reroute_key: referenceOf(call) },
    },
  });
}

/** POST /admin/orders/{id}/fulfillments/{id}/shipments: says that it has left, under its tracking number. */
async function ship(order: Json, fulfillment: Json, wanted: Input, call: CallContext): Promise<Found<Json>> {
  const items = objects(fulfillment.items).map((item) => ({
    id: item.line_item_id,
    quantity: item.quantity,
  }));
  const { trackingNumber, trackingUrl = '' } = wanted;
  return tell(call, {
    method: 'POST',
    path: `/admin/orders/${encoded(idOf(order))}/fulfillments/${encoded(idOf(fulfillment))}/shipments`,
    json: {
      items,
      ...(trackingNumber === undefined
        ? {}
        : { labels: [{ tracking_number: trackingNumber, tracking_url: trackingUrl, label_url: '' }] }),
      no_notification: !wanted.notifyCustomer,
    },
  });
}

const done = (orderNumber: string, fulfillment: Json) => ({
  outcome: 'ok' as const,
  output: { orderNumber, fulfillmentId: idOf(fulfillment) },
  confirmed: isSet(fulfillment.shipped_at),
  reference: idOf(fulfillment),
});

async function send(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const found = await findOrder(call, wanted.orderNumber);
  if (!found.ok) return found.refusal;
  const order = found.value;
  let made = ours(order, call);
  if (made === undefined) {
    const items = itemsOf(order, wanted);
    if (typeof items === 'string') return { outcome: 'fatal', message: items, vendorCode: 'NOT_OPEN' };
    const created = await create(order, items, wanted, call);
    if (!created.ok) return created.refusal;
    // The answer may leave out metadata: what it does not show is read.
    const read = await findOrder(call, idOf(order));
    made = read.ok ? ours(read.value, call) : undefined;
    if (made === undefined)
      return { outcome: 'unknown', message: 'Medusa does not show the fulfilment that it took' };
  }
  if (isSet(made.shipped_at)) return done(wanted.orderNumber, made);
  const shipped = await ship(order, made, wanted, call);
  if (!shipped.ok) return shipped.refusal;
  const read = await findOrder(call, idOf(order));
  return done(wanted.orderNumber, (read.ok ? ours(read.value, call) : undefined) ?? made);
}

/**
 * A fulfilment and its shipment: in Medusa the first takes the stock, the second says that it has left. Our key stands in the fulfilment's
 * metadata; one that was made but not shipped is shipped, never made again.
 */
export const createFulfillment = operation<Input, Output>({
  id: 'createFulfillment',
  title: 'Create fulfilment and shipment',
  description: 'Says that lines have left; what an earlier try has made is finished, never made twice.',
  kind: 'storefront',
  safety: 'reconcilable',
  input,
  output: contract.output,
  undo: {
    operation: 'cancelFulfillment',
    input: ({ orderNumber }, { fulfillmentId }) => ({ orderNumber, fulfillmentId }),
  },
  target: ({ orderNumber, trackingNumber }) => `fulfillment/${orderNumber}/${trackingNumber ?? 'untracked'}`,
  send,
  async lookUp(wanted, call) {
    const found = await findOrder(call, wanted.orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const made = ours(found.value, call);
    // Made and not shipped is not done: another send finishes it.
    if (made === undefined || !isSet(made.shipped_at)) return { found: false };
    const { output, confirmed, reference } = done(wanted.orderNumber, made);
    return { found: true, output, confirmed, reference };
  },
});
