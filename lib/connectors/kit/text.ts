/** Reading single values out of parsed vendor payloads: total, never coercing what is not text or a number. */

/** Trimmed text of at most `max` characters; numbers become text; undefined for everything else and for empty text. */
export function text(value: unknown, max = 200): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  if (trimmed === '') return undefined;
  return trimmed.length <= max ? trimmed : cut(trimmed, max);
}

/** Text of at most `max` characters, or undefined when it is longer: for identifiers, where a shortened value is another value. */
export function idText(value: unknown, max = 100): string | undefined {
  const found = text(value, max + 1);
  return found === undefined || found.length > max ? undefined : found;
}

/** Never ends between the halves of a surrogate pair. */
function cut(value: string, max: number): string {
  const last = value.charCodeAt(max - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

export type Json = Readonly<Record<string, unknown>>;

/** The value as an object, or undefined. */
export function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/**
 * The value as a list: an absent one is empty, a single one is a list of one (XML knows no lists).
 * @param max for lists that a fact holds only so much of; what happens is never cut, the size of the payload is its limit
 */
export function list(value: unknown, max = Number.POSITIVE_INFINITY): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value.length <= max ? value : value.slice(0, max)) : [value];
}

/** The objects of such a list; what is no object is left out. */
export function objects(value: unknown, max = Number.POSITIVE_INFINITY): Json[] {
  return list(value, max)
    .map((item) => object(item))
    .filter((item) => item !== undefined);
}
