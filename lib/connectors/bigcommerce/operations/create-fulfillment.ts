import type { z } from 'zod';
import { type CallContext, operation } from '../../kit/connector';
import { createFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { leftOf } from '../../kit/order-lines';
import { type Json, object, text } from '../../kit/text';
import { orderPath, rateLimitHeaders, readList, refusal, sendBigcommerce } from '../client';
import { idOf, linesOf } from '../orders';
import { carrierFields, readShipments, trackingOf } from '../shipments';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** Stands in the shipment's comments, by which it is found again. */
const referenceOf = (call: CallContext) => `reroute-${call.idempotencyKey.slice(0, 32)}`;

/** The shipment of an earlier send: under our reference, or under the same tracking number. */
function existing(shipments: readonly Json[], wanted: Input, call: CallContext): Json | undefined {
  const reference = referenceOf(call);
  return shipments.find(
    (shipment) =>
      text(shipment.comments, 2000)?.includes(reference) === true ||
      (wanted.trackingNumber !== undefined && trackingOf(shipment) === wanted.trackingNumber),
  );
}

interface Parcel {
  address: string;
  items: { order_product_id: number; quantity: number }[];
}

/** The items of one shipment; a sentence when the wanted lines are not there, shipped already, or for several addresses. */
function parcelOf(products: readonly Json[], wanted: Input): Parcel | string {
  const left = linesOf(products).map(({ lineId, ordered, fulfilled }) => ({
    lineId,
    quantity: Number(leftOf(ordered.value, fulfilled?.value ?? '0')),
  }));
  const taken =
    wanted.lines === undefined
      ? left.filter(({ quantity }) => quantity > 0)
      : wanted.lines.map(({ lineId, quantity }) => ({ lineId, quantity: Number(quantity.value) }));
  if (taken.length === 0) return 'nothing of the order is left to ship';
  for (const { lineId, quantity } of taken) {
    const open = left.find((line) => line.lineId === lineId)?.quantity ?? 0;
    if (!Number.isInteger(quantity) || quantity <= 0 || quantity > open)
      return `${quantity} of line ${lineId} cannot be shipped: ${open} are open`;
  }
  const ids = new Set(taken.map(({ lineId }) => lineId));
  const addresses = new Set(
    products.filter(({ id }) => ids.has(idOf(id) ?? '')).map((one) => idOf(one.order_address_id)),
  );
  const [address] = addresses;
  if (address === undefined || addresses.size > 1)
    return 'the lines go to several addresses: ship them one by one';
  return {
    address,
    items: taken.map(({ lineId, quantity }) => ({ order_product_id: Number(lineId), quantity })),
  };
}

const done = (orderNumber: string, shipment: Json) => {
  const fulfillmentId = idOf(shipment.id) ?? '';
  return {
    outcome: 'ok' as const,
    output: { orderNumber, fulfillmentId },
    confirmed: true,
    reference: fulfillmentId,
  };
};

/**
 * POST /v2/orders/{id}/shipments. BigCommerce takes no key: our reference stands in the comments. Whether the customer is told is set in
 * the store.
 */
export const createFulfillment = operation<Input, Output>({
  id: 'createFulfillment',
  title: 'Create shipment',
  description: 'Says that lines have left; a shipment under our reference or tracking number is adopted.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  undo: {
    operation: 'cancelFulfillment',
    input: ({ orderNumber }, { fulfillmentId }) => ({ orderNumber, fulfillmentId }),
  },
  target: ({ orderNumber, trackingNumber }) => `shipment/${orderNumber}/${trackingNumber ?? 'untracked'}`,
  async send(wanted, call) {
    const path = orderPath(wanted.orderNumber);
    if (!path.ok) return path.refusal;
    const shipments = await readShipments(call, wanted.orderNumber);
    if (!shipments.ok) return shipments.refusal;
    const adopted = existing(shipments.value, wanted, call);
    if (adopted !== undefined) return done(wanted.orderNumber, adopted);
    const products = await readList(call, `${path.value}/products?limit=250`);
    if (!products.ok) return products.refusal;
    const parcel = parcelOf(products.value, wanted);
    if (typeof parcel === 'string') return { outcome: 'fatal', message: parcel, vendorCode: 'NOT_OPEN' };
    const json = {
      order_address_id: Number(parcel.address),
      tracking_number: wanted.trackingNumber,
      tracking_link: wanted.trackingUrl,
      ...carrierFields(wanted.carrier),
      comments: referenceOf(call),
      items: parcel.items,
    };
    const response = await sendBigcommerce(call, { method: 'POST', path: `${path.value}/shipments`, json });
    const refused = refusal(response, call, true);
    if (refused !== undefined) return refused;
    const made = object(response.json());
    if (made === undefined || idOf(made.id) === undefined)
      return { outcome: 'unknown', message: 'BigCommerce answered without the shipment' };
    return done(wanted.orderNumber, made);
  },
  async lookUp(wanted, call) {
    const shipments = await readShipments(call, wanted.orderNumber);
    if (!shipments.ok) return notFoundOrThrow(shipments.refusal);
    const found = existing(shipments.value, wanted, call);
    if (found === undefined) return { found: false };
    const { output, confirmed, reference } = done(wanted.orderNumber, found);
    return { found: true, output, confirmed, reference };
  },
});
