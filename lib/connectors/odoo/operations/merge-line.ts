import { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Refusal, stateChanged } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineMerge, ownNumber } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { othersIn, press, writeMove } from '../pickings';
import { isOpen } from '../records';
import { type Parts, readParts } from '../split';

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

const restOf = ({ moves }: Parts, wanted: Input) => moves.find(({ id }) => String(id) === wanted.laterLine);
const raised = ({ first }: Parts, wanted: Input) =>
  first !== undefined && sameDecimal(first.product_uom_qty, wanted.quantity);

function refuse(parts: Parts, wanted: Input): string | undefined {
  const { first } = parts;
  const rest = restOf(parts, wanted);
  if (rest !== undefined && !isOpen(rest)) return `move ${rest.id} is ${rest.state} already: decide again`;
  if (first === undefined) return `line ${wanted.line} has no move that could take the rest: decide again`;
  if (raised(parts, wanted) || sameDecimal(first.product_uom_qty, wanted.keptQuantity)) return undefined;
  return `move ${first.id} is for ${first.product_uom_qty}, not ${wanted.keptQuantity}: decide again`;
}

/** The remaining move is raised first: a rest that is gone while it is missing would be lost to the customer. */
async function write(parts: Parts, wanted: Input, call: CallContext): Promise<Refusal | undefined> {
  const rest = restOf(parts, wanted);
  if (rest?.picking_id !== undefined) {
    const others = await othersIn(call, rest.picking_id, rest);
    if (!others.ok) return others.refusal;
    if (others.state > 0)
      return stateChanged(`the transfer of move ${rest.id} holds ${others.state} other moves`);
  }
  if (parts.first !== undefined && !raised(parts, wanted)) {
    const refused = await writeMove(call, parts.first, { product_uom_qty: Number(wanted.quantity) });
    if (refused !== undefined) return refused;
  }
  return rest?.picking_id === undefined ? undefined : press(call, 'action_cancel', [rest.picking_id]);
}

function changeOf(wanted: Input, call: CallContext): Change<Parts, Output> {
  return {
    read: () => readParts(call, wanted, wanted.laterLine),
    intended: (parts) => raised(parts, wanted) && restOf(parts, wanted) === undefined,
    refuse: (parts) => refuse(parts, wanted),
    write: (parts) => write(parts, wanted, call),
    output: (before, after) => ({
      order: wanted.order,
      line: wanted.line,
      schedule: String((after.first ?? before.first)?.id ?? ''),
      quantity: (after.first ?? before.first)?.product_uom_qty ?? '0',
    }),
  };
}

/** `stock.move.write` of `product_uom_qty`, then `stock.picking.action_cancel` of the transfer that holds nothing but the rest. */
export const mergeLine = operation<Input, Output>({
  id: 'mergeLine',
  title: 'Merge line',
  description: 'Takes a split back: the rest leaves with the first part again.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.order}/${wanted.line}/${wanted.schedule ?? 'first'}/merge`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
});
