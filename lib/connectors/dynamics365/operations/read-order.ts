import { z } from 'zod';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { orderView as output, viewOf } from '../order-view';
import { readHeader, readLines } from '../orders';

const input = z.object({ order });
/** `GET` of the header by its key and of its lines by a filter. */
export const readOrder = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readOrder',
  title: 'Read sales order',
  description: 'Reads a sales order with its lines and dates.',
  kind: 'erp',
  safety: 'read',
  rateLimitHeaders: ['retry-after'],
  input,
  output,
  target: (wanted) => `SalesOrderHeaders/${wanted.order}`,
  async send(wanted, call) {
    const header = await readHeader(call, wanted.order);
    if (!header.ok) return header.refusal;
    const lines = await readLines(call, wanted.order);
    if (!lines.ok) return lines.refusal;
    const shown = viewOf(header.state, lines.state);
    return { outcome: 'ok', output: shown, confirmed: true, reference: wanted.order };
  },
});
