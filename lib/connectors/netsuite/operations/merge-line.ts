import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineMerge } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { type Line, type LineOfOrder, linesOf, patchLines, readLine } from '../orders';

const input = lineMerge(fields, {
  what: 'line',
  later: fields.line.describe('Line that goes away, as splitLine named it'),
});
type Input = z.infer<typeof input>;
const output = z.object({ order: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

/** The line with the rest while it is open: a closed one ships no more. */
const openRest = ({ order: found }: LineOfOrder, wanted: Input): Line | undefined =>
  linesOf(found).find((one) => String(one.line) === wanted.laterLine && !one.isClosed);

function changeOf(wanted: Input, call: CallContext): Change<LineOfOrder, Output> {
  const quantity = (state: LineOfOrder) => state.line.quantity ?? '';
  return {
    read: () => readLine(call, wanted),
    intended: (state) =>
      openRest(state, wanted) === undefined && sameDecimal(quantity(state), wanted.quantity),
    refuse: (state) =>
      sameDecimal(quantity(state), wanted.keptQuantity) && openRest(state, wanted) !== undefined
        ? undefined
        : `line ${wanted.line} of ${wanted.order} is no longer split as it was: decide again`,
    write: (state) =>
      patchLines(call, state.order, [
        { line: state.line.line, quantity: Number(wanted.quantity) },
        { line: Number(wanted.laterLine), isClosed: true },
      ]),
    output: (_before, after) => ({ order: wanted.order, line: wanted.line, quantity: quantity(after) }),
  };
}

/** One `PATCH salesOrder` that raises the line and closes the one with the rest: NetSuite keeps closed lines. */
export const mergeLine = operation<Input, Output>({
  id: 'mergeLine',
  title: 'Merge line',
  description: 'Takes a split back: the rest is closed and leaves with the first line.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}/${wanted.line}/merge`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
});
