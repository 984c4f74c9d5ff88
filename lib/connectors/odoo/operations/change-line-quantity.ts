import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineQuantityChange } from '../../kit/contracts/erp-own';
import { add, sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { writeMove } from '../pickings';
import { isOpen, type LineOfOrder, readLine } from '../records';
import { odoo } from '../rpc';

const input = lineQuantityChange(fields);
type Input = z.infer<typeof input>;
const output = z.object({ order: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

/** What is to leave in all: a confirmed line whose moves add up to something else ships that. */
const planned = ({ moves }: LineOfOrder) =>
  moves.reduce((sum, move) => add(sum, move.product_uom_qty) ?? sum, '0');

const lineSays = ({ line }: LineOfOrder, quantity: string) => sameDecimal(line.product_uom_qty, quantity);

function refuse(state: LineOfOrder, wanted: Input): string | undefined {
  // Half a change of ours: the line is lower, its move is not.
  if (lineSays(state, wanted.to) && sameDecimal(planned(state), wanted.from)) return undefined;
  if (!lineSays(state, wanted.from))
    return `line ${wanted.line} of ${wanted.order} is for ${state.line.product_uom_qty}, not ${wanted.from}: decide again`;
  if (state.order.state === 'cancel' || state.order.state === 'done')
    return `sales order ${wanted.order} is ${state.order.state}: its lines cannot be changed`;
  const open = state.moves.filter(isOpen);
  const lowers = Number(wanted.to) < Number(wanted.from);
  if (!lowers || state.moves.length === 0 || (open.length === 1 && state.moves.length === 1))
    return undefined;
  return `line ${wanted.line} leaves in ${state.moves.length} moves: which of them is to be smaller is for a person to say`;
}

/** Odoo plans more by itself when a confirmed line grows; when it shrinks the move stays as it is, so it is lowered too. */
async function write(state: LineOfOrder, wanted: Input, call: CallContext) {
  const vals = { vals: { product_uom_qty: Number(wanted.to) } };
  if (!lineSays(state, wanted.to)) {
    const ids = [state.line.id];
    const method = { model: 'sale.order.line', method: 'write', ids, args: vals, write: true };
    const written = await odoo(call, method, z.unknown());
    if (!written.ok) return written.refusal;
  }
  const [move] = state.moves.filter(isOpen);
  if (move === undefined || Number(wanted.to) > Number(move.product_uom_qty)) return undefined;
  return writeMove(call, move, vals.vals);
}

function changeOf(wanted: Input, call: CallContext): Change<LineOfOrder, Output> {
  return {
    read: () => readLine(call, wanted),
    intended: (state) =>
      lineSays(state, wanted.to) && (state.moves.length === 0 || sameDecimal(planned(state), wanted.to)),
    refuse: (state) => refuse(state, wanted),
    write: (state) => write(state, wanted, call),
    output: (_before, { line }) => ({
      order: wanted.order,
      line: wanted.line,
      quantity: line.product_uom_qty,
    }),
  };
}

/** `sale.order.line.write` of `product_uom_qty`, and of its move where the quantity shrinks. */
export const changeLineQuantity = operation<Input, Output>({
  id: 'changeLineQuantity',
  title: 'Change line quantity',
  description:
    'Changes the ordered quantity of a line and what leaves for it, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `sale.order.line/${wanted.order}/${wanted.line}/quantity`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeLineQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
