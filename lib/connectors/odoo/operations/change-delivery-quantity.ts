import { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { amount } from '../fields';
import { writeMove } from '../pickings';
import { isOpen, type Move, movesOf, readPicking } from '../records';

const input = z.object({
  delivery: z.string().min(1).max(60).describe('Number of the transfer, e.g. WH/OUT/00007'),
  line: z.string().min(1).max(60).describe('Id of the stock move, as readDelivery names it'),
  from: amount.describe(
    'Quantity the decision was made on: when the move says something else, nothing is changed',
  ),
  to: amount.describe('What this transfer brings; 0 leaves nothing of it'),
});
type Input = z.infer<typeof input>;
const output = z.object({ delivery: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

async function read({ delivery, line }: Input, call: CallContext): Promise<Read<Move>> {
  const picking = await readPicking(call, { name: delivery });
  if (!picking.ok) return picking;
  const moves = await movesOf(call, [['picking_id', '=', picking.state.id]]);
  if (!moves.ok) return moves;
  const move = moves.state.find(({ id }) => String(id) === line);
  if (move !== undefined) return { ok: true, state: move };
  const message = `transfer ${delivery} has no move ${line}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

function changeOf(wanted: Input, call: CallContext): Change<Move, Output> {
  const { delivery, line, from, to } = wanted;
  return {
    read: () => read(wanted, call),
    intended: (move) => sameDecimal(move.product_uom_qty, to),
    refuse(move) {
      if (!isOpen(move)) return `move ${line} is ${move.state} already: decide again`;
      const same = sameDecimal(move.product_uom_qty, from);
      return same ? undefined : `move ${line} is for ${move.product_uom_qty}, not ${from}: decide again`;
    },
    write: (move) => writeMove(call, move, { product_uom_qty: Number(to) }),
    output: (_before, move) => ({ delivery, line, quantity: move.product_uom_qty }),
  };
}

/** `stock.move.write` of `product_uom_qty`: the order line keeps its quantity, so what is missing then is its rest. */
export const changeDeliveryQuantity = operation<Input, Output>({
  id: 'changeDeliveryQuantity',
  title: 'Change transfer quantity',
  description: 'Changes what a delivery brings of a line, if it still is what was decided on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.delivery}/${wanted.line}/quantity`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeDeliveryQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
