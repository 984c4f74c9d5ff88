import { z } from 'zod';
import { operation } from '../../kit/connector';
import { plainDecimal, sameDecimal } from '../../kit/decimal';
import { type Change, changeEntity, lookUpChange } from '../entity';
import { amount, line } from '../fields';
import { type DeliveryItemEntity, deliveryItemEntity } from '../schema';
import { key } from '../values';

const input = z.object({
  delivery: z
    .string()
    .regex(/^\d{1,10}$/)
    .describe('Outbound delivery number in SAP'),
  line: line.describe('Item of the delivery, e.g. 10'),
  from: amount.describe(
    'Quantity the decision was made on: when the item says something else, nothing is changed',
  ),
  to: amount.describe('What this delivery brings; 0 takes the item out of it'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  delivery: z.string(),
  line: z.string(),
  quantity: z.string().describe('Quantity after the change'),
});
type Output = z.infer<typeof output>;

function changeOf({ delivery, line, from, to }: Input): Change<DeliveryItemEntity, Output> {
  const quantityOf = (state: DeliveryItemEntity) => plainDecimal(state.ActualDeliveryQuantity ?? '') ?? '';
  return {
    service: 'delivery',
    path: `/A_OutbDeliveryItem(DeliveryDocument=${key(delivery)},DeliveryDocumentItem=${key(line)})`,
    guardPath: `/A_OutbDeliveryHeader(${key(delivery)})`,
    schema: deliveryItemEntity,
    intended: (state) => sameDecimal(quantityOf(state), to),
    refuse: (state) =>
      sameDecimal(quantityOf(state), from)
        ? undefined
        : `item ${line} of delivery ${delivery} is for ${quantityOf(state)}, not ${from}: decide again`,
    body: { ActualDeliveryQuantity: to },
    output: (_before, after) => ({ delivery, line, quantity: quantityOf(after) }),
  };
}

/** `PATCH A_OutbDeliveryItem.ActualDeliveryQuantity`, conditional on the quantity that was decided on. */
export const changeDeliveryQuantity = operation<Input, Output>({
  id: 'changeDeliveryQuantity',
  title: 'Change delivery quantity',
  description: 'Changes what an outbound delivery brings of an item, if it still is what was decided on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_OutbDeliveryItem/${wanted.delivery}/${wanted.line}/quantity`,
  send: (wanted, call) => changeEntity(changeOf(wanted), call),
  lookUp: (wanted, call) => lookUpChange(changeOf(wanted), call),
  undo: {
    operation: 'changeDeliveryQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
