import { z } from 'zod';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { settingsOf } from '../manifest';
import { orderView as output, viewOf } from '../order-view';
import { readOrderNumbered } from '../orders';

const input = z.object({ order });
/** `GET salesOrder?q=tranId IS ...`, then `GET salesOrder/{id}?expandSubResources=true`. */
export const readOrder = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readOrder',
  title: 'Read sales order',
  description: 'Reads a sales order with its lines and dates.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}`,
  async send(wanted, call) {
    const read = await readOrderNumbered(call, wanted.order);
    if (!read.ok) return read.refusal;
    const shown = viewOf(read.state, wanted.order, settingsOf(call.settings));
    return { outcome: 'ok', output: shown, confirmed: true, reference: read.state.id };
  },
});
