/** Changes of documents: conditional, on a copy, put in place when the work is committed. */
import { type Call, type Outcome, refuse } from '../../core/http';
import { balance, type Document, type Documents } from './documents';
import { type EntitySet, type Row, sameKey, type Value } from './model';
import { etagOf, matches, type Rendering, type Resource, refuseOData, render, resourceName } from './odata';

export class Writer {
  private readonly documents: Documents;

  constructor(documents: Documents) {
    this.documents = documents;
  }

  patch(resource: Resource, set: EntitySet, keys: Row, call: Call): Outcome {
    const before = this.owner(resource, set, keys);
    const current = rowOf(before, set, keys);
    requireMatch(before, call);
    const changes = bodyRow(call);
    for (const field of Object.keys(changes)) {
      if (set.keys.includes(field) && sameKey(changes[field], current[field])) continue;
      if (!(field in current)) refuseOData(400, 'PROPERTY', `Property '${field}' is invalid`);
      if (!set.updatable.includes(field))
        refuseOData(400, 'READ_ONLY', `Property '${field}' cannot be changed`);
    }
    const fields = Object.entries(changes).filter(([field]) => !set.keys.includes(field));
    const unchanged = fields.every(([field, value]) => current[field] === value);
    const after = unchanged ? before : changed(before, call.now);
    if (!unchanged) {
      const row = rowOf(after, set, keys);
      Object.assign(row, Object.fromEntries(fields));
      if (quantityChanged(set, changes)) balance(after.rows, row, set.name);
    }
    const commit = () => this.documents.replace(resource.service, after);
    return {
      status: 204,
      headers: { etag: etagOf(after) },
      work: { target: resourceName(set, current), unchanged, commit },
    };
  }

  create(resource: Resource, set: EntitySet, call: Call, how: Rendering): Outcome {
    const target = resource.navigation?.set ?? (resource.keys ? undefined : set);
    if (!target?.creatable)
      return refuseOData(405, 'METHOD', `${target?.name ?? set.name} cannot be created here`);
    const given = { ...bodyRow(call), ...(resource.navigation ? resource.keys : {}) };
    const before = this.owner(resource, target, given);
    const after = changed(before, call.now);
    const rows = after.rows[target.name] ?? [];
    const row = { ...blankRow(rows[0], target), ...given };
    const [owner] = target.keys;
    row[owner] = before.id;
    const last = target.keys.at(-1) ?? owner;
    if (target.updatable.includes('LongText') || target.updatable.includes('TextElementText'))
      requireKeys(row, target);
    else if (!row[last])
      row[last] = nextNumber(
        rows.filter((other) => sameParent(target, other, row)),
        last,
      );
    if (rows.some((other) => target.keys.every((key) => sameKey(other[key], row[key]))))
      refuseOData(400, 'EXISTS', `${resourceName(target, row)} exists already`);
    after.rows[target.name] = [...rows, row];
    if (target.name === 'A_SalesOrderItem') addScheduleLine(after, row);
    if (target.name === 'A_SalesOrderScheduleLine') balance(after.rows, row, target.name);
    const commit = () => this.documents.replace(resource.service, after);
    const body = { d: render(after, target, row, { ...how, expand: [], select: [] }) };
    const headers = {
      etag: etagOf(after),
      location: `${call.base}${resource.root}/${resourceName(target, row)}`,
    };
    // A number that the system gives names a new thing each time: the book counts by the collection, so that a second one shows.
    const named = given[last] ? resourceName(target, row) : `${parentName(target, row)}/${target.name}`;
    return { status: 201, headers, body, work: { target: named, commit } };
  }

  remove(resource: Resource, set: EntitySet, keys: Row, call: Call): Outcome {
    if (!set.deletable) refuseOData(405, 'METHOD', `${set.name} cannot be deleted here`);
    const before = this.owner(resource, set, keys);
    const row = rowOf(before, set, keys);
    requireMatch(before, call);
    const after = changed(before, call.now);
    after.rows[set.name] = (after.rows[set.name] ?? []).filter((other) => !matches(other, keys));
    if (set.name === 'A_SalesOrderScheduleLine') balance(after.rows, row, set.name);
    const commit = () => this.documents.replace(resource.service, after);
    return { status: 204, work: { target: resourceName(set, row), commit } };
  }

  private owner(resource: Resource, set: EntitySet, keys: Row): Document {
    const found = this.documents.find(resource.service, String(keys[set.keys[0]] ?? ''));
    return found ?? refuseOData(404, 'NOT_FOUND', `Resource not found for segment '${set.name}Type'`);
  }
}

