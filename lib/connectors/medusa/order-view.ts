/** Finding an order for the operations. */
import type { CallContext } from '../kit/connector';
import { idText, type Json, object, text } from '../kit/text';
import { ask, encoded, type Found, unresolved } from './client';
import { objects } from './orders';

/** Everything the operations and the mapping read; `*` takes all of a relation (https://docs.medusajs.com/api/admin#select-fields). */
export const orderFields = encoded(
  [
    'id',
    'display_id',
    'status',
    'version',
    'currency_code',
    'total',
    'created_at',
    'updated_at',
    '*items',
    '*items.detail',
    '*fulfillments',
    '*fulfillments.items',
    '*fulfillments.labels',
  ].join(','),
);

/** By id (`order_...`), or by the number people see: that is searched for, and only an exact match is taken. */
export async function findOrder(call: CallContext, orderNumber: string): Promise<Found<Json>> {
  const name = orderNumber.replace(/^#/, '');
  if (name.startsWith('order_')) {
    const answer = await ask(call, `/admin/orders/${encoded(name)}?fields=${orderFields}`);
    const order = answer.ok ? object(answer.value.order) : undefined;
    if (!answer.ok) return answer;
    return order === undefined
      ? unresolved(`Medusa answered without the order ${name}`)
      : { ok: true, value: order };
  }
  const answer = await ask(call, `/admin/orders?q=${encoded(name)}&limit=20&fields=${orderFields}`);
  if (!answer.ok) return answer;
  const found = objects(answer.value.orders).filter(
    (order) => text(order.display_id, 40) === name || text(order.custom_display_id, 200) === name,
  );
  const [order] = found;
  if (order === undefined) return unresolved(`Medusa knows no order ${orderNumber}`);
  return found.length === 1 ? { ok: true, value: order } : unresolved(`${orderNumber} names several orders`);
}

export const idOf = (entity: Json) => idText(entity.id, 200) ?? '';
export const isCancelled = (order: Json) => order.status === 'canceled';
export const fulfillmentsOf = (order: Json) => objects(order.fulfillments, 500);
export const isSet = (moment: unknown) => moment !== undefined && moment !== null;
