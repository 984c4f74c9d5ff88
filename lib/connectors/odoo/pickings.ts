/** Buttons of the deliveries of a sales order: what they answer is no proof, their state afterwards is. */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { isOpen, type Move, movesOf, type Picking, pickingsOfOrder, readOrderNamed } from './records';
import { odoo } from './rpc';

export const isOpenPicking = ({ state }: Picking) => state !== 'done' && state !== 'cancel';

export async function pickingsOf(call: CallContext, orderNumber: string): Promise<Read<Picking[]>> {
  const order = await readOrderNamed(call, orderNumber);
  if (!order.ok) return order;
  const pickings = await pickingsOfOrder(call, order.state);
  if (!pickings.ok || pickings.state.length > 0) return pickings;
  const message = `sales order ${orderNumber} has no delivery in Odoo`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

export async function press(
  call: CallContext,
  method: 'action_assign' | 'do_unreserve' | 'action_cancel' | 'action_split_transfer',
  pickings: readonly Pick<Picking, 'id'>[],
): Promise<Refusal | undefined> {
  const ids = pickings.map(({ id }) => id);
  const pressed = await odoo(call, { model: 'stock.picking', method, ids, write: true }, z.unknown());
  return pressed.ok ? undefined : pressed.refusal;
}

/** Open moves of a transfer besides one: what is done to the transfer is done to them too. */
export async function othersIn(
  call: CallContext,
  picking: Pick<Picking, 'id'>,
  move: Pick<Move, 'id'>,
): Promise<Read<number>> {
  const together = await movesOf(call, [['picking_id', '=', picking.id]]);
  if (!together.ok) return together;
  return { ok: true, state: together.state.filter((one) => isOpen(one) && one.id !== move.id).length };
}

/** Moves a transfer to another day; noon keeps the day in every time zone between UTC-11 and UTC+11. */
export async function scheduleOn(
  call: CallContext,
  picking: Pick<Picking, 'id'>,
  day: string,
): Promise<Refusal | undefined> {
  const args = { vals: { scheduled_date: `${day} 12:00:00` } };
  const method = { model: 'stock.picking', method: 'write', ids: [picking.id], args, write: true };
  const written = await odoo(call, method, z.unknown());
  return written.ok ? undefined : written.refusal;
}

/** Brings one move to a quantity. */
export async function writeMove(
  call: CallContext,
  move: Pick<Move, 'id'>,
  vals: Readonly<Record<string, unknown>>,
): Promise<Refusal | undefined> {
  const method = { model: 'stock.move', method: 'write', ids: [move.id], args: { vals }, write: true };
  const written = await odoo(call, method, z.unknown());
  return written.ok ? undefined : written.refusal;
}
