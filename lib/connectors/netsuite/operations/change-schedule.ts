import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { amount, day, line, order, schedule } from '../fields';
import { type LineOfOrder, patchLines, readLine } from '../orders';

const values = z.object({ quantity: amount, date: day.describe('Expected ship day') });
const input = z.object({
  order,
  line,
  schedule,
  from: values.describe('What the line says now: when it says something else, nothing is changed'),
  to: values.describe('What it is to say'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  schedule: z.string(),
  quantity: z.string(),
  date: z.string(),
});
type Output = z.infer<typeof output>;

const shows = ({ line: found }: LineOfOrder, wanted: z.infer<typeof values>) =>
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
