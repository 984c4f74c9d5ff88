/** Reading a fulfilment order for the operations. */
import { type Refusal, unreadable } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { leftOf, orderState } from '../kit/order-lines';
import { quietly, reading } from '../kit/outbound';
import { type Json, object, text } from '../kit/text';
import { orderPath, payloadOf, refusal, sendAmazon } from './client';
import { type ItemState, itemsOf } from './fulfillment-order';

export interface OrderView {
  id: string;
  /** Amazon's own word, e.g. `PLANNING`. */
  status: string;
  action: string | undefined;
  order: Json;
  items: ItemState[];
}

export type Found = { ok: true; value: OrderView } | { ok: false; refusal: Refusal };

/** getFulfillmentOrder */
export async function readFulfillmentOrder(call: CallContext, id: string): Promise<Found> {
  const response = await reading(() => sendAmazon(call, { method: 'GET', path: orderPath(id) }));
  const refused = refusal(response, call, false);
  if (refused !== undefined) return { ok: false, refusal: refused };
  const payload = payloadOf(response);
  const order = object(payload?.fulfillmentOrder);
  if (payload === undefined || order === undefined) return { ok: false, refusal: unreadable(false) };
  return {
    ok: true,
    value: {
      id,
      status: text(order.fulfillmentOrderStatus, 100) ?? '',
      action: text(order.fulfillmentAction, 20),
      order,
      items: itemsOf(payload),
    },
  };
}

/** The order after a change; undefined when it cannot be read: then only the confirmation is missing. */
export async function readBack(call: CallContext, id: string): Promise<OrderView | undefined> {
  const found = await quietly(() => readFulfillmentOrder(call, id));
  return found?.ok ? found.value : undefined;
}

/** What is still ordered: what was cancelled is not. */
export function linesOf({ items }: OrderView) {
  return items.map(({ lineId, item, ordered, fulfilled, missing }) => ({
    lineId,
    item,
    ordered: { value: leftOf(ordered.value, missing), uom: ordered.uom },
    ...(fulfilled === undefined ? {} : { fulfilled }),
  }));
}

export const isCancelled = (view: OrderView) => view.status.toUpperCase() === 'CANCELLED';

export function stateOf(view: OrderView) {
  const lines = linesOf(view);
  const nothingLeft = lines.length > 0 && lines.every(({ ordered }) => ordered.value === '0');
  return orderState(lines, nothingLeft || isCancelled(view));
}
