import type { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read, stateChanged } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { changeSchedule as contract } from '../../kit/contracts/erp';
import { scheduleChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { askedMove, shelved } from '../moves';
import { setPlannedDay } from '../planned-day';
import { type Move, openMoves, readLine, type Shipment } from '../sales';

const input = scheduleChange(fields, {
  what: 'move',
  date: 'Planned day of the shipment',
  to: 'What it is to say; the same quantity: splitLine moves quantities',
});
type Input = z.infer<typeof input>;
const { output } = contract;
type Output = z.infer<typeof output>;

interface Planned {
  move: Move;
  shipment: Shipment;
}

async function read(wanted: Input, call: CallContext): Promise<Read<Planned>> {
  const found = await readLine(call, wanted);
  if (!found.ok) return found;
  const move = askedMove(openMoves(found.state.line), wanted.schedule);
  if (move === undefined)
    return {
      ok: false,
      refusal: stateChanged(`line ${wanted.line} has nothing planned to leave: decide again`),
    };
  const shipped = await shelved(call, move);
  return shipped.ok ? { ok: true, state: { move, shipment: shipped.shipment } } : shipped;
}

function refuse({ move }: Planned, { from, to }: Input): string | undefined {
  if (!sameDecimal(from.quantity, to.quantity))
    return 'Tryton plans a day for a shipment, not a quantity: use splitLine for a part';
  const same = sameDecimal(move.quantity, from.quantity) && move.planned_date === from.date;
  return same ? undefined : `move ${move.id} changed since the decision: decide again`;
}

function changeOf(wanted: Input, call: CallContext): Change<Planned, Output> {
  const { to } = wanted;
  return {
    read: () => read(wanted, call),
    intended: ({ move }) => sameDecimal(move.quantity, to.quantity) && move.planned_date === to.date,
    refuse: (state) => refuse(state, wanted),
    write: ({ shipment, move }) => setPlannedDay(call, shipment, move.id, to.date),
    output: (_before, { move }) => ({
      order: wanted.order,
      line: wanted.line,
      schedule: String(move.id),
      quantity: move.quantity,
      date: move.planned_date ?? '',
    }),
  };
}

/** `stock.shipment.out.write` of `planned_date`: the day belongs to the shipment, so a shipment with other moves is left alone. */
export const changeSchedule = operation<Input, Output>({
  id: 'changeSchedule',
  title: 'Change planned day',
  description: 'Moves what is planned to leave for a line to another day.',
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
