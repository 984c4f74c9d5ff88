import type { z } from 'zod';
import { notFoundOrThrow, type Refusal, stateChanged } from '../../kit/change';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { lineSplit } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import { laterQuantity, splitDone, splitOutput, splitUndo } from '../../kit/line-split';
import { quietly } from '../../kit/outbound';
import * as fields from '../fields';
import { askedMove, didNothing, follows, press, setMoveQuantity, shelved } from '../moves';
import { setPlannedDay } from '../planned-day';
import { type LineOfSale, type Move, openMoves, readLine } from '../sales';

const input = lineSplit(fields, {
  what: 'move',
  keep: 'Quantity that leaves as planned; 0 backorders everything',
  later: 'Planned day of the rest',
});
type Input = z.infer<typeof input>;
const output = splitOutput('Move that leaves as planned', 'Move that holds the rest');
type Output = z.infer<typeof output>;

interface Progress {
  original: Move | undefined;
  kept: boolean;
  later: Move | undefined;
}

function progressOf({ line }: LineOfSale, wanted: Input): Progress {
  const moves = openMoves(line);
  const original = askedMove(moves, wanted.schedule);
  const rest = moves.filter((move) => move !== original && sameDecimal(move.quantity, laterQuantity(wanted)));
  return {
    original,
    kept: original !== undefined && sameDecimal(original.quantity, wanted.keepQuantity),
    later: rest.find((move) => move.planned_date === wanted.laterDate) ?? rest[0],
  };
}

function refuse({ sale }: LineOfSale, { original, kept }: Progress, wanted: Input): Refusal | undefined {
  if (sale.state !== 'processing')
    return stateChanged(`sale ${wanted.order} is ${sale.state}: Tryton splits what is being shipped`);
  if (sale.shipment_method !== 'order')
    return stateChanged(`sale ${wanted.order} ships by ${sale.shipment_method}: Tryton would plan no rest`);
  if (original === undefined) return stateChanged(`line ${wanted.line} has nothing planned to leave`);
  if (kept || sameDecimal(original.quantity, wanted.quantity)) return undefined;
  return stateChanged(
    `move ${original.id} is for ${original.quantity}, not ${wanted.quantity}: decide again`,
  );
}

/** Each step is taken only when Tryton does not show it yet: an interrupted split is finished, not repeated. */
async function split(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const read = await readLine(call, wanted);
  if (!read.ok) return read.refusal;
  const progress = progressOf(read.state, wanted);
  const { original } = progress;
  const refusal = refuse(read.state, progress, wanted);
  if (refusal !== undefined || original === undefined)
    return refusal ?? stateChanged(`line ${wanted.line} has nothing planned to leave`);
  const refused = await setMoveQuantity(call, original, wanted.keepQuantity);
  if (refused !== undefined) return refused;
  let later = progress.kept ? progress.later : undefined;
  if (later === undefined) {
    const pressed = await press(call, 'sale.sale', 'process', read.state.sale.id);
    if (pressed !== undefined) return pressed;
    const after = await readLine(call, wanted);
    later = after.ok ? progressOf(after.state, wanted).later : undefined;
    if (later === undefined) return didNothing('planned no rest for this line');
  }
  return dated(wanted, original, later, call);
}

async function dated(
  wanted: Input,
  original: Move,
  later: Move,
  call: CallContext,
): Promise<OperationResult<Output>> {
  if (later.planned_date !== wanted.laterDate) {
    const shipped = await shelved(call, later);
    if (!shipped.ok) return shipped.refusal;
    const refused = await setPlannedDay(call, shipped.shipment, later.id, wanted.laterDate);
    if (refused !== undefined) return refused;
  }
  const after = await quietly(() => readLine(call, wanted));
  const shown = after?.ok ? progressOf(after.state, wanted) : undefined;
  const confirmed = shown?.kept === true && shown.later?.planned_date === wanted.laterDate;
  return {
    outcome: 'ok',
    output: splitDone(wanted, String(original.id), String((shown?.later ?? later).id)),
    confirmed,
  };
}

/**
 * Lowers the outgoing move (`stock.move.write`), lets the floor's moves follow (`stock.shipment.out.wait`) and lets the sale plan the rest
 * (`sale.sale.process`), which Tryton does in a shipment of its own; then moves that shipment to its day.
 */
export const splitLine = operation<Input, Output>({
  id: 'splitLine',
  title: 'Split line',
  description:
    'Keeps part of what is planned to leave for a line and lets the rest follow in a shipment of its own.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.order}/${wanted.line}/${wanted.schedule ?? 'first'}/split`,
  send: split,
  async lookUp(wanted, call) {
    const read = await readLine(call, wanted);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    const { kept, later, original } = progressOf(read.state, wanted);
    if (!kept || original === undefined || later?.planned_date !== wanted.laterDate) return { found: false };
    const shipped = await shelved(call, original);
    if (shipped.ok && !follows(shipped.shipment, original.id, wanted.keepQuantity)) return { found: false };
    return { found: true, output: splitDone(wanted, String(original.id), String(later.id)), confirmed: true };
  },
  undo: splitUndo,
});
