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
  '@odata.etag': z.string().optional(),
  SalesOrderNumber: z.string(),
  OrderingCustomerAccountNumber: text,
  CustomersOrderReference: text,
  CurrencyCode: text,
  RequestedShippingDate: day,
  SalesOrderStatus: text,
  SalesOrderProcessingStatus: text,
  /** "Do not process": the enumeration NoYes. */
  IsSalesProcessingStopped: text,
});
export type Header = z.infer<typeof headerRecord>;

/** `STOPPED` while the order is not processed, else empty. */
export const stopOf = ({ IsSalesProcessingStopped: stopped }: Header): string =>
  stopped === 'Yes' ? 'STOPPED' : '';

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

export const records = <T extends z.ZodType>(record: T) => z.looseObject({ value: z.array(record) });

export async function get<T>(call: CallContext, path: string, schema: z.ZodType<T>): Promise<Read<T>> {
  const response = await sendD365(call, { method: 'GET', path });
  if (response.status !== 200) return { ok: false, refusal: refusalOf(response, call, false) };
  const parsed = schema.safeParse(response.json());
  if (parsed.success) return { ok: true, state: parsed.data };
  const message = 'Dynamics 365 answered with something that is no such record';
  return { ok: false, refusal: { outcome: 'fatal', message } };
}

const headerPath = (call: CallContext, order: string) => {
  const { headerEntity, legalEntity } = settingsOf(call.settings);
  const key = `dataAreaId=${quoted(legalEntity)},SalesOrderNumber=${quoted(order)}`;
  return `/data/${headerEntity}(${key})?cross-company=true`;
};

export const readHeader = (call: CallContext, order: string): Promise<Read<Header>> =>
  get(call, headerPath(call, order), headerRecord);

/** Records of the partner's legal entity with a value in a field. */
export function filtered(call: CallContext, entity: string, field: string, value: string): string {
  const { legalEntity } = settingsOf(call.settings);
  const filter = `dataAreaId eq ${quoted(legalEntity)} and ${field} eq ${quoted(value)}`;
  return `/data/${entity}?cross-company=true&$filter=${filter.replaceAll(' ', '%20')}`;
}

/** Orders that the customer knows by this number. */
export async function findHeaders(call: CallContext, reference: string): Promise<Read<Header[]>> {
  const path = filtered(call, settingsOf(call.settings).headerEntity, 'CustomersOrderReference', reference);
  const read = await get(call, path, records(headerRecord));
  return read.ok ? { ok: true, state: read.state.value } : read;
}

export async function readLines(call: CallContext, order: string): Promise<Read<Line[]>> {
  const path = filtered(call, settingsOf(call.settings).lineEntity, 'SalesOrderNumber', order);
  const read = await get(call, `${path}&$orderby=LineNumber`, records(lineRecord));
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
export const patchLine = (call: CallContext, line: Line, values: Readonly<Record<string, unknown>>) =>
  patch(call, linePath(call, line.InventoryLotId), line['@odata.etag'], values);

/** Changes an order's header under the ETag it was read with. */
export const patchHeader = (call: CallContext, header: Header, values: Readonly<Record<string, unknown>>) =>
  patch(call, headerPath(call, header.SalesOrderNumber), header['@odata.etag'], values);

async function patch(
  call: CallContext,
  path: string,
  etag: string | undefined,
  values: Readonly<Record<string, unknown>>,
): Promise<Refusal | 'conflict' | undefined> {
  const headers = etag === undefined ? {} : { 'if-match': etag };
  const response = await sendD365(call, { method: 'PATCH', path, headers, json: values });
  if (response.status === 412) return 'conflict';
  return response.status < 300 ? undefined : refusalOf(response, call, true);
}

/** A calendar day as the environment keeps it. */
export const toNoon = (wanted: string) => `${wanted}T12:00:00Z`;
