/**
 * Sales orders, their lines and moves, and deliveries (`sale.order`, `sale.order.line`, `stock.move`, `stock.picking`; addons sale, sale_stock
 * and stock of Odoo). Odoo writes `false` for an empty value and `[id, name]` for a reference. What leaves, and when, stands in the moves.
 */
import { z } from 'zod';
import type { Read } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { decimalOf } from '../kit/decimal';
import { settingsOf } from './manifest';
import { odoo } from './rpc';

export const text = z
  .union([z.string(), z.literal(false), z.null()])
  .optional()
  .transform((value) => value || undefined);
/** Seconds in UTC without a zone: `2026-03-02 08:00:00`. */
const day = text.transform((value) => value?.slice(0, 10));
const quantity = z
  .number()
  .nullish()
  .transform((value) => decimalOf(value ?? 0) ?? '0');
const reference = z
  .union([z.tuple([z.int(), z.string()]), z.literal(false), z.null()])
  .optional()
  .transform((value) => (value ? { id: value[0], name: value[1] } : undefined));

const orderRecord = z.looseObject({
  id: z.int(),
  name: z.string(),
  state: z.string(),
  partner_id: reference,
  client_order_ref: text,
  amount_untaxed: z.number().nullish(),
  currency_id: reference,
  commitment_date: day,
  picking_policy: text,
  invoice_status: text,
});
export type Order = z.infer<typeof orderRecord>;
const orderFields = Object.keys(orderRecord.shape).filter((field) => field !== 'id');

const lineRecord = z.looseObject({
  id: z.int(),
  product_id: reference,
  product_uom_qty: quantity,
  qty_delivered: quantity,
  product_uom: reference,
  product_uom_id: reference,
  warehouse_id: reference,
});
export type Line = z.infer<typeof lineRecord>;

const moveRecord = z.looseObject({
  id: z.int(),
  product_id: reference,
  product_uom_qty: quantity,
  product_uom: reference,
  state: z.string(),
  date: day,
  picking_id: reference,
  sale_line_id: reference,
});
export type Move = z.infer<typeof moveRecord>;
const moveFields = Object.keys(moveRecord.shape).filter((field) => field !== 'id');

const pickingRecord = z.looseObject({
  id: z.int(),
  name: z.string(),
  state: z.string(),
  scheduled_date: day,
  origin: text,
});
export type Picking = z.infer<typeof pickingRecord>;
const pickingFields = Object.keys(pickingRecord.shape).filter((field) => field !== 'id');

export async function searchRead<T>(
  call: CallContext,
  model: string,
  domain: readonly unknown[],
  fields: readonly string[],
  schema: z.ZodType<T>,
  limit?: number,
): Promise<Read<T[]>> {
  const args = { domain, fields, ...(limit === undefined ? {} : { limit }) };
  const found = await odoo(call, { model, method: 'search_read', args }, z.array(schema));
  return found.ok ? { ok: true, state: found.value } : found;
}

const unresolved = (message: string) =>
  ({ ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } }) as const;

async function one<T>(found: Read<T[]>, name: string): Promise<Read<T>> {
  if (!found.ok) return found;
  const [first, second] = found.state;
  if (first === undefined) return unresolved(`Odoo has no ${name} that this user may see`);
  if (second === undefined) return { ok: true, state: first };
  const message = `Odoo has more than one ${name}: the user must work in one company only`;
  return { ok: false, refusal: { outcome: 'fatal', message } };
}

export async function readOrderNamed(call: CallContext, name: string): Promise<Read<Order>> {
  const domain = [['name', '=', name]];
  return one(
    await searchRead(call, 'sale.order', domain, orderFields, orderRecord, 2),
    `sales order ${name}`,
  );
}

/** Orders that the customer knows by this number. */
export const ordersByReference = (call: CallContext, reference: string): Promise<Read<Order[]>> =>
  searchRead(call, 'sale.order', [['client_order_ref', '=', reference]], orderFields, orderRecord, mostFound);

/** A reference that more orders share is no reference. */
const mostFound = 20;

export async function readPicking(
  call: CallContext,
  by: { name: string } | { id: number },
): Promise<Read<Picking>> {
  const [field, value] = 'id' in by ? ['id', by.id] : ['name', by.name];
  const found = await searchRead(
    call,
    'stock.picking',
    [[field, '=', value]],
    pickingFields,
    pickingRecord,
    2,
  );
  return one(found, `transfer ${value}`);
}

export function pickingsOfOrder(call: CallContext, order: Order): Promise<Read<Picking[]>> {
  const domain = [
    ['sale_id', '=', order.id],
    ['picking_type_code', '=', 'outgoing'],
  ];
  return searchRead(call, 'stock.picking', domain, pickingFields, pickingRecord);
}

/** Lines that are goods or services; sections and notes are none. */
export function linesOf(call: CallContext, order: Order): Promise<Read<Line[]>> {
  // The field of the unit got another name in 19.
  const unit = settingsOf(call.settings).version === '19' ? 'product_uom_id' : 'product_uom';
  const fields = ['product_id', 'product_uom_qty', 'qty_delivered', unit, 'warehouse_id'];
  const domain = [
    ['order_id', '=', order.id],
    ['display_type', '=', false],
  ];
  return searchRead(call, 'sale.order.line', domain, fields, lineRecord);
}

/** Moves to the customer; the steps inside the warehouse are its own. */
export function movesOf(call: CallContext, domain: readonly unknown[]): Promise<Read<Move[]>> {
  const outgoing = ['location_dest_id.usage', '=', 'customer'];
  return searchRead(call, 'stock.move', [...domain, outgoing], moveFields, moveRecord);
}

export const isOpen = ({ state }: Move) => state !== 'done' && state !== 'cancel';

/** Product codes (`default_code`) by product id. */
export async function codesOf(
  call: CallContext,
  products: readonly (number | undefined)[],
): Promise<Read<Map<number, string>>> {
  const ids = [...new Set(products.filter((id) => id !== undefined))];
  if (ids.length === 0) return { ok: true, state: new Map() };
  const schema = z.looseObject({ id: z.int(), default_code: text });
  const found = await searchRead(call, 'product.product', [['id', 'in', ids]], ['default_code'], schema);
  if (!found.ok) return found;
  const coded = found.state.flatMap(({ id, default_code: code }) =>
    code === undefined ? [] : [[id, code] as const],
  );
  return { ok: true, state: new Map(coded) };
}

export interface LineOfOrder {
  order: Order;
  line: Line;
  /** Moves of this line to the customer that are not cancelled, oldest first. */
  moves: Move[];
}

export async function readLine(
  call: CallContext,
  wanted: { order: string; line: string },
): Promise<Read<LineOfOrder>> {
  const order = await readOrderNamed(call, wanted.order);
  if (!order.ok) return order;
  const lines = await linesOf(call, order.state);
  if (!lines.ok) return lines;
  const line = lines.state.find(({ id }) => String(id) === wanted.line);
  if (line === undefined) return unresolved(`sales order ${wanted.order} has no line ${wanted.line}`);
  const moves = await movesOf(call, [['sale_line_id', '=', line.id]]);
  if (!moves.ok) return moves;
  return { ok: true, state: { order: order.state, line, moves: standing(moves.state) } };
}

/** Without the cancelled ones, oldest first. */
export const standing = (moves: readonly Move[]) =>
  moves.filter(({ state }) => state !== 'cancel').sort((a, b) => a.id - b.id);
