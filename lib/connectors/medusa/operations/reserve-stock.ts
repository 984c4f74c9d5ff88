import type { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { reserveStock as contract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import type { Json } from '../../kit/text';
import { type Found, tell } from '../client';
import { groupOf, readGroup } from '../reservations';
import { findItem, readLevels } from '../stock';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;
type Line = Input['lines'][number];

/** The stated location; without one the only location that has the item: between several nobody guesses. */
async function locationOf(line: Line, itemId: string, call: CallContext): Promise<Found<string>> {
  if (line.location !== undefined) return { ok: true, value: line.location };
  const levels = await readLevels(call, itemId);
  if (!levels.ok) return levels;
  const [level] = levels.value;
  if (level !== undefined && levels.value.length === 1) return { ok: true, value: level.location };
  const message = `${line.item} lies in ${levels.value.length} locations: say which one`;
  return { ok: false, refusal: { outcome: 'fatal', message, vendorCode: 'LOCATION' } };
}

/** A line of the order where its id is Medusa's; stock can be reserved without one. */
const lineItem = (lineId: string) => (lineId.startsWith('ordli_') ? { line_item_id: lineId } : {});

/** POST /admin/reservations for one line. `not_allowed` means that the stock does not suffice. */
async function reserve(line: Line, call: CallContext): Promise<Found<Json>> {
  const item = await findItem(call, line.item);
  if (!item.ok) return item;
  const location = await locationOf(line, item.value, call);
  if (!location.ok) return location;
  const json = {
    ...lineItem(line.lineId),
    inventory_item_id: item.value,
    location_id: location.value,
    quantity: Number(line.quantity.value),
    description: groupOf(call),
    metadata: { reroute_line: line.lineId },
  };
  return tell(
    call,
    { method: 'POST', path: '/admin/reservations', json },
    { not_allowed: 'INVENTORY_SHORT_PICK' },
  );
}

const lineOf = (reservation: Json) => (reservation.metadata as Json | null | undefined)?.reroute_line;

const missing = (wanted: Input, reservations: readonly Json[]) =>
  wanted.lines.filter(({ lineId }) => !reservations.some((one) => lineOf(one) === lineId));

/** Lines that were reserved before one was refused are given back, so that a refusal leaves nothing behind. */
async function giveBack(call: CallContext): Promise<void> {
  const group = await readGroup(call, groupOf(call));
  for (const { id } of group.ok ? group.value : [])
    await tell(call, { method: 'DELETE', path: `/admin/reservations/${encodeURIComponent(String(id))}` });
}

async function send(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const id = groupOf(call);
  const before = await readGroup(call, id);
  if (!before.ok) return before.refusal;
  for (const line of missing(wanted, before.value)) {
    const made = await reserve(line, call);
    if (made.ok) continue;
    const { outcome } = made.refusal;
    if (outcome === 'business' || outcome === 'fatal') await giveBack(call);
    return made.refusal;
  }
  const after = await readGroup(call, id);
  const confirmed = after.ok && missing(wanted, after.value).length === 0;
  return { outcome: 'ok', output: { id, state: 'RESERVED' }, confirmed, reference: id };
}

/** One reservation a line, held together by our reference. All lines or none. */
export const reserveStock = operation<Input, Output>({
  id: 'reserveStock',
  title: 'Reserve stock',
  description: 'Reserves every line or none; what an earlier try has reserved is kept, never reserved twice.',
  kind: 'wms',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  undo: { operation: 'releaseReservation', input: (_wanted, { id }) => ({ reservationId: id }) },
  target: ({ orderNumber }) => `reservation/${orderNumber}`,
  send,
  async lookUp(wanted, call) {
    const group = await readGroup(call, groupOf(call));
    if (!group.ok) return notFoundOrThrow(group.refusal);
    if (missing(wanted, group.value).length > 0) return { found: false };
    const id = groupOf(call);
    return { found: true, output: { id, state: 'RESERVED' }, confirmed: true, reference: id };
  },
});
