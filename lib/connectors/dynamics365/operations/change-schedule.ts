import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { amount, day, line, order } from '../fields';
import { type Line, patchLine, readLine, toNoon } from '../orders';

const values = z.object({ quantity: amount, date: day.describe('Requested ship day') });
const input = z.object({
  order,
  line,
  schedule: z.string().max(60).optional().describe('Not needed: a line has one date'),
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

const shows = (found: Line, wanted: z.infer<typeof values>) =>
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
