import { z } from 'zod';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { type OrderView, orderView, viewOf } from '../order-view';
import { readOrderNamed } from '../records';

const input = z.object({ order });

/** `search_read` of `sale.order`, its lines, their moves and products. */
export const readOrder = operation<z.infer<typeof input>, OrderView>({
  id: 'readOrder',
  title: 'Read sales order',
  description: 'Reads a sales order with its lines and what is scheduled to leave when.',
  kind: 'erp',
  safety: 'read',
  input,
  output: orderView,
  target: (wanted) => `sale.order/${wanted.order}`,
  async send(wanted, call) {
    const found = await readOrderNamed(call, wanted.order);
    if (!found.ok) return found.refusal;
    const shown = await viewOf(call, found.state);
    if (!shown.ok) return shown.refusal;
    return { outcome: 'ok', output: shown.state, confirmed: true, reference: wanted.order };
  },
});
