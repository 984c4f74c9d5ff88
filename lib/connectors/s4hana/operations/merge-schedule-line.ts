import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { quietly } from '../../kit/outbound';
import { asked, notFoundOrThrow, readEntity, succeeded } from '../entity';
import { amount, item, salesOrder, scheduleLine } from '../fields';
import { refusalOf } from '../outcome';
import { changeQuantity, halfDone, lineNumbered, linePath, quantityOf, readLines } from '../schedule-lines';
import { type ScheduleLineEntity, scheduleLineEntity } from '../schema';
import { Session } from '../session';

const input = z.object({
  salesOrder,
  item,
  scheduleLine,
  removeScheduleLine: scheduleLine.describe('Schedule line that goes away'),
  keptQuantity: amount.describe('Quantity of the remaining schedule line now'),
  quantity: amount.describe('Quantity of the remaining schedule line afterwards'),
});
type Input = z.infer<typeof input>;
const output = z.object({ scheduleLine: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

function isMerged(lines: readonly ScheduleLineEntity[], wanted: Input): boolean {
  const remaining = lineNumbered(lines, wanted.scheduleLine);
  if (remaining === undefined || lineNumbered(lines, wanted.removeScheduleLine) !== undefined) return false;
  return sameDecimal(quantityOf(remaining), wanted.quantity);
}

async function remove(
  session: Session,
  wanted: Input,
  call: CallContext,
): Promise<OperationResult<Output> | undefined> {
  const path = linePath({ ...wanted, scheduleLine: wanted.removeScheduleLine });
  const read = await readEntity(session, path, scheduleLineEntity, call);
  if (!read.ok) return read.refusal;
  const response = await session.write('DELETE', path, undefined, read.entity.etag);
  if (!succeeded(response)) return refusalOf(response, asked(call, true));
  const after = await quietly(() => readLines(session, wanted, call));
  const gone = after?.ok === true && lineNumbered(after.lines, wanted.removeScheduleLine) === undefined;
  return gone ? undefined : halfDone('still shows the second schedule line');
}

async function merge(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const session = new Session(call, 'salesOrder');
  const read = await readLines(session, wanted, call);
  if (!read.ok) return read.refusal;
  const done = { scheduleLine: wanted.scheduleLine, quantity: wanted.quantity };
  if (isMerged(read.lines, wanted)) return { outcome: 'ok', output: done, confirmed: true };
  if (lineNumbered(read.lines, wanted.removeScheduleLine) !== undefined) {
    const refused = await remove(session, wanted, call);
    if (refused !== undefined) return refused;
  }
  const raised = await changeQuantity(wanted, wanted.keptQuantity, wanted.quantity, call);
  if (raised.outcome !== 'ok') return raised;
  return {
    outcome: 'ok',
    output: { scheduleLine: wanted.scheduleLine, quantity: raised.output },
    confirmed: raised.confirmed,
  };
}

/** `DELETE` of the second schedule line, then `PATCH` of the first: takes a split back. */
export const mergeScheduleLine = operation<Input, Output>({
  id: 'mergeScheduleLine',
  title: 'Merge schedule lines',
  description: 'Removes a schedule line and gives its quantity back to another one.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) =>
    `A_SalesOrderScheduleLine/${wanted.salesOrder}/${wanted.item}/${wanted.scheduleLine}/merge`,
  send: merge,
  async lookUp(wanted, call) {
    const read = await readLines(new Session(call, 'salesOrder'), wanted, call);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    if (!isMerged(read.lines, wanted)) return { found: false };
    return {
      found: true,
      output: { scheduleLine: wanted.scheduleLine, quantity: wanted.quantity },
      confirmed: true,
    };
  },
});
