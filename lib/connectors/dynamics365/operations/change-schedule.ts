import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { changeSchedule as contract } from '../../kit/contracts/erp';
import { type ScheduledValues, scheduleChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { type Line, patchLine, readLine, toNoon } from '../orders';

const input = scheduleChange(
  { ...fields, schedule: z.string().max(60).optional().describe('Not needed: a line has one date') },
  {
    what: 'line',
    date: 'Requested ship day',
    to: 'What it is to say',
  },
);
type Input = z.infer<typeof input>;
const { output } = contract;
type Output = z.infer<typeof output>;

const shows = (found: Line, wanted: ScheduledValues) =>
  sameDecimal(found.OrderedSalesQuantity ?? '', wanted.quantity) &&
  found.RequestedShippingDate === wanted.date;

function changeOf(wanted: Input, call: CallContext): Change<Line, Output> {
  const { from, to } = wanted;
  return {
    read: () => readLine(call, wanted),
    intended: (found) => shows(found, to),
    refuse: (found) =>
      shows(found, from)
        ? undefined
        : `line ${wanted.line} of ${wanted.order} changed since the decision: decide again`,
    write: (found) =>
      patchLine(call, found, {
        OrderedSalesQuantity: Number(to.quantity),
        RequestedShippingDate: toNoon(to.date),
      }),
    output: (_before, after) => ({
      order: wanted.order,
      line: wanted.line,
      schedule: after.InventoryLotId,
      quantity: after.OrderedSalesQuantity ?? '0',
      date: after.RequestedShippingDate ?? '',
    }),
  };
}

/** `PATCH` of `RequestedShippingDate` and `OrderedSalesQuantity` together, under the line's ETag. */
export const changeSchedule = operation<Input, Output>({
  id: 'changeSchedule',
  title: 'Change ship day',
  description:
    'Changes requested ship day and quantity of a line, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  rateLimitHeaders: ['retry-after'],
  input,
  output,
  target: (wanted) => `SalesOrderLines/${wanted.order}/${wanted.line}/schedule`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeSchedule',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
