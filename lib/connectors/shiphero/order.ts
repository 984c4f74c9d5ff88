/** Finding an order for the operations. */

import type { Refusal } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { type Json, object, text } from '../kit/text';
import { ask } from './client';
import { idOf, nodesOf } from './ids';

export type Found<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

const unresolved = (message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message },
});

export const holdFields =
  'holds { address_hold client_hold fraud_hold operator_hold payment_hold shipping_method_hold }';

const query = `query FindOrder($number: String!) {
  orders(order_number: $number) {
    request_id
    complexity
    data(first: 5) { edges { node { id order_number fulfillment_status ${holdFields} } } }
  }
}`;

export interface OrderView {
  id: string;
  status: string;
  /** Names of the holds that are on. */
  holds: ReadonlySet<string>;
}

export function viewOf(order: Json): OrderView {
  const on = Object.entries(object(order.holds) ?? {}).filter(([, active]) => active === true);
  return {
    id: idOf('Order', order.id) ?? '',
    status: text(order.fulfillment_status, 100) ?? '',
    holds: new Set(on.map(([name]) => name)),
  };
}

export const isCancelled = ({ status }: OrderView) => status === 'canceled';

/** An order by its number. Where a number was used again, the one that was not cancelled; between two of those nobody guesses. */
export async function findOrder(call: CallContext, orderNumber: string): Promise<Found<OrderView>> {
  const answer = await ask(call, query, { number: orderNumber });
  if (!answer.ok) return answer;
  const orders = nodesOf(object(answer.data.orders)?.data)
    .filter((order) => text(order.order_number, 200) === orderNumber)
    .map(viewOf);
  const open = orders.filter((order) => !isCancelled(order));
  const [only] = open.length > 0 ? open : orders;
  if (only === undefined) return unresolved(`ShipHero knows no order ${orderNumber}`);
  return open.length > 1 ? unresolved(`${orderNumber} names several orders`) : { ok: true, value: only };
}
