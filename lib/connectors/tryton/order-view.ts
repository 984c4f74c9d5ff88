/** A sale as readOrder and findOrder show it. */
import { z } from 'zod';
import { add } from '../kit/decimal';
import type { Line, Move, Sale } from './sales';

const scheduleView = z.object({
  schedule: z.string().describe('Id of the stock move; of the line where it has none'),
  quantity: z.string(),
  confirmedQuantity: z.string().optional().describe('What is assigned or has left'),
  date: z.string().optional().describe('Planned calendar day'),
  state: z.string().optional().describe('draft, assigned, done'),
});
const lineView = z.object({
  line: z.string().describe('Id of the sale line'),
  item: z.string().optional().describe('Product code'),
  quantity: z.string(),
  deliveredQuantity: z.string().optional(),
  unit: z.string().optional().describe('Symbol of the unit'),
  location: z.string().optional().describe('Code of the warehouse'),
  rejected: z.boolean().describe('Never true: Tryton rejects no lines'),
  schedules: z.array(scheduleView),
});
export const orderView = z.object({
  order: z.string(),
  customerAccount: z.string().optional().describe('Code of the party'),
  customerReference: z.string().optional(),
  netAmount: z.string().optional(),
  currency: z.string().optional(),
  requestedDate: z.string().optional(),
  shipComplete: z.boolean().describe('Never true: Tryton ships what there is'),
  deliveryBlock: z.string().describe('Always empty: Tryton has no blocks'),
  billingBlock: z.string().describe('Always empty: Tryton has no blocks'),
  state: z.string().describe('draft, quotation, confirmed, processing, done, cancelled'),
  shipmentMethod: z.string().describe('order, invoice or manual'),
  shipmentState: z.string().describe('none, waiting, sent, exception'),
  invoiceMethod: z.string().describe('order, shipment or manual'),
  invoiceState: z.string().describe('none, waiting, paid, exception'),
  lines: z.array(lineView),
});

/** Moves count only in the unit of the line: others would need Tryton's conversion. */
function deliveredOf({ unit, 'moves.': moves }: Line): string | undefined {
  const done = moves.filter(({ state }) => state === 'done');
  if (done.some(({ uom }) => uom !== unit)) return undefined;
  return done.reduce((sum, { quantity }) => add(sum, quantity) ?? sum, '0');
}

const scheduleOf = ({ id, quantity, state, planned_date: date }: Move) => ({
  schedule: String(id),
  quantity,
  confirmedQuantity: state === 'assigned' || state === 'done' ? quantity : '0',
  date,
  state,
});

function lineOf(line: Line): z.infer<typeof lineView> {
  const moves = line['moves.'].filter(({ state }) => state !== 'cancelled').sort((a, b) => a.id - b.id);
  const whole = { schedule: String(line.id), quantity: line.quantity, date: line.shipping_date };
  return {
    line: String(line.id),
    item: line['product.'],
    quantity: line.quantity,
    deliveredQuantity: deliveredOf(line),
    unit: line['unit.'],
    location: line['warehouse.'],
    rejected: false,
    schedules: moves.length === 0 ? [whole] : moves.map(scheduleOf),
  };
}

export function viewOf(sale: Sale, number: string): z.infer<typeof orderView> {
  return {
    order: number,
    customerAccount: sale['party.'],
    customerReference: sale.reference,
    netAmount: sale.untaxed_amount,
    currency: sale['currency.'],
    requestedDate: sale.shipping_date,
    shipComplete: false,
    deliveryBlock: '',
    billingBlock: '',
    state: sale.state,
    shipmentMethod: sale.shipment_method,
    shipmentState: sale.shipment_state,
    invoiceMethod: sale.invoice_method,
    invoiceState: sale.invoice_state,
    lines: sale['lines.'].filter(({ type }) => type === 'line').map(lineOf),
  };
}
