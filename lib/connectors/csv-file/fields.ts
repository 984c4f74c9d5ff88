/** What a column can mean, and reading one row by its columns. */

/** Fields of a fact that a column can fill. */
export const factFields = [
  'eventId',
  'eventTime',
  'offset',
  'status',
  'reason',
  'text',
  'orderNumber',
  'erpSalesOrderId',
  'deliveryId',
  'shipmentId',
  'proNumber',
  'bolNumber',
  'asnId',
  'customerAccount',
  'inventoryLocation',
  'trackingNumber',
  'carrier',
  'sscc',
  'etaAt',
  'promisedDeliveryAt',
  'place',
  'city',
  'region',
  'postalCode',
  'country',
  'locationId',
  'warehouse',
  'lineId',
  'item',
  'orderedQuantity',
  'fulfilledQuantity',
  'uom',
] as const;
export type FactField = (typeof factFields)[number];

/** A row by field; undefined where the column is absent or empty. */
export type Row = (field: FactField) => string | undefined;

export type Columns = ReadonlyMap<FactField, number>;

/** Header names as people vary them: `Tracking Number`, `tracking_number` and `trackingNumber` are one. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const fieldOfName: ReadonlyMap<string, FactField> = new Map(factFields.map((field) => [plain(field), field]));

/**
 * Where each field stands. With a mapping, the columns it names must be there; without one, a header that is called like a field is that field.
 * @param mapping column name, or number from 1 where there is no header, to fact field
 */
export function columnsOf(
  header: readonly string[] | undefined,
  mapping: Readonly<Record<string, FactField>> | undefined,
): { columns: Columns } | { missing: string[] } {
  if (mapping === undefined) return { columns: byName(header ?? []) };
  const columns = new Map<FactField, number>();
  const missing: string[] = [];
  for (const [name, field] of Object.entries(mapping)) {
    const at =
      header === undefined ? Number(name) - 1 : header.findIndex((title) => title.trim() === name.trim());
    if (!Number.isInteger(at) || at < 0) missing.push(name);
    else columns.set(field, at);
  }
  return missing.length > 0 ? { missing } : { columns };
}

function byName(header: readonly string[]): Columns {
  const columns = new Map<FactField, number>();
  header.forEach((title, at) => {
    const field = fieldOfName.get(plain(title));
    if (field !== undefined && !columns.has(field)) columns.set(field, at);
  });
  return columns;
}

export function rowOf(record: readonly string[], columns: Columns): Row {
  return (field) => {
    const at = columns.get(field);
    const value = at === undefined ? undefined : record[at]?.trim();
    return value === undefined || value === '' ? undefined : value;
  };
}
