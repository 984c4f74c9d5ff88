import { z } from 'zod';
import { operation } from '../../kit/connector';
import { type Change, changeEntity, lookUpChange } from '../entity';
import { line, order } from '../fields';
import { itemPath, orderPath } from '../schedule-lines';
import { type SalesOrderItemEntity, salesOrderItemEntity } from '../schema';

const input = z.object({
  order,
  line,
  reason: z
    .string()
    .max(2)
    .describe('Rejection reason as customised in your system; empty takes a rejection back'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  rejected: z.boolean(),
  reason: z.string(),
  previousReason: z.string(),
});
type Output = z.infer<typeof output>;

function changeOf(wanted: Input): Change<SalesOrderItemEntity, Output> {
  const reason = (state: SalesOrderItemEntity) => state.SalesDocumentRjcnReason ?? '';
  return {
    service: 'salesOrder',
    path: itemPath(wanted),
    guardPath: orderPath(wanted),
    schema: salesOrderItemEntity,
    intended: (state) => reason(state) === wanted.reason,
    body: { SalesDocumentRjcnReason: wanted.reason },
    output: (before, after) => ({
      order: wanted.order,
      line: wanted.line,
      rejected: reason(after) !== '',
      reason: reason(after),
      previousReason: reason(before),
    }),
  };
}

/** `PATCH A_SalesOrderItem.SalesDocumentRjcnReason`: SAP never deletes an item that has follow-on documents, it rejects it. */
export const rejectLine = operation<Input, Output>({
  id: 'rejectLine',
  title: 'Reject line',
  description: 'Rejects an item of a sales order, so that the open rest is no longer delivered.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_SalesOrderItem/${wanted.order}/${wanted.line}/rejection`,
  send: (wanted, call) => changeEntity(changeOf(wanted), call),
  lookUp: (wanted, call) => lookUpChange(changeOf(wanted), call),
  undo: {
    operation: 'rejectLine',
    input: (wanted, done) => ({
      ...wanted,
      reason: done.previousReason === wanted.reason ? '' : done.previousReason,
    }),
  },
});
