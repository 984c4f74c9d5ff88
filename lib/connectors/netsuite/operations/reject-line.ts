import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { line, order } from '../fields';
import { type LineOfOrder, patchLines, readLine } from '../orders';

const input = z.object({
  order,
  line,
  reason: z
    .string()
    .max(60)
    .describe('NetSuite keeps no reason: anything closes the line, empty opens it again'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  rejected: z.boolean().describe('True when the line is closed'),
  previousReason: z.string().describe('CLOSED when it was closed before, else empty'),
});
type Output = z.infer<typeof output>;

function changeOf(wanted: Input, call: CallContext): Change<LineOfOrder, Output> {
  const closed = wanted.reason !== '';
  return {
    read: () => readLine(call, wanted),
    intended: (state) => state.line.isClosed === closed,
    write: (state) => patchLines(call, state.order, [{ line: state.line.line, isClosed: closed }]),
    output: (before, after) => ({
      order: wanted.order,
      line: wanted.line,
      rejected: after.line.isClosed,
      previousReason: before.line.isClosed ? 'CLOSED' : '',
    }),
  };
}

/** `PATCH salesOrder` with `isClosed` of the line: what is open of it ships no more. */
export const rejectLine = operation<Input, Output>({
  id: 'rejectLine',
  title: 'Close line',
  description: 'Closes a line of a sales order, so that the open rest is no longer shipped.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}/${wanted.line}/rejection`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'rejectLine',
    input: (wanted, done) => ({
      ...wanted,
      reason: wanted.reason === '' ? 'CLOSED' : done.rejected ? '' : wanted.reason,
    }),
  },
});
