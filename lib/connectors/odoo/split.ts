/**
 * A line that leaves in two parts: two moves in two transfers. `action_split_transfer` (17 and later, addons/stock/models/stock_picking.py) leaves in a
 * transfer what is reserved and puts the rest into a transfer of its own; a move of which nothing is reserved would go along whole.
 */
import { z } from 'zod';
import type { Read } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { decimalOf, sameDecimal } from '../kit/decimal';
import { settingsOf } from './manifest';
import { othersIn } from './pickings';
import { isOpen, type Move, readLine, searchRead } from './records';

export interface Parts {
  /** Moves of the line that are not cancelled, oldest first; those that have left among them. */
  moves: Move[];
  /** What leaves as planned. */
  first: Move | undefined;
  /** Other open moves in its transfer. */
  others: number;
  /** Reserved of the first, decimal text. */
  reserved: string;
}

const reservedRecord = z.looseObject({
  id: z.int(),
  quantity: z
    .number()
    .nullish()
    .transform((value) => decimalOf(value ?? 0) ?? '0'),
});

/** @param besides a move that is not the first, e.g. the rest that is to be merged */
export async function readParts(
  call: CallContext,
  wanted: { order: string; line: string; schedule?: string | undefined },
  besides?: string,
): Promise<Read<Parts>> {
  const found = await readLine(call, wanted);
  if (!found.ok) return found;
  const { moves } = found.state;
  const candidates = moves.filter((move) => isOpen(move) && String(move.id) !== besides);
  const first =
    wanted.schedule === undefined
      ? candidates[0]
      : candidates.find(({ id }) => String(id) === wanted.schedule);
  if (first?.picking_id === undefined) return { ok: true, state: { moves, first, others: 0, reserved: '0' } };
  const others = await othersIn(call, first.picking_id, first);
  if (!others.ok) return others;
  const reserved = await reservedOf(call, first);
  return reserved.ok
    ? { ok: true, state: { moves, first, others: others.state, reserved: reserved.state } }
    : reserved;
}

async function reservedOf(call: CallContext, move: Move): Promise<Read<string>> {
  // Before 17 the field does not exist, and there is no split either.
  if (settingsOf(call.settings).version === '16') return { ok: true, state: '0' };
  const read = await searchRead(call, 'stock.move', [['id', '=', move.id]], ['quantity'], reservedRecord);
  return read.ok ? { ok: true, state: read.state[0]?.quantity ?? '0' } : read;
}

/** The move with the rest, in a transfer of its own. */
export function restIn({ moves, first }: Parts, quantity: string): Move | undefined {
  return moves.find(
    (move) =>
      move !== first &&
      move.picking_id?.id !== first?.picking_id?.id &&
      sameDecimal(move.product_uom_qty, quantity),
  );
}
