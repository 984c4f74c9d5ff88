import { z } from 'zod';
import { quantity } from '../../../model/fact';
import { postalAddress } from '../../kit/address';
import { operation } from '../../kit/connector';
import { add } from '../../kit/decimal';
import type { Delivered } from '../../kit/edi/deliver';
import { sendDocument } from '../outgoing';
import { addressSegments, delivered, x12Date, x12Unit } from './segments';

const input = z.object({
  orderNumber: z.string().min(1).max(22).describe('Depositor order number'),
  purchaseOrder: z.string().max(22).optional(),
  action: z.enum(['NEW', 'CHANGE', 'CANCEL']).default('NEW').describe('W0501: original, change or cancel'),
  warehouse: z.object({
    name: z.string().min(1).max(60),
    id: z.string().min(2).max(80).describe("The warehouse's id as the depositor assigned it"),
  }),
  shipTo: postalAddress,
  shipOn: z.iso.date().optional().describe('Requested ship date'),
  deliverOn: z.iso.date().optional().describe('Requested delivery date'),
  lines: z
    .array(
      z.object({
        lineId: z.string().min(1).max(30),
        item: z.string().min(1).max(48),
        itemQualifier: z
          .string()
          .length(2)
          .default('SK')
          .describe('Element 235: SK is an SKU, VN the vendor number, UP a UPC'),
        quantity,
      }),
    )
    .min(1)
    .max(1000),
});
type Input = z.infer<typeof input>;

/** Element 473, as W0501 takes it. */
const actions = { NEW: 'N', CHANGE: 'R', CANCEL: 'F' } as const;

function segmentsOf(order: Input): string[][] {
  const { lines, shipOn, deliverOn } = order;
  const total = lines.reduce((sum, line) => add(sum, line.quantity.value) ?? sum, '0');
  return [
    ['W05', actions[order.action], order.orderNumber, order.purchaseOrder ?? ''],
    ['N1', 'WH', order.warehouse.name, '91', order.warehouse.id],
    ...addressSegments('ST', order.shipTo),
    ...(shipOn === undefined ? [] : [['G62', '10', x12Date(shipOn)]]),
    ...(deliverOn === undefined ? [] : [['G62', '02', x12Date(deliverOn)]]),
    ...lines.flatMap((line, at) => [
      ['LX', String(at + 1)],
      ['W01', line.quantity.value, x12Unit(line.quantity.uom), '', line.itemQualifier, line.item],
      ['N9', 'LI', line.lineId],
    ]),
    ['W76', total],
  ];
}

/** X12 004010 set 940, functional group OW: https://www.stedi.com/edi/x12-004010/940 */
export const sendShippingOrder = operation<Input, Delivered>({
  id: 'sendShippingOrder',
  title: 'Send a shipping order (940)',
  description: 'Tells a warehouse what to ship, or that an order is changed or cancelled.',
  kind: 'edi',
  safety: 'keyed',
  idempotencyHeader: 'idempotency-key',
  input: input as z.ZodType<Input>,
  output: delivered,
  target: ({ orderNumber }) => `940/${orderNumber}`,
  send: (order, call) => sendDocument({ type: '940', functionalId: 'OW', body: segmentsOf(order) }, call),
  undo: { operation: 'sendShippingOrder', input: (order) => ({ ...order, action: 'CANCEL' }) },
});
