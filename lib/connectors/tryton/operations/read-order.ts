import { z } from 'zod';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { orderView as output, viewOf } from '../order-view';
import { readSale } from '../sales';

const input = z.object({ order });
/** `sale.sale.search_read` by number, lines and moves with it. */
export const readOrder = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readOrder',
  title: 'Read sale',
  description: 'Reads a sale with its lines and what is planned to leave when.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `sale.sale/${wanted.order}`,
  async send(wanted, call) {
    const read = await readSale(call, wanted.order);
    if (!read.ok) return read.refusal;
    const shown = viewOf(read.state, wanted.order);
    return { outcome: 'ok', output: shown, confirmed: true, reference: wanted.order };
  },
});
