import { z } from 'zod';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { type Line, linesOf, type Order, readOrderNumbered } from '../orders';

const input = z.object({ order });
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
const output = z.object({
  order: z.string(),
  customerAccount: z.string().optional().describe('Internal id of the customer'),
  customerReference: z.string().optional().describe('PO number of the customer'),
  netAmount: z.string().optional().describe('Subtotal'),
  currency: z.string().optional().describe('As NetSuite names it'),
  requestedDate: z.string().optional().describe('Ship day of the order'),
  shipComplete: z.boolean(),
  deliveryBlock: z.string().describe('Always empty: NetSuite has no blocks'),
  billingBlock: z.string().describe('Always empty: NetSuite has no blocks'),
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

const viewOf = (found: Order, number: string): z.infer<typeof output> => ({
  order: found.tranId ?? number,
  customerAccount: found.entity?.id,
  customerReference: found.otherRefNum,
  netAmount: found.subtotal,
  currency: found.currency?.name,
  requestedDate: found.shipDate,
  shipComplete: found.shipComplete,
  deliveryBlock: '',
  billingBlock: '',
  status: found.status?.name,
  lines: linesOf(found).map(lineOf),
});

/** `GET salesOrder?q=tranId IS ...`, then `GET salesOrder/{id}?expandSubResources=true`. */
export const readOrder = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readOrder',
  title: 'Read sales order',
  description: 'Reads a sales order with its lines and dates.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}`,
  async send(wanted, call) {
    const read = await readOrderNumbered(call, wanted.order);
    if (!read.ok) return read.refusal;
    const shown = viewOf(read.state, wanted.order);
    return { outcome: 'ok', output: shown, confirmed: true, reference: read.state.id };
  },
});
