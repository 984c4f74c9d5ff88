import { z } from 'zod';
import { operation } from '../../kit/connector';
import { add } from '../../kit/decimal';
import { order } from '../fields';
import { type Header, type Line, readHeader, readLines } from '../orders';

const input = z.object({ order });
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
const output = z.object({
  order: z.string(),
  customerAccount: z.string().optional(),
  customerReference: z.string().optional(),
  netAmount: z.string().optional().describe('Sum of the line amounts'),
  currency: z.string().optional(),
  requestedDate: z.string().optional().describe('Requested ship day'),
  status: z.string().optional().describe('SalesOrderStatus'),
  processingStatus: z.string().optional().describe('SalesOrderProcessingStatus'),
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

function viewOf(header: Header, lines: readonly Line[]): z.infer<typeof output> {
  return {
    order: header.SalesOrderNumber,
    customerAccount: header.OrderingCustomerAccountNumber,
    customerReference: header.CustomersOrderReference,
    netAmount: lines.reduce<string>((sum, line) => add(sum, line.LineAmount ?? '0') ?? sum, '0'),
    currency: header.CurrencyCode,
    requestedDate: header.RequestedShippingDate,
    status: header.SalesOrderStatus,
    processingStatus: header.SalesOrderProcessingStatus,
    lines: lines.map(lineOf),
  };
}

/** `GET` of the header by its key and of its lines by a filter. */
export const readOrder = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readOrder',
  title: 'Read sales order',
  description: 'Reads a sales order with its lines and dates.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `SalesOrderHeaders/${wanted.order}`,
  async send(wanted, call) {
    const header = await readHeader(call, wanted.order);
    if (!header.ok) return header.refusal;
    const lines = await readLines(call, wanted.order);
    if (!lines.ok) return lines.refusal;
    const shown = viewOf(header.state, lines.state);
    return { outcome: 'ok', output: shown, confirmed: true, reference: wanted.order };
  },
});
