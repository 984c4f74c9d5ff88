/** Sales orders and item fulfillments with their lines, found by their document numbers (`tranId`). */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { decimalOf } from '../kit/decimal';
import { get, patch } from './client';

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const day = text.transform((value) => value?.slice(0, 10));
const number = z
  .union([z.number(), z.string().transform(Number)])
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : decimalOf(value)));
/** A flag is a boolean, or 0 and 1 in some answers. */
const flag = z
  .union([z.boolean(), z.number(), z.enum(['T', 'F'])])
  .nullish()
  .transform((value) => value === true || value === 1 || value === 'T');
const reference = z
  .looseObject({ id: z.union([z.string(), z.number().transform(String)]), refName: text })
  .nullish()
  .transform((value) => (value ? { id: value.id, name: value.refName } : undefined));

const lineRecord = z.looseObject({
  line: z.int(),
  item: reference,
  quantity: number,
  quantityFulfilled: number,
  quantityCommitted: number,
  units: reference,
  location: reference,
  price: reference,
  rate: number,
  expectedShipDate: day,
  isClosed: flag,
});
export type Line = z.infer<typeof lineRecord>;

export const orderRecord = z.looseObject({
  id: z.union([z.string(), z.number().transform(String)]),
  tranId: text,
  entity: reference,
  otherRefNum: text,
  currency: reference,
  subtotal: number,
  shipDate: day,
  shipComplete: flag,
  status: reference,
  memo: text,
  item: z.looseObject({ items: z.array(lineRecord).default([]) }).optional(),
});
export type Order = z.infer<typeof orderRecord>;

/** A custom body field as text; a list shows its name. */
const customValue = z.union([z.string(), reference]).catch(undefined);
export function customField(order: Order, field: string): string {
  const value = field === '' ? undefined : customValue.parse(order[field]);
  return (typeof value === 'object' ? (value.name ?? value.id) : value) ?? '';
}

export const linesOf = (order: Order): Line[] => order.item?.items ?? [];

const fulfillmentRecord = z.looseObject({
  id: z.union([z.string(), z.number().transform(String)]),
  tranId: text,
  createdFrom: reference,
  shipStatus: reference,
  item: z
    .looseObject({
      items: z
        .array(
          z.looseObject({
            line: z.int().nullish(),
            orderLine: z.union([z.int(), z.string()]).nullish(),
            item: reference,
            quantity: number,
            units: reference,
          }),
        )
        .default([]),
    })
    .optional(),
});
export type Fulfillment = z.infer<typeof fulfillmentRecord>;

const found = z.looseObject({
  items: z.array(z.looseObject({ id: z.union([z.string(), z.number().transform(String)]) })),
});

/** The internal id of a document number (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545222128.html). */
const idOf = (call: CallContext, type: string, tranId: string) => idBy(call, type, 'tranId', tranId);

async function idBy(call: CallContext, type: string, field: string, value: string): Promise<Read<string>> {
  const query = encodeURIComponent(`${field} IS "${value.replaceAll('"', '')}"`);
  const read = await get(call, `/${type}?q=${query}&limit=2`, found);
  if (!read.ok) return read;
  const [first, second] = read.state.items;
  if (first !== undefined && second === undefined) return { ok: true, state: first.id };
  const message =
    first === undefined ? `NetSuite has no ${type} ${value}` : `NetSuite has more than one ${type} ${value}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

/** Numbers of the orders that the customer knows by this number (`otherRefNum`, the PO number). */
export async function ordersByReference(call: CallContext, otherRefNum: string): Promise<Read<Order[]>> {
  const query = encodeURIComponent(`otherRefNum IS "${otherRefNum.replaceAll('"', '')}"`);
  const list = await get(call, `/salesOrder?q=${query}&limit=${mostFound}`, found);
  if (!list.ok) return list;
  const orders: Order[] = [];
  for (const { id } of list.state.items) {
    const order = await readById(call, 'salesOrder', id, orderRecord);
    if (!order.ok) return order;
    orders.push(order.state);
  }
  return { ok: true, state: orders };
}

/** A reference that more orders share is no reference. */
const mostFound = 20;

/** Internal id of a location by its name. */
export async function locationIdOf(call: CallContext, name: string): Promise<Read<string>> {
  return idBy(call, 'location', 'name', name);
}

const readById = <T>(call: CallContext, type: string, id: string, schema: z.ZodType<T>): Promise<Read<T>> =>
  get(call, `/${type}/${encodeURIComponent(id)}?expandSubResources=true`, schema);

async function readNumbered<T>(
  call: CallContext,
  type: string,
  tranId: string,
  schema: z.ZodType<T>,
): Promise<Read<T>> {
  const id = await idOf(call, type, tranId);
  return id.ok ? readById(call, type, id.state, schema) : id;
}

export const readOrderNumbered = (call: CallContext, tranId: string) =>
  readNumbered(call, 'salesOrder', tranId, orderRecord);

export const readFulfillment = (call: CallContext, tranId: string) =>
  readNumbered(call, 'itemFulfillment', tranId, fulfillmentRecord);

export interface LineOfOrder {
  order: Order;
  line: Line;
}

export async function readLine(
  call: CallContext,
  wanted: { order: string; line: string },
): Promise<Read<LineOfOrder>> {
  const read = await readOrderNumbered(call, wanted.order);
  if (!read.ok) return read;
  const line = linesOf(read.state).find((one) => String(one.line) === wanted.line);
  if (line !== undefined) return { ok: true, state: { order: read.state, line } };
  const message = `sales order ${wanted.order} has no line ${wanted.line}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

/**
 * Changes lines in one request: a line that names its number is updated, one that names none is added
 * (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_159795512874.html).
 */
export function patchLines(
  call: CallContext,
  order: Order,
  items: readonly Record<string, unknown>[],
): Promise<Refusal | undefined> {
  return patch(call, `/salesOrder/${encodeURIComponent(order.id)}`, { item: { items } });
}
