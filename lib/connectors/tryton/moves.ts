/**
 * Changing the quantity of a move whose goods are still on the shelf. The floor works by inventory moves (shelf -> dock), which Tryton
 * derives from the outgoing ones when a shipment is made to wait again; so every change ends with `wait`, and with `assign_try` where the
 * shipment was assigned (trytond modules/stock/shipment.py).
 */
import { z } from 'zod';
import { halfDone, type Refusal, stateChanged } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { add, sameDecimal } from '../kit/decimal';
import { rpc } from './rpc';
import {
  type LineOfSale,
  type Move,
  openMoves,
  readLine,
  readShipment,
  type Shipment,
  shipmentIdOf,
} from './sales';

/** What a button answers is no proof: Tryton answers `null` also to a transition that it passed over. */
const anything = z.unknown();

const changeable: readonly string[] = ['draft', 'waiting', 'assigned'];

export function askedMove(moves: readonly Move[], schedule: string | undefined): Move | undefined {
  return schedule === undefined ? moves[0] : moves.find(({ id }) => String(id) === schedule);
}

/** Presses a button of a model. */
export async function press(
  call: CallContext,
  model: string,
  button: string,
  id: number,
): Promise<Refusal | undefined> {
  const answer = await rpc(call, `model.${model}.${button}`, [[id]], anything, { write: true });
  return answer.ok ? undefined : answer.refusal;
}

/** The shipment of a move, when its goods are still on the shelf. */
export async function shelved(
  call: CallContext,
  move: Move,
): Promise<{ ok: true; shipment: Shipment } | { ok: false; refusal: Refusal }> {
  const id = shipmentIdOf(move);
  if (id === undefined) return { ok: false, refusal: stateChanged(`move ${move.id} belongs to no shipment`) };
  const read = await readShipment(call, { id });
  if (!read.ok) return read;
  const { state } = read.state;
  if (changeable.includes(state)) return { ok: true, shipment: read.state };
  const refusal = stateChanged(`the shipment of move ${move.id} is ${state} already: decide again`);
  return { ok: false, refusal };
}

/** Brings one move to a quantity and lets the floor's moves follow; each step is taken only when it does not show yet. */
export async function setMoveQuantity(
  call: CallContext,
  move: Move,
  to: string,
): Promise<Refusal | undefined> {
  const read = await shelved(call, move);
  if (!read.ok) return read.refusal;
  const { shipment } = read;
  if (!sameDecimal(move.quantity, to)) {
    const written = await rpc(
      call,
      'model.stock.move.write',
      [[move.id], { quantity: Number(to) }],
      anything,
      { write: true, timestamps: { [`stock.move,${move.id}`]: move._timestamp } },
    );
    if (!written.ok) return written.refusal;
  }
  return followOnFloor(call, shipment, move.id, to);
}

async function followOnFloor(
  call: CallContext,
  shipment: Shipment,
  moveId: number,
  quantity: string,
): Promise<Refusal | undefined> {
  if (shipment.state === 'draft' || follows(shipment, moveId, quantity)) return undefined;
  const refused = await press(call, 'stock.shipment.out', 'wait', shipment.id);
  if (refused !== undefined) return refused;
  if (shipment.state !== 'assigned') return undefined;
  // False where the shelf holds less than that: the shipment then waits, as it would for a person.
  return press(call, 'stock.shipment.out', 'assign_try', shipment.id);
}

/** True when the floor's moves of an outgoing move add up to a quantity. A warehouse whose shelf is the dock has none. */
export function follows(shipment: Shipment, moveId: number, quantity: string): boolean {
  const own = shipment['inventory_moves.'].filter(
    ({ origin, state }) => origin === `stock.move,${moveId}` && state !== 'cancelled',
  );
  const sum = own.reduce((total, one) => add(total, one.quantity) ?? total, '0');
  return sameDecimal(sum, quantity) || shipment['inventory_moves.'].length === 0;
}

/** The line as it is now, with its sale, after a change. */
export async function moveNow(
  call: CallContext,
  wanted: { order: string; line: string },
  id: number,
): Promise<{ ok: true; found: LineOfSale; move: Move | undefined } | { ok: false; refusal: Refusal }> {
  const read = await readLine(call, wanted);
  if (!read.ok) return read;
  return { ok: true, found: read.state, move: openMoves(read.state.line).find((one) => one.id === id) };
}

export const didNothing = (what: string) => halfDone(`Tryton accepted the change but ${what}`);
