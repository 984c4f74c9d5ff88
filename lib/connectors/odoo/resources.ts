/** Messages and attachments of a sales order, found again by a mark of ours. */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { quietly } from '../kit/outbound';
import { type Order, readOrderNamed, searchRead } from './records';
import { type Method, odoo } from './rpc';

export interface Sought {
  order: string;
  model: 'mail.message' | 'ir.attachment';
  /** Finds the record among those of the order. */
  domain: readonly unknown[];
}

type No = { ok: false; refusal: Refusal };
type Found = { ok: true; id: string | undefined } | No;

/** `mail.message` names its owner by `model`, `ir.attachment` by `res_model`. */
const ownerField = { 'mail.message': 'model', 'ir.attachment': 'res_model' } as const;

async function search(call: CallContext, orderId: number, { model, domain }: Sought): Promise<Found> {
  const owner = [
    [ownerField[model], '=', 'sale.order'],
    ['res_id', '=', orderId],
  ];
  const args = { domain: [...owner, ...domain], limit: 1 };
  const found = await odoo(call, { model, method: 'search', args }, z.array(z.int()));
  if (!found.ok) return found;
  const [id] = found.value;
  return { ok: true, id: id === undefined ? undefined : String(id) };
}

export async function findResource(call: CallContext, sought: Sought): Promise<Found> {
  const order = await readOrderNamed(call, sought.order);
  return order.ok ? search(call, order.state.id, sought) : order;
}

/** Adds the record unless it is there, and reads it back. */
export async function addResource(
  call: CallContext,
  sought: Sought,
  method: (orderId: number) => Method,
): Promise<{ ok: true; id: string; confirmed: boolean } | No> {
  const order = await readOrderNamed(call, sought.order);
  if (!order.ok) return order;
  const before = await search(call, order.state.id, sought);
  if (!before.ok) return before;
  if (before.id !== undefined) return { ok: true, id: before.id, confirmed: true };
  const added = await odoo(call, { ...method(order.state.id), write: true }, z.unknown());
  if (!added.ok) return added;
  const after = await quietly(() => search(call, order.state.id, sought));
  const shown = after?.ok ? after.id : undefined;
  return { ok: true, id: shown ?? '', confirmed: shown !== undefined };
}

const message = z.looseObject({ body: z.union([z.string(), z.literal(false)]).nullish() });

/** Texts of the comments on an order, without their HTML, newest first. */
export async function notesOf(call: CallContext, order: Order): Promise<Read<string[]>> {
  const domain = [
    ['model', '=', 'sale.order'],
    ['res_id', '=', order.id],
    ['message_type', '=', 'comment'],
  ];
  const found = await searchRead(call, 'mail.message', domain, ['body'], message, mostNotes);
  if (!found.ok) return found;
  const texts = found.state.map(({ body }) => (body || '').replace(/<[^>]*>/g, ' ').trim());
  return { ok: true, state: texts.filter((text) => text !== '') };
}

const mostNotes = 200;
