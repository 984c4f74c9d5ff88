import { z } from 'zod';
import type { Read } from '../../kit/change';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { type FindOrderInput, findOrderInput, oneOrNone, soughtOrder } from '../../kit/erp-find';
import { orderView, viewOf } from '../order-view';
import { notesOf } from '../resources';
import { readSale, type Sale, salesByReference } from '../sales';

const output = z.object({
  orders: z
    .array(orderView.extend({ notes: z.array(z.string()) }))
    .describe('Empty when there is none; several may share a customer reference'),
});
type Output = z.infer<typeof output>;

const found = async (
  { order, customerReference = '' }: FindOrderInput,
  call: CallContext,
): Promise<Read<Sale[]>> =>
  order === undefined ? salesByReference(call, customerReference) : oneOrNone(await readSale(call, order));

async function find(wanted: FindOrderInput, call: CallContext): Promise<OperationResult<Output>> {
  const list = await found(wanted, call);
  if (!list.ok) return list.refusal;
  const orders: Output['orders'] = [];
  for (const sale of list.state) {
    const notes = await notesOf(call, sale);
    if (!notes.ok) return notes.refusal;
    orders.push({ ...viewOf(sale, sale.number ?? wanted.order ?? ''), notes: notes.state });
  }
  return { outcome: 'ok', output: { orders }, confirmed: true };
}

/** `sale.sale.search_read` by number or `reference`, with the notes of each (`ir.note`). */
export const findOrder = operation<FindOrderInput, Output>({
  id: 'findOrder',
  title: 'Find sale',
  description: "Finds sales by their number or by the customer's reference, with their notes.",
  kind: 'erp',
  safety: 'read',
  input: findOrderInput,
  output,
  target: (wanted) => `sale.sale/${soughtOrder(wanted)}`,
  send: find,
});
