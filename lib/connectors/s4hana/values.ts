/** How OData v2 and SAP write keys, decimals and dates (https://www.odata.org/documentation/odata-version-2-0/json-format/). */

/** A string key in a resource path: quotes doubled, the rest percent-encoded. */
export function key(value: string): string {
  return `'${encodeURIComponent(value.replaceAll("'", "''"))}'`;
}

/** `000010` and `10` are one item number: SAP writes both, depending on the conversion exit. */
export function sameNumber(a: string, b: string): boolean {
  return a.replace(/^0+(?=.)/, '') === b.replace(/^0+(?=.)/, '');
}

/** A calendar day (`2026-03-04`) as OData v2 JSON writes it. */
export function toODataDate(day: string): string {
  return `/Date(${Date.parse(`${day}T00:00:00Z`)})/`;
}

/**
 * The instant of an OData v2 date (`/Date(1492098664000+0060)/`, where the offset is informative), of an RFC 3339 time, or of a bare
 * day (its midnight in UTC). Undefined for an empty or unreadable value.
 */
export function toInstant(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  const odata = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(text);
  const instant = odata ? Number(odata[1]) : Date.parse(text);
  return Number.isFinite(instant) ? instant : undefined;
}

/** The calendar day of an OData date: SAP sends days as midnight UTC. */
export function toDay(text: string | null | undefined): string | undefined {
  const instant = toInstant(text);
  if (instant === undefined || Math.abs(instant) > 8.64e15) return undefined;
  return new Date(instant).toISOString().slice(0, 10);
}
