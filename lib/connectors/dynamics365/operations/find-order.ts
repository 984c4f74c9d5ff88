import { z } from 'zod';
import type { Read } from '../../kit/change';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { type FindOrderInput, findOrderInput, oneOrNone, soughtOrder } from '../../kit/erp-find';
import { attachmentsOf } from '../attachments';
import { orderView, viewOf } from '../order-view';
import { findHeaders, type Header, readHeader, readLines } from '../orders';

const found = orderView.extend({ notes: z.array(z.string()).describe('Notes of the order') });
const output = z.object({
  orders: z.array(found).describe('Empty when there is none; several may share a customer reference'),
});
type Output = z.infer<typeof output>;

async function headersOf(
  { order, customerReference = '' }: FindOrderInput,
  call: CallContext,
): Promise<Read<Header[]>> {
  return order === undefined
    ? findHeaders(call, customerReference)
    : oneOrNone(await readHeader(call, order));
}

async function find(wanted: FindOrderInput, call: CallContext): Promise<OperationResult<Output>> {
  const headers = await headersOf(wanted, call);
  if (!headers.ok) return headers.refusal;
  const orders: Output['orders'] = [];
  for (const header of headers.state) {
    const lines = await readLines(call, header.SalesOrderNumber);
    if (!lines.ok) return lines.refusal;
    const attachments = await attachmentsOf(call, header.SalesOrderNumber);
    if (!attachments.ok) return attachments.refusal;
    const notes = attachments.state.flatMap(({ Notes: words }) => words || []);
    orders.push({ ...viewOf(header, lines.state), notes });
  }
  return { outcome: 'ok', output: { orders }, confirmed: true };
}

/** `GET SalesOrderHeadersV2` by key or by `CustomersOrderReference`, with lines and notes. */
export const findOrder = operation<FindOrderInput, Output>({
  id: 'findOrder',
  title: 'Find sales order',
  description: "Finds sales orders by their number or by the customer's own, with their notes.",
  kind: 'erp',
  safety: 'read',
  rateLimitHeaders: ['retry-after'],
  input: findOrderInput,
  output,
  target: (wanted) => `SalesOrderHeaders/${soughtOrder(wanted)}`,
  send: find,
});
