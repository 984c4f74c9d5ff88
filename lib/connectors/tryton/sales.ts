/**
 * Sales with their lines and moves, and outgoing shipments, as `search_read` of `sale.sale` and `stock.shipment.out` answers them
 * (https://docs.tryton.org/projects/modules-sale/en/6.0/, https://docs.tryton.org/projects/modules-stock/en/6.0/).
 * What Tryton has instead of schedule lines are the moves of a line: each has a quantity, and its shipment has the day.
 */
import { z } from 'zod';
import type { Read } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { rpc } from './rpc';
import { amountValue, dayValue, quantityValue } from './values';

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const coded = z
  .looseObject({ code: text })
  .nullish()
  .transform((value) => value?.code);
const unit = z
  .looseObject({ symbol: text })
  .nullish()
  .transform((value) => value?.symbol);
/** A many2one is null where there is none; its dotted members are then absent or null too. */
const id = z.int();
const stamp = z.string();

export const moveRecord = z.looseObject({
  id,
  quantity: quantityValue,
  state: z.string(),
  planned_date: dayValue,
  shipment: text,
  uom: id.nullish(),
  _timestamp: stamp,
});
export type Move = z.infer<typeof moveRecord>;

export const lineRecord = z.looseObject({
  id,
  type: z.string(),
  quantity: quantityValue,
  unit: id.nullish(),
  'unit.': unit,
  'product.': coded,
  'warehouse.': coded,
  shipping_date: dayValue,
  'moves.': z.array(moveRecord).default([]),
  _timestamp: stamp,
});
export type Line = z.infer<typeof lineRecord>;

export const saleRecord = z.looseObject({
  id,
  number: text,
  state: z.string(),
  reference: text,
  'party.': coded,
  'currency.': coded,
  untaxed_amount: amountValue,
  shipping_date: dayValue,
  shipment_method: z.string(),
  shipment_state: z.string(),
  invoice_method: z.string(),
  invoice_state: z.string(),
  'lines.': z.array(lineRecord).default([]),
});
export type Sale = z.infer<typeof saleRecord>;

const moveFields = ['quantity', 'state', 'planned_date', 'shipment', 'uom', '_timestamp'];
const lineFields = [
  'type',
  'quantity',
  'unit',
  'unit.symbol',
  'product.code',
  'warehouse.code',
  'shipping_date',
  '_timestamp',
  ...moveFields.map((field) => `moves.${field}`),
];
const saleFields = [
  'number',
  'state',
  'reference',
  'party.code',
  'currency.code',
  'untaxed_amount',
  'shipping_date',
  'shipment_method',
  'shipment_state',
  'invoice_method',
  'invoice_state',
  ...lineFields.map((field) => `lines.${field}`),
];

export const shipmentRecord = z.looseObject({
  id,
  number: text,
  state: z.string(),
  planned_date: dayValue,
  'outgoing_moves.': z
    .array(
      z.looseObject({
        id,
        quantity: quantityValue,
        state: z.string(),
        'product.': coded,
        'uom.': unit,
        origin: text,
        'sale.': z
          .looseObject({ number: text })
          .nullish()
          .transform((value) => value?.number),
      }),
    )
    .default([]),
  'inventory_moves.': z
    .array(z.looseObject({ quantity: quantityValue, state: z.string(), origin: text }))
    .default([]),
});
export type Shipment = z.infer<typeof shipmentRecord>;

const shipmentFields = [
  'number',
  'state',
  'planned_date',
  ...['quantity', 'state', 'product.code', 'uom.symbol', 'origin', 'sale.number'].map(
    (field) => `outgoing_moves.${field}`,
  ),
  ...['quantity', 'state', 'origin'].map((field) => `inventory_moves.${field}`),
];

async function one<T>(
  call: CallContext,
  model: string,
  domain: readonly unknown[],
  fields: readonly string[],
  schema: z.ZodType<T>,
  name: string,
): Promise<Read<T>> {
  const found = await rpc(call, `model.${model}.search_read`, [domain, 0, 2, null, fields], z.array(schema));
  if (!found.ok) return found;
  const [first, second] = found.value;
  if (first === undefined) {
    const message = `Tryton has no ${name} that this user may see`;
    return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
  }
  if (second === undefined) return { ok: true, state: first };
  const message = `Tryton has more than one ${name}: set companyId of the partner`;
  return { ok: false, refusal: { outcome: 'fatal', message } };
}

export function readSale(call: CallContext, number: string): Promise<Read<Sale>> {
  return one(call, 'sale.sale', [['number', '=', number]], saleFields, saleRecord, `sale ${number}`);
}

/** Sales that the customer knows by this number. */
export async function salesByReference(call: CallContext, reference: string): Promise<Read<Sale[]>> {
  const args = [[['reference', '=', reference]], 0, mostFound, null, saleFields];
  const found = await rpc(call, 'model.sale.sale.search_read', args, z.array(saleRecord));
  return found.ok ? { ok: true, state: found.value } : found;
}

/** A reference that more sales share is no reference. */
const mostFound = 20;

/** A move with what a conditional write needs. */
export const readMove = (call: CallContext, wanted: number): Promise<Read<Move>> =>
  one(call, 'stock.move', [['id', '=', wanted]], moveFields, moveRecord, `move ${wanted}`);

export interface LineOfSale {
  sale: Sale;
  line: Line;
}

export async function readLine(
  call: CallContext,
  wanted: { order: string; line: string },
): Promise<Read<LineOfSale>> {
  const read = await readSale(call, wanted.order);
  if (!read.ok) return read;
  const line = read.state['lines.'].find(({ id: found }) => String(found) === wanted.line);
  if (line !== undefined) return { ok: true, state: { sale: read.state, line } };
  const message = `sale ${wanted.order} has no line ${wanted.line}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

export function readShipment(
  call: CallContext,
  by: { number: string } | { id: number },
): Promise<Read<Shipment>> {
  const [field, value] = 'id' in by ? ['id', by.id] : ['number', by.number];
  const name = `shipment ${value}`;
  return one(call, 'stock.shipment.out', [[field, '=', value]], shipmentFields, shipmentRecord, name);
}

/** Moves that have not left yet, oldest first. */
export function openMoves(line: Line): Move[] {
  return line['moves.']
    .filter(({ state }) => state === 'draft' || state === 'assigned' || state === 'staging')
    .sort((a, b) => a.id - b.id);
}

/** Id of the outgoing shipment that a move belongs to. */
export function shipmentIdOf(move: Move): number | undefined {
  const match = /^stock\.shipment\.out,(\d+)$/.exec(move.shipment ?? '');
  return match ? Number(match[1]) : undefined;
}
