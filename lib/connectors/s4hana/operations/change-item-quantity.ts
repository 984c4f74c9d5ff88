import { z } from 'zod';
import { operation } from '../../kit/connector';
import { plainDecimal, sameDecimal } from '../../kit/decimal';
import { type Change, changeEntity, lookUpChange } from '../entity';
import { amount, item, salesOrder } from '../fields';
import { type SalesOrderItemEntity, salesOrderItemEntity } from '../schema';
import { key } from '../values';

const input = z.object({
  salesOrder,
  item,
  from: amount.describe(
    'Quantity the decision was made on: when the item says something else, nothing is changed',
  ),
  to: amount.describe('New quantity in the unit of the item'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  salesOrder: z.string(),
  item: z.string(),
  quantity: z.string().describe('Quantity after the change'),
});
type Output = z.infer<typeof output>;

function changeOf(wanted: Input): Change<SalesOrderItemEntity, Output> {
  const quantity = (state: SalesOrderItemEntity) => plainDecimal(state.RequestedQuantity ?? '') ?? '';
  return {
    service: 'salesOrder',
    path: `/A_SalesOrderItem(SalesOrder=${key(wanted.salesOrder)},SalesOrderItem=${key(wanted.item)})`,
    guardPath: `/A_SalesOrder(${key(wanted.salesOrder)})`,
    schema: salesOrderItemEntity,
    intended: (state) => sameDecimal(quantity(state), wanted.to),
    refuse: (state) =>
      sameDecimal(quantity(state), wanted.from)
        ? undefined
        : `item ${wanted.item} of order ${wanted.salesOrder} is for ${quantity(state)}, not ${wanted.from}: decide again`,
    body: { RequestedQuantity: wanted.to },
    output: (_before, after) => ({
      salesOrder: wanted.salesOrder,
      item: wanted.item,
      quantity: quantity(after),
    }),
  };
}

/** `PATCH A_SalesOrderItem.RequestedQuantity`, conditional on the quantity that was decided on. */
export const changeItemQuantity = operation<Input, Output>({
  id: 'changeItemQuantity',
  title: 'Change item quantity',
  description: 'Changes the ordered quantity of an item, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_SalesOrderItem/${wanted.salesOrder}/${wanted.item}/quantity`,
  send: (wanted, call) => changeEntity(changeOf(wanted), call),
  lookUp: (wanted, call) => lookUpChange(changeOf(wanted), call),
  undo: {
    operation: 'changeItemQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
