/** An order as readOrder and findOrder show it. */
import { z } from 'zod';
import type { NetsuiteSettings } from './manifest';
import { customField, type Line, linesOf, type Order } from './orders';

const lineView = z.object({
  line: z.string(),
  item: z.string().optional().describe('Name of the item'),
  quantity: z.string(),
  deliveredQuantity: z.string().optional(),
  unit: z.string().optional(),
  location: z.string().optional(),
  rejected: z.boolean().describe('True when the line is closed'),
  schedules: z.array(
    z.object({
      schedule: z.string(),
      quantity: z.string(),
      confirmedQuantity: z.string().optional().describe('Committed'),
      date: z.string().optional().describe('Expected ship day'),
    }),
  ),
});
export const orderView = z.object({
  order: z.string(),
  customerAccount: z.string().optional().describe('Internal id of the customer'),
  customerReference: z.string().optional().describe('PO number of the customer'),
  netAmount: z.string().optional().describe('Subtotal'),
  currency: z.string().optional().describe('As NetSuite names it'),
  requestedDate: z.string().optional().describe('Ship day of the order'),
  shipComplete: z.boolean(),
  deliveryBlock: z.string().describe('Of the custom field that the partner names; empty without one'),
  billingBlock: z.string().describe('Of the custom field that the partner names; empty without one'),
  status: z.string().optional().describe('e.g. Pending Fulfillment'),
  lines: z.array(lineView),
});

function lineOf(found: Line): z.infer<typeof lineView> {
  const number = String(found.line);
  const { quantity = '0', quantityCommitted: confirmedQuantity, expectedShipDate: date } = found;
  return {
    line: number,
    item: found.item?.name,
    quantity,
    deliveredQuantity: found.quantityFulfilled,
    unit: found.units?.name,
    location: found.location?.name,
    rejected: found.isClosed,
    schedules: [{ schedule: number, quantity, confirmedQuantity, date }],
  };
}

export const viewOf = (
  found: Order,
  number: string,
  { deliveryBlockField, billingBlockField }: NetsuiteSettings,
): z.infer<typeof orderView> => ({
  order: found.tranId ?? number,
  customerAccount: found.entity?.id,
  customerReference: found.otherRefNum,
  netAmount: found.subtotal,
  currency: found.currency?.name,
  requestedDate: found.shipDate,
  shipComplete: found.shipComplete,
  deliveryBlock: customField(found, deliveryBlockField),
  billingBlock: customField(found, billingBlockField),
  status: found.status?.name,
  lines: linesOf(found).map(lineOf),
});
