/** Order headers and lines as the data entities SalesOrderHeadersV2 and SalesOrderLines show them; a line is known by its InventoryLotId. */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { decimalOf } from '../kit/decimal';
import { quoted, refusalOf, sendD365 } from './client';
import { settingsOf } from './manifest';

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
/** Days come as noon UTC (`2026-03-02T12:00:00Z`); 1900-01-01 stands for none. */
const day = text.transform((value) =>
  value === undefined || value.startsWith('1900-01-01') ? undefined : value.slice(0, 10),
);
const number = z
  .number()
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : decimalOf(value)));

export const headerRecord = z.looseObject({
  SalesOrderNumber: z.string(),
  OrderingCustomerAccountNumber: text,
  CustomersOrderReference: text,
  CurrencyCode: text,
  RequestedShippingDate: day,
  SalesOrderStatus: text,
  SalesOrderProcessingStatus: text,
});
export type Header = z.infer<typeof headerRecord>;

export const lineRecord = z.looseObject({
  '@odata.etag': z.string().optional(),
  InventoryLotId: z.string(),
  SalesOrderNumber: z.string(),
  ItemNumber: text,
  OrderedSalesQuantity: number,
  SalesUnitSymbol: text,
  ShippingWarehouseId: text,
  RequestedShippingDate: day,
  ConfirmedShippingDate: day,
  SalesOrderLineStatus: text,
  LineAmount: number,
});
export type Line = z.infer<typeof lineRecord>;

const records = <T extends z.ZodType>(record: T) => z.looseObject({ value: z.array(record) });

async function get<T>(call: CallContext, path: string, schema: z.ZodType<T>): Promise<Read<T>> {
  const response = await sendD365(call, { method: 'GET', path });
  if (response.status !== 200) return { ok: false, refusal: refusalOf(response, call, false) };
  const parsed = schema.safeParse(response.json());
  if (parsed.success) return { ok: true, state: parsed.data };
  const message = 'Dynamics 365 answered with something that is no such record';
  return { ok: false, refusal: { outcome: 'fatal', message } };
}

export function readHeader(call: CallContext, order: string): Promise<Read<Header>> {
  const { headerEntity, legalEntity } = settingsOf(call.settings);
  const key = `dataAreaId=${quoted(legalEntity)},SalesOrderNumber=${quoted(order)}`;
  return get(call, `/data/${headerEntity}(${key})?cross-company=true`, headerRecord);
}

export async function readLines(call: CallContext, order: string): Promise<Read<Line[]>> {
  const { lineEntity, legalEntity } = settingsOf(call.settings);
  const filter = `dataAreaId eq ${quoted(legalEntity)} and SalesOrderNumber eq ${quoted(order)}`;
  const query = `cross-company=true&$filter=${filter.replaceAll(' ', '%20')}&$orderby=LineNumber`;
  const read = await get(call, `/data/${lineEntity}?${query}`, records(lineRecord));
  return read.ok ? { ok: true, state: read.state.value } : read;
}

const linePath = (call: CallContext, line: string) => {
  const { lineEntity, legalEntity } = settingsOf(call.settings);
  const key = `dataAreaId=${quoted(legalEntity)},InventoryLotId=${quoted(line)}`;
  return `/data/${lineEntity}(${key})?cross-company=true`;
};

export async function readLine(
  call: CallContext,
  wanted: { order: string; line: string },
): Promise<Read<Line>> {
  const read = await get(call, linePath(call, wanted.line), lineRecord);
  if (!read.ok || read.state.SalesOrderNumber === wanted.order) return read;
  const message = `lot ${wanted.line} is not a line of sales order ${wanted.order}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

/** Changes a line under the ETag it was read with. */
export async function patchLine(
  call: CallContext,
  line: Line,
  values: Readonly<Record<string, unknown>>,
): Promise<Refusal | 'conflict' | undefined> {
  const etag = line['@odata.etag'];
  const response = await sendD365(call, {
    method: 'PATCH',
    path: linePath(call, line.InventoryLotId),
    headers: etag === undefined ? {} : { 'if-match': etag },
    json: values,
  });
  if (response.status === 412) return 'conflict';
  return response.status < 300 ? undefined : refusalOf(response, call, true);
}

/** A calendar day as the environment keeps it. */
export const toNoon = (wanted: string) => `${wanted}T12:00:00Z`;
