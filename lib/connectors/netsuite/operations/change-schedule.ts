import type { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { changeSchedule as contract } from '../../kit/contracts/erp';
import { type ScheduledValues, scheduleChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { type LineOfOrder, patchLines, readLine } from '../orders';

const input = scheduleChange(fields, {
  what: 'line',
  date: 'Expected ship day',
  to: 'What it is to say',
});
type Input = z.infer<typeof input>;
const { output } = contract;
type Output = z.infer<typeof output>;

const shows = ({ line: found }: LineOfOrder, wanted: ScheduledValues) =>
  sameDecimal(found.quantity ?? '', wanted.quantity) && found.expectedShipDate === wanted.date;

function changeOf(wanted: Input, call: CallContext): Change<LineOfOrder, Output> {
  const { from, to } = wanted;
  return {
    read: () => readLine(call, wanted),
    intended: (state) => shows(state, to),
    refuse: (state) =>
      shows(state, from)
        ? undefined
        : `line ${wanted.line} of ${wanted.order} changed since the decision: decide again`,
    write: (state) =>
      patchLines(call, state.order, [
        { line: state.line.line, quantity: Number(to.quantity), expectedShipDate: to.date },
      ]),
    output: (_before, { line: after }) => ({
      order: wanted.order,
      line: wanted.line,
      schedule: String(after.line),
      quantity: after.quantity ?? '0',
      date: after.expectedShipDate ?? '',
    }),
  };
}

/** `PATCH salesOrder` with the line's quantity and expected ship day together. */
export const changeSchedule = operation<Input, Output>({
  id: 'changeSchedule',
  title: 'Change ship day',
  description:
    'Changes expected ship day and quantity of a line, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}/${wanted.line}/schedule`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeSchedule',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
