/** Notes and attachments of a sale: records of `ir.note` and `ir.attachment` whose `resource` is the sale. */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { quietly } from '../kit/outbound';
import { rpc } from './rpc';
import { readSale, type Sale } from './sales';

interface Sought {
  order: string;
  model: 'ir.note' | 'ir.attachment';
  /** Finds the record by our mark. */
  domain: readonly unknown[];
}

type No = { ok: false; refusal: Refusal };

const ids = z.array(z.int());

async function search(
  call: CallContext,
  saleId: number,
  { model, domain }: Sought,
): Promise<{ ok: true; id: string | undefined } | No> {
  const own = [['resource', '=', `sale.sale,${saleId}`], ...domain];
  const found = await rpc(call, `model.${model}.search`, [own, 0, 1, null], ids);
  if (!found.ok) return found;
  const [id] = found.value;
  return { ok: true, id: id === undefined ? undefined : String(id) };
}

/** The record with our mark, undefined when there is none. */
export async function findResource(
  call: CallContext,
  sought: Sought,
): Promise<{ ok: true; id: string | undefined } | No> {
  const sale = await readSale(call, sought.order);
  return sale.ok ? search(call, sale.state.id, sought) : sale;
}

/** Adds the record unless it is there, and reads it back. */
export async function addResource(
  call: CallContext,
  wanted: Sought & { values: Readonly<Record<string, unknown>> },
): Promise<{ ok: true; id: string; confirmed: boolean } | No> {
  const sale = await readSale(call, wanted.order);
  if (!sale.ok) return sale;
  const before = await search(call, sale.state.id, wanted);
  if (!before.ok) return before;
  if (before.id !== undefined) return { ok: true, id: before.id, confirmed: true };
  const record = { ...wanted.values, resource: `sale.sale,${sale.state.id}` };
  const created = await rpc(call, `model.${wanted.model}.create`, [[record]], ids.min(1), { write: true });
  if (!created.ok) return created;
  const id = String(created.value[0]);
  const after = await quietly(() => search(call, sale.state.id, wanted));
  return { ok: true, id, confirmed: after?.ok === true && after.id === id };
}

const note = z.looseObject({ message: z.string().nullish() });

/** Texts of the notes on a sale. */
export async function notesOf(call: CallContext, sale: Sale): Promise<Read<string[]>> {
  const args = [[['resource', '=', `sale.sale,${sale.id}`]], 0, mostNotes, null, ['message']];
  const found = await rpc(call, 'model.ir.note.search_read', args, z.array(note));
  return found.ok ? { ok: true, state: found.value.flatMap(({ message }) => message || []) } : found;
}

const mostNotes = 200;
