import { z } from 'zod';
import { operation } from '../../kit/connector';
import { readEntity } from '../entity';
import { order } from '../fields';
import { orderOf, orderView } from '../order-view';
import { salesOrderEntity } from '../schema';
import { Session } from '../session';
import { key } from '../values';

const input = z.object({ order });

/** `GET A_SalesOrder` with items and schedule lines expanded. */
export const readOrder = operation<z.infer<typeof input>, z.infer<typeof orderView>>({
  id: 'readOrder',
  title: 'Read sales order',
  description: 'Reads a sales order with its items, schedule lines and blocks.',
  kind: 'erp',
  safety: 'read',
  input,
  output: orderView,
  target: (wanted) => `A_SalesOrder/${wanted.order}`,
  async send(wanted, call) {
    const path = `/A_SalesOrder(${key(wanted.order)})?$expand=to_Item,to_Item/to_ScheduleLine`;
    const read = await readEntity(new Session(call, 'salesOrder'), path, salesOrderEntity, call);
    if (!read.ok) return read.refusal;
    return {
      outcome: 'ok',
      output: orderOf(read.entity.state),
      confirmed: true,
      reference: read.entity.state.SalesOrder,
    };
  },
});
