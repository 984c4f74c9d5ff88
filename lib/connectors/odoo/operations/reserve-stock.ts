import { z } from 'zod';
import { quantity } from '../../../model/fact';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { isOpenPicking, pickingsOf, press } from '../pickings';
import type { Picking } from '../records';

const input = z.object({
  orderNumber: z.string().min(1).max(200).describe('Number of the sales order'),
  lines: z
    .array(
      z.object({
        lineId: z.string().min(1).max(100),
        item: z.string().min(1).max(200),
        quantity,
        location: z.string().max(200).optional(),
      }),
    )
    .min(1)
    .max(1000)
    .describe('Not sent: Odoo reserves what the deliveries of the order ask for'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  id: z.string().describe('Numbers of the deliveries, with commas; releaseReservation takes them'),
  state: z.string().describe('RESERVED when everything is'),
});
type Output = z.infer<typeof output>;

const outputOf = (pickings: readonly Picking[]): Output => {
  const open = pickings.filter(isOpenPicking);
  const reserved = open.every(({ state }) => state === 'assigned');
  return { id: open.map(({ name }) => name).join(','), state: reserved ? 'RESERVED' : 'SHORT' };
};

function changeOf(wanted: Input, call: CallContext): Change<Picking[], Output> {
  return {
    read: () => pickingsOf(call, wanted.orderNumber),
    intended: (pickings) => pickings.some(isOpenPicking) && outputOf(pickings).state === 'RESERVED',
    refuse: (pickings) =>
      pickings.some(isOpenPicking) ? undefined : `sales order ${wanted.orderNumber} has no open delivery`,
    write: (pickings) => press(call, 'action_assign', pickings.filter(isOpenPicking)),
    output: (_before, after) => outputOf(after),
  };
}

/** Odoo answers the button alike whether it found stock or not. */
async function reserve(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const result = await bringAbout(changeOf(wanted, call));
  if (result.outcome !== 'ok' || result.confirmed || result.output.state === 'RESERVED') return result;
  const message = `Odoo did not find all stock for sales order ${wanted.orderNumber}`;
  return { outcome: 'business', code: 'INVENTORY_SHORT_PICK', message };
}

/** `stock.picking.action_assign` of the open deliveries of an order. */
export const reserveStock = operation<Input, Output>({
  id: 'reserveStock',
  title: 'Reserve stock',
  description: 'Reserves what the open deliveries of a sales order ask for.',
  kind: 'wms',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.picking/${wanted.orderNumber}/reservation`,
  send: reserve,
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: { operation: 'releaseReservation', input: (_wanted, done) => ({ reservationId: done.id }) },
});
