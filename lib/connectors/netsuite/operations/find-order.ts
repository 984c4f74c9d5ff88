import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { type FindOrderInput, findOrderInput, oneOrNone, soughtOrder } from '../../kit/erp-find';
import { settingsOf } from '../manifest';
import { orderView, viewOf } from '../order-view';
import { ordersByReference, readOrderNumbered } from '../orders';

const output = z.object({
  orders: z
    .array(orderView.extend({ notes: z.array(z.string()).describe('The memo, where postNote writes') }))
    .describe('Empty when there is none; several may share a customer reference'),
});
type Output = z.infer<typeof output>;

async function find(
  { order, customerReference = '' }: FindOrderInput,
  call: CallContext,
): Promise<OperationResult<Output>> {
  const found =
    order === undefined
      ? await ordersByReference(call, customerReference)
      : oneOrNone(await readOrderNumbered(call, order));
  if (!found.ok) return found.refusal;
  const orders = found.state.map((one) => ({
    ...viewOf(one, order ?? one.id, settingsOf(call.settings)),
    notes: one.memo === undefined ? [] : [one.memo],
  }));
  return { outcome: 'ok', output: { orders }, confirmed: true };
}

/** `GET salesOrder?q=tranId IS ...` or `q=otherRefNum IS ...`, then each order with its lines. */
export const findOrder = operation<FindOrderInput, Output>({
  id: 'findOrder',
  title: 'Find sales order',
  description: "Finds sales orders by their number or by the customer's PO number, with their memo.",
  kind: 'erp',
  safety: 'read',
  input: findOrderInput,
  output,
  target: (wanted) => `salesOrder/${soughtOrder(wanted)}`,
  send: find,
});
