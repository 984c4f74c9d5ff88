import { z } from 'zod';
import { operation } from '../../kit/connector';
import { lineQuantityChange } from '../../kit/contracts/erp-own';
import { plainDecimal, sameDecimal } from '../../kit/decimal';
import { type Change, changeEntity, lookUpChange } from '../entity';
import * as fields from '../fields';
import { itemPath, orderPath } from '../schedule-lines';
import { type SalesOrderItemEntity, salesOrderItemEntity } from '../schema';

const input = lineQuantityChange(fields, { what: 'item' });
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  quantity: z.string().describe('Quantity after the change'),
});
type Output = z.infer<typeof output>;

function changeOf(wanted: Input): Change<SalesOrderItemEntity, Output> {
  const quantity = (state: SalesOrderItemEntity) => plainDecimal(state.RequestedQuantity ?? '') ?? '';
  return {
    service: 'salesOrder',
    path: itemPath(wanted),
    guardPath: orderPath(wanted),
    schema: salesOrderItemEntity,
    intended: (state) => sameDecimal(quantity(state), wanted.to),
    refuse: (state) =>
      sameDecimal(quantity(state), wanted.from)
        ? undefined
        : `item ${wanted.line} of order ${wanted.order} is for ${quantity(state)}, not ${wanted.from}: decide again`,
    body: { RequestedQuantity: wanted.to },
    output: (_before, after) => ({
      order: wanted.order,
      line: wanted.line,
      quantity: quantity(after),
    }),
  };
}

/** `PATCH A_SalesOrderItem.RequestedQuantity`, conditional on the quantity that was decided on. */
export const changeLineQuantity = operation<Input, Output>({
  id: 'changeLineQuantity',
  title: 'Change line quantity',
  description: 'Changes the ordered quantity of an item, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_SalesOrderItem/${wanted.order}/${wanted.line}/quantity`,
  send: (wanted, call) => changeEntity(changeOf(wanted), call),
  lookUp: (wanted, call) => lookUpChange(changeOf(wanted), call),
  undo: {
    operation: 'changeLineQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
