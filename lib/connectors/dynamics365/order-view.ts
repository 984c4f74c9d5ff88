/** An order as readOrder and findOrder show it. */
import { z } from 'zod';
import { add } from '../kit/decimal';
import { type Header, type Line, stopOf } from './orders';

const scheduleView = z.object({
  schedule: z.string().describe('Lot id of the line'),
  quantity: z.string(),
  date: z.string().optional().describe('Requested ship day'),
  confirmedDate: z.string().optional().describe('Confirmed ship day'),
});
const lineView = z.object({
  line: z.string().describe('Lot id (InventoryLotId)'),
  item: z.string().optional(),
  quantity: z.string(),
  unit: z.string().optional(),
  location: z.string().optional().describe('Warehouse'),
  rejected: z.boolean().describe('True when the line is canceled'),
  status: z.string().optional().describe('Backorder (open), Delivered, Invoiced, Canceled'),
  schedules: z.array(scheduleView),
});
export const orderView = z.object({
  order: z.string(),
  customerAccount: z.string().optional(),
  customerReference: z.string().optional(),
  netAmount: z.string().optional().describe('Sum of the line amounts'),
  currency: z.string().optional(),
  requestedDate: z.string().optional().describe('Requested ship day'),
  status: z.string().optional().describe('SalesOrderStatus'),
  processingStatus: z.string().optional().describe('SalesOrderProcessingStatus'),
  deliveryBlock: z.string().describe('STOPPED while the order is not processed, else empty'),
  lines: z.array(lineView),
});

function lineOf(line: Line): z.infer<typeof lineView> {
  const { InventoryLotId: id, SalesOrderLineStatus: status, OrderedSalesQuantity: quantity = '0' } = line;
  const date = line.RequestedShippingDate;
  return {
    line: id,
    item: line.ItemNumber,
    quantity,
    unit: line.SalesUnitSymbol,
    location: line.ShippingWarehouseId,
    rejected: status === 'Canceled',
    status,
    schedules: [{ schedule: id, quantity, date, confirmedDate: line.ConfirmedShippingDate }],
  };
}

export function viewOf(header: Header, lines: readonly Line[]): z.infer<typeof orderView> {
  return {
    order: header.SalesOrderNumber,
    customerAccount: header.OrderingCustomerAccountNumber,
    customerReference: header.CustomersOrderReference,
    netAmount: lines.reduce<string>((sum, line) => add(sum, line.LineAmount ?? '0') ?? sum, '0'),
    currency: header.CurrencyCode,
    requestedDate: header.RequestedShippingDate,
    status: header.SalesOrderStatus,
    processingStatus: header.SalesOrderProcessingStatus,
    deliveryBlock: stopOf(header),
    lines: lines.map(lineOf),
  };
}
