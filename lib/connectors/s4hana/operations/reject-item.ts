import { z } from 'zod';
import { operation } from '../../kit/connector';
import { type Change, changeEntity, lookUpChange } from '../entity';
import { item, salesOrder } from '../fields';
import { type SalesOrderItemEntity, salesOrderItemEntity } from '../schema';
import { key } from '../values';

const input = z.object({
  salesOrder,
  item,
  reason: z
    .string()
    .max(2)
    .describe('Rejection reason as customised in your system; empty takes a rejection back'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  salesOrder: z.string(),
  item: z.string(),
  reason: z.string(),
  previousReason: z.string(),
});
type Output = z.infer<typeof output>;

function changeOf(wanted: Input): Change<SalesOrderItemEntity, Output> {
  const reason = (state: SalesOrderItemEntity) => state.SalesDocumentRjcnReason ?? '';
  return {
    service: 'salesOrder',
    path: `/A_SalesOrderItem(SalesOrder=${key(wanted.salesOrder)},SalesOrderItem=${key(wanted.item)})`,
    guardPath: `/A_SalesOrder(${key(wanted.salesOrder)})`,
    schema: salesOrderItemEntity,
    intended: (state) => reason(state) === wanted.reason,
    body: { SalesDocumentRjcnReason: wanted.reason },
    output: (before, after) => ({
      salesOrder: wanted.salesOrder,
      item: wanted.item,
      reason: reason(after),
      previousReason: reason(before),
    }),
  };
}

/** `PATCH A_SalesOrderItem.SalesDocumentRjcnReason`: SAP never deletes an item that has follow-on documents, it rejects it. */
export const rejectItem = operation<Input, Output>({
  id: 'rejectItem',
  title: 'Reject item',
  description: 'Rejects an item of a sales order, so that the open rest is no longer delivered.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_SalesOrderItem/${wanted.salesOrder}/${wanted.item}/rejection`,
  send: (wanted, call) => changeEntity(changeOf(wanted), call),
  lookUp: (wanted, call) => lookUpChange(changeOf(wanted), call),
  undo: {
    operation: 'rejectItem',
    input: (wanted, done) => ({
      ...wanted,
      reason: done.previousReason === wanted.reason ? '' : done.previousReason,
    }),
  },
});
