/** Orders for the operations: found by the merchant's reference, or by ShipBob's own id. */
import type { CallContext } from '../kit/connector';
import { type Json, object, text } from '../kit/text';
import { ask, type Found } from './client';
import { idOf, objects } from './shipments';

const unknown = (
  orderNumber: string,
): { ok: false; refusal: { outcome: 'business'; code: 'IDENTIFIER_UNRESOLVED'; message: string } } => ({
  ok: false,
  refusal: {
    outcome: 'business',
    code: 'IDENTIFIER_UNRESOLVED',
    message: `ShipBob knows no order ${orderNumber}`,
  },
});

/** GET /order?ReferenceIds=, and for a number that is no reference GET /order/{orderId}. */
export async function findOrder(call: CallContext, orderNumber: string): Promise<Found<Json>> {
  const listed = await ask(call, `/order?ReferenceIds=${encodeURIComponent(orderNumber)}&Limit=2`);
  if (!listed.ok) return listed;
  const [order] = objects(listed.value).filter(
    ({ reference_id: reference }) => text(reference, 400) === orderNumber,
  );
  if (order !== undefined) return { ok: true, value: order };
  const id = idOf(orderNumber);
  if (id === undefined) return unknown(orderNumber);
  const single = await ask(call, `/order/${id}`);
  if (!single.ok) return single;
  const found = object(single.value);
  return found === undefined ? unknown(orderNumber) : { ok: true, value: found };
}

export interface ShipmentState {
  id: number;
  status: string;
}

export function shipmentsOf(order: Json): ShipmentState[] {
  return objects(order.shipments, 200).flatMap(({ id, status }) =>
    typeof id === 'number' ? [{ id, status: text(status, 60) ?? '' }] : [],
  );
}

/** What can still be kept from leaving. */
export const isOpen = ({ status }: ShipmentState) =>
  !['Completed', 'Cancelled', 'LabeledCreated'].includes(status);
export const isHeld = ({ status }: ShipmentState) => status === 'OnHold';

/** What the results of a bulk call say of those that failed; every shipment is judged by itself, in a 200. */
export function failures(answer: Json): string[] {
  return objects(answer.results ?? answer.canceled_shipment_results, 500)
    .filter((result) => result.is_success === false)
    .map((result) => text(result.reason, 300) ?? text(result.message, 300) ?? 'no reason is given');
}
