/** An order as readOrder and findOrder show it. */
import { z } from 'zod';
import type { Read } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { decimalOf } from '../kit/decimal';
import { codesOf, type Line, linesOf, type Move, movesOf, type Order, standing } from './records';

const scheduleView = z.object({
  schedule: z.string().describe('Id of the stock move; of the line where it has none'),
  quantity: z.string(),
  confirmedQuantity: z.string().optional().describe('What is reserved or has left'),
  date: z.string().optional().describe('Scheduled calendar day, in UTC'),
  state: z.string().optional(),
});
const lineView = z.object({
  line: z.string().describe('Id of the order line'),
  item: z.string().optional().describe('Internal reference of the product'),
  quantity: z.string(),
  deliveredQuantity: z.string().optional(),
  unit: z.string().optional(),
  location: z.string().optional().describe('Warehouse'),
  rejected: z.boolean().describe('Never true: Odoo rejects no lines'),
  schedules: z.array(scheduleView),
});
export const orderView = z.object({
  order: z.string(),
  customerAccount: z.string().optional().describe('Id of the partner'),
  customerReference: z.string().optional(),
  netAmount: z.string().optional(),
  currency: z.string().optional(),
  requestedDate: z.string().optional(),
  shipComplete: z.boolean().describe('True when the shipping policy is "when all products are ready"'),
  deliveryBlock: z.string().describe('Always empty: Odoo has no blocks'),
  billingBlock: z.string().describe('Always empty: Odoo has no blocks'),
  state: z.string().describe('draft, sent, sale, done, cancel'),
  invoiceStatus: z.string().optional(),
  lines: z.array(lineView),
});
export type OrderView = z.infer<typeof orderView>;

function scheduleOf({ id, product_uom_qty: quantity, state, date }: Move): z.infer<typeof scheduleView> {
  const sure = state === 'assigned' || state === 'done';
  // Odoo does not say by a name that all versions share how much of a partly available move is reserved.
  const told = state === 'partially_available' ? {} : { confirmedQuantity: sure ? quantity : '0' };
  return { schedule: String(id), quantity, ...told, date, state };
}

function lineOf(line: Line, moves: readonly Move[], codes: ReadonlyMap<number, string>, whole?: string) {
  const own = standing(moves.filter(({ sale_line_id: of }) => of?.id === line.id));
  const { id, product_id: product, product_uom_qty: quantity } = line;
  return {
    line: String(id),
    item: product === undefined ? undefined : codes.get(product.id),
    quantity,
    deliveredQuantity: line.qty_delivered,
    unit: (line.product_uom ?? line.product_uom_id)?.name,
    location: line.warehouse_id?.name,
    rejected: false,
    schedules: own.length === 0 ? [{ schedule: String(id), quantity, date: whole }] : own.map(scheduleOf),
  };
}

function headerOf(found: Order): Omit<OrderView, 'lines'> {
  return {
    order: found.name,
    customerAccount: found.partner_id === undefined ? undefined : String(found.partner_id.id),
    customerReference: found.client_order_ref,
    netAmount: decimalOf(found.amount_untaxed ?? 0),
    currency: found.currency_id?.name,
    requestedDate: found.commitment_date,
    shipComplete: found.picking_policy === 'one',
    deliveryBlock: '',
    billingBlock: '',
    state: found.state,
    invoiceStatus: found.invoice_status,
  };
}

/** The order with its lines, moves and products. */
export async function viewOf(call: CallContext, found: Order): Promise<Read<OrderView>> {
  const lines = await linesOf(call, found);
  if (!lines.ok) return lines;
  const moves = await movesOf(call, [['sale_line_id.order_id', '=', found.id]]);
  if (!moves.ok) return moves;
  const codes = await codesOf(
    call,
    lines.state.map(({ product_id: product }) => product?.id),
  );
  if (!codes.ok) return codes;
  const shown = lines.state.map((line) => lineOf(line, moves.state, codes.state, found.commitment_date));
  return { ok: true, state: { ...headerOf(found), lines: shown } };
}
