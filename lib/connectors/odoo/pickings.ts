/** Buttons of the deliveries of a sales order: what they answer is no proof, their state afterwards is. */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { type Picking, pickingsOfOrder, readOrderNamed } from './records';
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
  method: 'action_assign' | 'do_unreserve' | 'action_cancel',
  pickings: readonly Picking[],
): Promise<Refusal | undefined> {
  const ids = pickings.map(({ id }) => id);
  const pressed = await odoo(call, { model: 'stock.picking', method, ids, write: true }, z.unknown());
  return pressed.ok ? undefined : pressed.refusal;
}
