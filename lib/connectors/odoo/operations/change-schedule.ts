import type { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read, stateChanged } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { changeSchedule as contract } from '../../kit/contracts/erp';
import { scheduleChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { othersIn, scheduleOn } from '../pickings';
import { isOpen, type Move, readLine } from '../records';

const input = scheduleChange(fields, {
  what: 'move',
  date: 'Scheduled day of the transfer',
  to: 'What it is to say; the same quantity, Odoo schedules transfers',
});
type Input = z.infer<typeof input>;
const { output } = contract;
type Output = z.infer<typeof output>;

interface Planned {
  move: Move;
  /** Other open moves of the same transfer: its day is theirs too. */
  others: number;
}

async function read(wanted: Input, call: CallContext): Promise<Read<Planned>> {
  const found = await readLine(call, wanted);
  if (!found.ok) return found;
  const open = found.state.moves.filter(isOpen);
  const move =
    wanted.schedule === undefined ? open[0] : open.find(({ id }) => String(id) === wanted.schedule);
  if (move?.picking_id === undefined)
    return {
      ok: false,
      refusal: stateChanged(`line ${wanted.line} has nothing scheduled to leave: decide again`),
    };
  const others = await othersIn(call, move.picking_id, move);
  return others.ok ? { ok: true, state: { move, others: others.state } } : others;
}

function refuse({ move, others }: Planned, { from, to }: Input): string | undefined {
  if (!sameDecimal(from.quantity, to.quantity))
    return 'Odoo schedules a whole move: use changeLineQuantity for its quantity';
  if (others > 0) return `the transfer of move ${move.id} holds ${others} other moves: its day is theirs too`;
  const same = sameDecimal(move.product_uom_qty, from.quantity) && move.date === from.date;
  return same ? undefined : `move ${move.id} changed since the decision: decide again`;
}

function changeOf(wanted: Input, call: CallContext): Change<Planned, Output> {
  const { to } = wanted;
  return {
    read: () => read(wanted, call),
    intended: ({ move }) => sameDecimal(move.product_uom_qty, to.quantity) && move.date === to.date,
    refuse: (state) => refuse(state, wanted),
    write: ({ move }) => scheduleOn(call, move.picking_id ?? { id: 0 }, to.date),
    output: (_before, { move }) => ({
      order: wanted.order,
      line: wanted.line,
      schedule: String(move.id),
      quantity: move.product_uom_qty,
      date: move.date ?? '',
    }),
  };
}

/** `stock.picking.write` of `scheduled_date`, which sets the date of its moves; a transfer with other moves is left alone. */
export const changeSchedule = operation<Input, Output>({
  id: 'changeSchedule',
  title: 'Change scheduled day',
  description: 'Moves what is scheduled to leave for a line to another day.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.order}/${wanted.line}/${wanted.schedule ?? 'first'}`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeSchedule',
    input: (wanted, done) => ({ ...wanted, schedule: done.schedule, from: wanted.to, to: wanted.from }),
  },
});
