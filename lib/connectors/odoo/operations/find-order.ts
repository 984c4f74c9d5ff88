import { z } from 'zod';
import type { Read } from '../../kit/change';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { type FindOrderInput, findOrderInput, oneOrNone, soughtOrder } from '../../kit/erp-find';
import { orderView, viewOf } from '../order-view';
import { type Order, ordersByReference, readOrderNamed } from '../records';
import { notesOf } from '../resources';

const output = z.object({
  orders: z
    .array(orderView.extend({ notes: z.array(z.string()) }))
    .describe('Empty when there is none; several may share a customer reference'),
});
type Output = z.infer<typeof output>;

const found = async (
  { order, customerReference = '' }: FindOrderInput,
  call: CallContext,
): Promise<Read<Order[]>> =>
  order === undefined
    ? ordersByReference(call, customerReference)
    : oneOrNone(await readOrderNamed(call, order));

async function find(wanted: FindOrderInput, call: CallContext): Promise<OperationResult<Output>> {
  const list = await found(wanted, call);
  if (!list.ok) return list.refusal;
  const orders: Output['orders'] = [];
  for (const order of list.state) {
    const shown = await viewOf(call, order);
    if (!shown.ok) return shown.refusal;
    const notes = await notesOf(call, order);
    if (!notes.ok) return notes.refusal;
    orders.push({ ...shown.state, notes: notes.state });
  }
  return { outcome: 'ok', output: { orders }, confirmed: true };
}

/** `search_read` of `sale.order` by `name` or `client_order_ref`, then what readOrder reads and the comments (`mail.message`). */
export const findOrder = operation<FindOrderInput, Output>({
  id: 'findOrder',
  title: 'Find sales order',
  description: "Finds sales orders by their number or by the customer's reference, with their notes.",
  kind: 'erp',
  safety: 'read',
  input: findOrderInput,
  output,
  target: (wanted) => `sale.order/${soughtOrder(wanted)}`,
  send: find,
});