/** The flat fields of a body; nested ones (deep inserts) are not offered here. */
function bodyRow(call: Call): Row {
  const body = call.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return refuse(400, 'INVALID', 'the body is no JSON object');
  const row: Row = {};
  for (const [field, value] of Object.entries(body as Record<string, unknown>)) {
    if (field === '__metadata') continue;
    if (value !== null && typeof value !== 'string' && typeof value !== 'boolean')
      refuseOData(
        400,
        'VALUE',
        `Property '${field}' has a value of the wrong type: numbers are text in OData v2`,
      );
    row[field] = value as Value;
  }
  return row;
}

function rowOf(document: Document, set: EntitySet, keys: Row): Row {
  const row = document.rows[set.name]?.find((candidate) => matches(candidate, keys));
  return row ?? refuseOData(404, 'NOT_FOUND', `Resource not found for segment '${set.name}Type'`);
}

/** RFC 6585 428 without If-Match, RFC 9110 412 with a stale one. */
function requireMatch(document: Document, call: Call): void {
  const given = call.headers['if-match'];
  if (given === undefined)
    refuseOData(
      428,
      'PRECONDITION_REQUIRED',
      'The data service request is required to be conditional: send If-Match',
    );
  if (given !== '*' && given !== etagOf(document))
    refuseOData(412, 'PRECONDITION_FAILED', 'The document was changed meanwhile: read it again');
}

function changed(document: Document, now: number): Document {
  const rows = structuredClone(document.rows);
  for (const header of [...(rows.A_SalesOrder ?? []), ...(rows.A_OutbDeliveryHeader ?? [])]) {
    header.LastChangeDate = `/Date(${Math.floor(now / 86_400_000) * 86_400_000})/`;
    if ('LastChangeDateTime' in header) header.LastChangeDateTime = `/Date(${now}+0000)/`;
  }
  return { ...document, version: document.version + 1, changedAt: now, rows };
}

function quantityChanged(set: EntitySet, changes: Row): boolean {
  return set.name === 'A_SalesOrderItem'
    ? 'RequestedQuantity' in changes
    : 'ScheduleLineOrderQuantity' in changes;
}

function requireKeys(row: Row, set: EntitySet): void {
  for (const key of set.keys) if (!row[key]) refuseOData(400, 'KEY', `${set.name} needs ${key}`);
}

function sameParent(set: EntitySet, left: Row, right: Row): boolean {
  return set.keys.slice(0, -1).every((key) => sameKey(left[key], right[key]));
}

/** Fields of a row that exists, emptied; a new row has the same ones. */
function blankRow(pattern: Row | undefined, set: EntitySet): Row {
  const fields = pattern ? Object.entries(pattern) : set.updatable.map((field) => [field, ''] as const);
  const blank = (field: string, value: Value): Value =>
    /Date$/.test(field) ? null : /Quantity$|Qty/.test(field) ? '0' : typeof value === 'boolean' ? false : '';
  return Object.fromEntries(fields.map(([field, value]) => [field, blank(field, value)]));
}

function parentName(set: EntitySet, row: Row): string {
  return set.keys
    .slice(0, -1)
    .map((key) => `${key}='${row[key]}'`)
    .join(',');
}

function nextNumber(siblings: readonly Row[], key: string): string {
  const step = key === 'SalesOrderItem' ? 10 : 1;
  return String(Math.max(0, ...siblings.map((row) => Number(row[key]))) + step);
}

function addScheduleLine(document: Document, item: Row): void {
  const lines = document.rows.A_SalesOrderScheduleLine ?? [];
  const date = document.rows.A_SalesOrder?.[0]?.RequestedDeliveryDate ?? null;
  const line: Row = {
    ...blankRow(lines[0], {
      name: '',
      keys: ['SalesOrder'],
      updatable: [],
      creatable: true,
      deletable: true,
      navigations: {},
    }),
    SalesOrder: item.SalesOrder ?? '',
    SalesOrderItem: item.SalesOrderItem ?? '',
    ScheduleLine: '1',
    RequestedDeliveryDate: date,
    ConfirmedDeliveryDate: date,
    OrderQuantityUnit: item.RequestedQuantityUnit ?? '',
    ScheduleLineOrderQuantity: item.RequestedQuantity ?? '0',
    ConfdOrderQtyByMatlAvailCheck: item.RequestedQuantity ?? '0',
  };
  document.rows.A_SalesOrderScheduleLine = [...lines, line];
}
