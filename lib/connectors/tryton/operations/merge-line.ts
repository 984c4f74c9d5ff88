import { z } from 'zod';
import { notFoundOrThrow, type Refusal, stateChanged } from '../../kit/change';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { lineMerge, ownNumber } from '../../kit/contracts/erp-own';
import { plainDecimal, sameDecimal } from '../../kit/decimal';
import { quietly } from '../../kit/outbound';
import * as fields from '../fields';
import { askedMove, didNothing, press, setMoveQuantity, shelved } from '../moves';
import { type LineOfSale, type Move, openMoves, readLine } from '../sales';

const input = lineMerge(fields, {
  what: 'move',
  later: ownNumber('Id of the move that goes away, as splitLine named it'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  schedule: z.string().describe('Move that remains'),
  quantity: z.string(),
});
type Output = z.infer<typeof output>;

function movesOf({ line }: LineOfSale, wanted: Input) {
  const moves = openMoves(line);
  const later = moves.find(({ id }) => String(id) === wanted.laterLine);
  return {
    later,
    remaining: askedMove(
      moves.filter((move) => move !== later),
      wanted.schedule,
    ),
  };
}

const outputOf = (wanted: Input, remaining: Move): Output => ({
  order: wanted.order,
  line: wanted.line,
  schedule: String(remaining.id),
  quantity: plainDecimal(wanted.quantity) ?? wanted.quantity,
});

/** Deletes the shipment that holds nothing but the rest; Tryton cancels it on the way. */
async function removeRest(call: CallContext, later: Move): Promise<Refusal | undefined> {
  const shipped = await shelved(call, later);
  if (!shipped.ok) return shipped.refusal;
  const { shipment } = shipped;
  const others = shipment['outgoing_moves.'].filter(
    ({ id, state }) => id !== later.id && state !== 'cancelled',
  );
  if (others.length > 0)
    return stateChanged(`shipment ${shipment.number ?? shipment.id} holds ${others.length} other moves`);
  return press(call, 'stock.shipment.out', 'delete', shipment.id);
}

/** The remaining move is raised first: when the rest goes away while it is missing, Tryton plans it again at once. */
async function merge(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const read = await readLine(call, wanted);
  if (!read.ok) return read.refusal;
  const { later, remaining } = movesOf(read.state, wanted);
  if (remaining === undefined)
    return stateChanged(`line ${wanted.line} has no move that could take the rest: decide again`);
  const raised = sameDecimal(remaining.quantity, wanted.quantity);
  if (!raised && !sameDecimal(remaining.quantity, wanted.keptQuantity))
    return stateChanged(
      `move ${remaining.id} is for ${remaining.quantity}, not ${wanted.keptQuantity}: decide again`,
    );
  const refused = await setMoveQuantity(call, remaining, wanted.quantity);
  if (refused !== undefined) return refused;
  if (later !== undefined) {
    const removed = await removeRest(call, later);
    if (removed !== undefined) return removed;
  }
  const after = await quietly(() => readLine(call, wanted));
  if (after?.ok !== true) return { outcome: 'ok', output: outputOf(wanted, remaining), confirmed: false };
  const shown = movesOf(after.state, wanted);
  if (shown.later !== undefined) return didNothing('still plans the rest');
  const confirmed = shown.remaining !== undefined && sameDecimal(shown.remaining.quantity, wanted.quantity);
  return { outcome: 'ok', output: outputOf(wanted, remaining), confirmed };
}

/** `stock.move.write`, then `stock.shipment.out.delete` of the rest: takes a split back. */
export const mergeLine = operation<Input, Output>({
  id: 'mergeLine',
  title: 'Merge line',
  description: 'Takes a split back: the rest leaves with the first part again.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.order}/${wanted.line}/${wanted.schedule ?? 'first'}/merge`,
  send: merge,
  async lookUp(wanted, call) {
    const read = await readLine(call, wanted);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    const { later, remaining } = movesOf(read.state, wanted);
    if (later !== undefined || remaining === undefined) return { found: false };
    if (!sameDecimal(remaining.quantity, wanted.quantity)) return { found: false };
    return { found: true, output: outputOf(wanted, remaining), confirmed: true };
  },
});
