import { z } from 'zod';
import { operation } from '../../kit/connector';
import { type ScheduledValues, scheduleChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import { type Change, changeEntity, lookUpChange, notFoundOrThrow } from '../entity';
import * as fields from '../fields';
import { scheduleOf, scheduleView } from '../order-view';
import { linePath, lineTarget, orderPath, scheduleNumberOf } from '../schedule-lines';
import { type ScheduleLineEntity, scheduleLineEntity } from '../schema';
import { Session } from '../session';
import { toDay, toODataDate } from '../values';

const input = scheduleChange(fields, {
  what: 'schedule line',
  date: 'Requested delivery day',
  to: 'What it is to say',
});
type Input = z.infer<typeof input>;
const output = scheduleView.extend({
  order: z.string(),
  line: z.string(),
  date: z.string().describe('Requested calendar day'),
});
type Output = z.infer<typeof output>;

function shows(found: ScheduleLineEntity, wanted: ScheduledValues): boolean {
  return (
    sameDecimal(found.ScheduleLineOrderQuantity ?? '', wanted.quantity) &&
    toDay(found.RequestedDeliveryDate) === wanted.date
  );
}

function changeOf(wanted: Input, number: string): Change<ScheduleLineEntity, Output> {
  const { order, line, from, to } = wanted;
  return {
    service: 'salesOrder',
    path: linePath({ order, line, schedule: number }),
    guardPath: orderPath(wanted),
    schema: scheduleLineEntity,
    intended: (found) => shows(found, to),
    refuse: (found) =>
      shows(found, from)
        ? undefined
        : `schedule line ${number} of item ${line} changed since the decision: decide again`,
    body: { ScheduleLineOrderQuantity: to.quantity, RequestedDeliveryDate: toODataDate(to.date) },
    output: (_before, after) => {
      const view = scheduleOf(after);
      return { order, line, ...view, date: view.date ?? '' };
    },
  };
}

/** `PATCH A_SalesOrderScheduleLine`: quantity and requested date together. */
export const changeSchedule = operation<Input, Output>({
  id: 'changeSchedule',
  title: 'Change schedule',
  description:
    'Changes quantity and requested date of a schedule line, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: lineTarget,
  async send(wanted, call) {
    const found = await scheduleNumberOf(new Session(call, 'salesOrder'), wanted, call);
    return found.ok ? changeEntity(changeOf(wanted, found.schedule), call) : found.refusal;
  },
  async lookUp(wanted, call) {
    const found = await scheduleNumberOf(new Session(call, 'salesOrder'), wanted, call);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    return lookUpChange(changeOf(wanted, found.schedule), call);
  },
  undo: {
    operation: 'changeSchedule',
    input: (wanted, done) => ({
      ...wanted,
      schedule: done.schedule,
      from: wanted.to,
      to: wanted.from,
    }),
  },
});
