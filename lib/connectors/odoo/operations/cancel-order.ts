import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { isOpenPicking, pickingsOf, press } from '../pickings';
import type { Picking } from '../records';

const input = z.object({
  orderNumber: z.string().min(1).max(200).describe('Number of the sales order'),
  reason: z.string().max(500).optional().describe('Not sent: Odoo keeps none on a delivery'),
});
type Input = z.infer<typeof input>;
const output = z.object({ orderNumber: z.string(), cancelled: z.boolean() });
type Output = z.infer<typeof output>;

const isDone = ({ state }: Picking) => state === 'done';

function changeOf(wanted: Input, call: CallContext): Change<Picking[], Output> {
  return {
    read: () => pickingsOf(call, wanted.orderNumber),
    intended: (pickings) => pickings.every(({ state }) => state === 'cancel'),
    refuse: (pickings) =>
      pickings.some(isDone) ? `part of sales order ${wanted.orderNumber} has left already` : undefined,
    write: (pickings) => press(call, 'action_cancel', pickings.filter(isOpenPicking)),
    output: (_before, after) => ({
      orderNumber: wanted.orderNumber,
      cancelled: !after.some(isOpenPicking),
    }),
  };
}

/** `stock.picking.action_cancel` of the deliveries; the sales order itself stays as it is. */
export const cancelOrder = operation<Input, Output>({
  id: 'cancelOrder',
  title: 'Cancel deliveries',
  description: 'Cancels the deliveries of a sales order of which nothing has left.',
  kind: 'wms',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.picking/${wanted.orderNumber}/cancel`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
});
