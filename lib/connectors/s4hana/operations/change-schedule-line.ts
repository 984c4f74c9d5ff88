import { z } from 'zod';
import { operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { type Change, changeEntity, lookUpChange } from '../entity';
import { amount, day, item, salesOrder, scheduleLine } from '../fields';
import { scheduleLineOf, scheduleLineView } from '../order-view';
import { type ScheduleLineEntity, scheduleLineEntity } from '../schema';
import { key, toDay, toODataDate } from '../values';

const values = z.object({ quantity: amount, requestedDeliveryDate: day });
const input = z.object({
  salesOrder,
  item,
  scheduleLine,
  from: values.describe('What the schedule line says now: when it says something else, nothing is changed'),
  to: values.describe('What it is to say'),
});
type Input = z.infer<typeof input>;
type Output = z.infer<typeof scheduleLineView>;

function shows(line: ScheduleLineEntity, wanted: z.infer<typeof values>): boolean {
  return (
    sameDecimal(line.ScheduleLineOrderQuantity ?? '', wanted.quantity) &&
    toDay(line.RequestedDeliveryDate) === wanted.requestedDeliveryDate
  );
}

function changeOf(wanted: Input): Change<ScheduleLineEntity, Output> {
  const { to } = wanted;
  return {
    service: 'salesOrder',
    path: `/A_SalesOrderScheduleLine(SalesOrder=${key(wanted.salesOrder)},SalesOrderItem=${key(wanted.item)},ScheduleLine=${key(wanted.scheduleLine)})`,
    guardPath: `/A_SalesOrder(${key(wanted.salesOrder)})`,
    schema: scheduleLineEntity,
    intended: (line) => shows(line, to),
    refuse: (line) =>
      shows(line, wanted.from)
        ? undefined
        : `schedule line ${wanted.scheduleLine} of item ${wanted.item} changed since the decision: decide again`,
    body: {
      ScheduleLineOrderQuantity: to.quantity,
      RequestedDeliveryDate: toODataDate(to.requestedDeliveryDate),
    },
    output: (_before, after) => scheduleLineOf(after),
  };
}

/** `PATCH A_SalesOrderScheduleLine`: quantity and requested date together. */
export const changeScheduleLine = operation<Input, Output>({
  id: 'changeScheduleLine',
  title: 'Change schedule line',
  description:
    'Changes quantity and requested date of a schedule line, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output: scheduleLineView,
  target: (wanted) => `A_SalesOrderScheduleLine/${wanted.salesOrder}/${wanted.item}/${wanted.scheduleLine}`,
  send: (wanted, call) => changeEntity(changeOf(wanted), call),
  lookUp: (wanted, call) => lookUpChange(changeOf(wanted), call),
  undo: {
    operation: 'changeScheduleLine',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
