import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { lineMerge } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import { quietly } from '../../kit/outbound';
import { asked, notFoundOrThrow, readEntity, succeeded } from '../entity';
import * as fields from '../fields';
import { refusalOf } from '../outcome';
import {
  askedLine,
  changeQuantity,
  halfDone,
  lineNumbered,
  linePath,
  lineTarget,
  quantityOf,
  readLines,
} from '../schedule-lines';
import { type ScheduleLineEntity, scheduleLineEntity } from '../schema';
import { Session } from '../session';
import { sameNumber } from '../values';

const input = lineMerge(fields, {
  what: 'schedule line',
  later: fields.scheduleNumber.describe('Schedule line that goes away, as splitLine named it'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  schedule: z.string().describe('Schedule line that remains'),
  quantity: z.string(),
});
type Output = z.infer<typeof output>;

const outputOf = ({ order, line }: Input, schedule: string, quantity: string): Output => ({
  order,
  line,
  schedule,
  quantity,
});

/** The schedule line that remains, when the order shows the merge. */
function merged(lines: readonly ScheduleLineEntity[], wanted: Input): ScheduleLineEntity | undefined {
  const remaining = askedLine(lines, wanted);
  if (remaining === undefined || lineNumbered(lines, wanted.laterLine) !== undefined) return undefined;
  return sameDecimal(quantityOf(remaining), wanted.quantity) ? remaining : undefined;
}

async function remove(
  session: Session,
  wanted: Input,
  call: CallContext,
): Promise<OperationResult<Output> | undefined> {
  const path = linePath({ ...wanted, schedule: wanted.laterLine });
  const read = await readEntity(session, path, scheduleLineEntity, call);
  if (!read.ok) return read.refusal;
  const response = await session.write('DELETE', path, undefined, read.entity.etag);
  if (!succeeded(response)) return refusalOf(response, asked(call, true));
  const after = await quietly(() => readLines(session, wanted, call));
  const gone = after?.ok === true && lineNumbered(after.lines, wanted.laterLine) === undefined;
  return gone ? undefined : halfDone('still shows the second schedule line');
}

async function merge(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const session = new Session(call, 'salesOrder');
  const read = await readLines(session, wanted, call);
  if (!read.ok) return read.refusal;
  const done = merged(read.lines, wanted);
  if (done !== undefined)
    return {
      outcome: 'ok',
      output: outputOf(wanted, done.ScheduleLine, wanted.quantity),
      confirmed: true,
    };
  const remaining = askedLine(read.lines, wanted);
  if (remaining === undefined || sameNumber(remaining.ScheduleLine, wanted.laterLine)) {
    const message = `item ${wanted.line} has no schedule line that could take the rest: decide again`;
    return { outcome: 'fatal', message, vendorCode: 'STATE_CHANGED' };
  }
  if (lineNumbered(read.lines, wanted.laterLine) !== undefined) {
    const refused = await remove(session, wanted, call);
    if (refused !== undefined) return refused;
  }
  const line = { order: wanted.order, line: wanted.line, schedule: remaining.ScheduleLine };
  const raised = await changeQuantity(line, wanted.keptQuantity, wanted.quantity, call);
  if (raised.outcome !== 'ok') return raised;
  return {
    outcome: 'ok',
    output: outputOf(wanted, remaining.ScheduleLine, raised.output),
    confirmed: raised.confirmed,
  };
}

/** `DELETE` of the second schedule line, then `PATCH` of the first: takes a split back. */
export const mergeLine = operation<Input, Output>({
  id: 'mergeLine',
  title: 'Merge line',
  description: 'Removes a schedule line and gives its quantity back to another one.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `${lineTarget(wanted)}/merge`,
  send: merge,
  async lookUp(wanted, call) {
    const read = await readLines(new Session(call, 'salesOrder'), wanted, call);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    const done = merged(read.lines, wanted);
    if (done === undefined) return { found: false };
    return { found: true, output: outputOf(wanted, done.ScheduleLine, wanted.quantity), confirmed: true };
  },
});
