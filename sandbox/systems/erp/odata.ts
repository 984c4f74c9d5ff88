/** OData v2 on the wire: resource paths, query options, JSON shapes, errors. Errors carry codes of ours: SAP's are not made up here. */
import { type Answer, decode, Refusal } from '../../core/http';
import type { Document } from './documents';
import { canonicalKey, type EntitySet, type Row, type ServiceName, sameKey, services } from './model';

export interface Resource {
  service: ServiceName;
  /** Service path as the caller wrote it, for links. */
  root: string;
  /** Absent = the service document or `$metadata`. */
  set?: EntitySet;
  /** Key values by name; absent = the whole set. */
  keys?: Row;
  navigation?: { name: string; set: EntitySet };
}

export function odataError(status: number, code: string, text: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', dataserviceversion: '1.0' },
    body: { error: { code: `SANDBOX/${code}`, message: { lang: 'en', value: text } } },
  };
}

export function refuseOData(status: number, code: string, text: string): never {
  throw new Refusal(odataError(status, code, text));
}

const servicePath =
  /^(\/sap\/opu\/odata\/sap\/(API_SALES_ORDER_SRV|API_OUTBOUND_DELIVERY_SRV)(?:;v=\d{4})?)(\/.*)?$/;
const resourcePath = /^\/([A-Za-z]\w*)(?:\((.*?)\))?(?:\/(to_\w+))?$/s;

/** The resource of a path below `/erp`; undefined when no service is meant. */
export function parseResource(path: string): Resource | undefined {
  const match = servicePath.exec(path);
  if (!match) return undefined;
  const [, root = '', name = '', rest = '/'] = match;
  const service = name as ServiceName;
  if (rest === '/' || rest === '/$metadata') return { service, root };
  const parts = resourcePath.exec(decode(rest));
  const set = services[service].find((candidate) => candidate.name === parts?.[1]);
  if (!parts || !set)
    return refuseOData(404, 'NOT_FOUND', `Resource not found for segment '${rest.slice(1)}'`);
  const keys = parts[2] === undefined ? undefined : parseKeys(parts[2], set);
  const resource: Resource = { service, root, set, ...(keys ? { keys } : {}) };
  if (parts[3] === undefined) return resource;
  return { ...resource, navigation: { name: parts[3], set: navigated(service, set, parts[3]) } };
}

export function navigated(service: ServiceName, set: EntitySet, navigation: string): EntitySet {
  const target = services[service].find((candidate) => candidate.name === set.navigations[navigation]);
  return target ?? refuseOData(404, 'NOT_FOUND', `Resource not found for segment '${navigation}'`);
}

function parseKeys(text: string, set: EntitySet): Row {
  const single = /^'((?:[^']|'')*)'$/.exec(text);
  if (single && set.keys.length === 1) return { [set.keys[0]]: unquote(single[1] ?? '') };
  const keys: Row = {};
  for (const [, name = '', value = ''] of text.matchAll(/(\w+)='((?:[^']|'')*)'/g))
    keys[name] = unquote(value);
  if (set.keys.some((key) => keys[key] === undefined))
    refuseOData(400, 'KEY', `${set.name} needs the keys ${set.keys.join(', ')}`);
  return keys;
}

function unquote(text: string): string {
  return text.replaceAll("''", "'");
}

/** `Field eq 'value' and ...`: what callers of these services commonly use; anything else is refused, not guessed. */
export function parseFilter(text: string | null): Row | undefined {
  if (text === null) return undefined;
  const wanted: Row = {};
  for (const term of text.split(/ and /i)) {
    const match = /^\s*\(?\s*(\w+) eq '((?:[^']|'')*)'\s*\)?\s*$/.exec(term);
    if (!match)
      return refuseOData(
        400,
        'FILTER',
        `this stand-in understands only "Field eq 'value'" joined by "and", not: ${term}`,
      );
    wanted[match[1] ?? ''] = unquote(match[2] ?? '');
  }
  return wanted;
}

export function matches(row: Row, wanted: Row): boolean {
  return Object.entries(wanted).every(([field, value]) => sameKey(row[field], value));
}

/** ETag of a document: SAP's is the last change time; a counter in its fraction keeps two changes in one second apart. */
export function etagOf(document: Document): string {
  const second = new Date(document.changedAt).toISOString().slice(0, 19);
  return `W/"datetimeoffset'${second}.${String(document.version).padStart(7, '0')}Z'"`;
}

/** `A_SalesOrderItem(SalesOrder='1',SalesOrderItem='10')` */
export function resourceName(set: EntitySet, row: Row): string {
  if (set.keys.length === 1) return `${set.name}('${canonicalKey(row[set.keys[0]])}')`;
  return `${set.name}(${set.keys.map((key) => `${key}='${canonicalKey(row[key])}'`).join(',')})`;
}

export interface Rendering {
  resource: Resource;
  /** `http://host/erp` */
  base: string;
  /** `to_Item`, `to_Item/to_ScheduleLine` ... */
  expand: readonly string[];
  select: readonly string[];
}

/** One row with metadata, its navigations deferred or expanded. */
export function render(
  document: Document,
  set: EntitySet,
  row: Row,
  how: Rendering,
): Record<string, unknown> {
  const { service, root } = how.resource;
  const uri = `${how.base}${root}/${resourceName(set, row)}`;
  const shown: Record<string, unknown> = {
    __metadata: { id: uri, uri, type: `${service}.${set.name}Type`, etag: etagOf(document) },
    ...row,
  };
  for (const navigation of Object.keys(set.navigations)) {
    const inner = how.expand
      .filter((path) => path.startsWith(`${navigation}/`))
      .map((path) => path.slice(navigation.length + 1));
    if (!how.expand.includes(navigation) && inner.length === 0) {
      shown[navigation] = { __deferred: { uri: `${uri}/${navigation}` } };
      continue;
    }
    const target = navigated(service, set, navigation);
    const related = relatedRows(document, set, row, target);
    shown[navigation] = {
      results: related.map((child) => render(document, target, child, { ...how, expand: inner, select: [] })),
    };
  }
  if (how.select.length === 0) return shown;
  return Object.fromEntries(
    Object.entries(shown).filter(([name]) => name === '__metadata' || how.select.includes(name)),
  );
}

/** Rows of `target` that carry all keys of the row. */
export function relatedRows(document: Document, set: EntitySet, row: Row, target: EntitySet): Row[] {
  return (document.rows[target.name] ?? []).filter((child) =>
    set.keys.every((key) => sameKey(child[key], row[key])),
  );
}

/** Enough of a metadata document for a client that fetches its token there. */
export function metadataXml(service: ServiceName): string {
  const types = services[service].map(({ name, keys }) => {
    const refs = keys.map((key) => `<PropertyRef Name="${key}"/>`).join('');
    return `<EntityType Name="${name}Type"><Key>${refs}</Key></EntityType>`;
  });
  const schema = `<Schema Namespace="${service}" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">${types.join('')}</Schema>`;
  const inner = `<edmx:DataServices m:DataServiceVersion="2.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">${schema}</edmx:DataServices>`;
  return `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">${inner}</edmx:Edmx>`;
}
