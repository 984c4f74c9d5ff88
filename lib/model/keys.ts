/** Hashes and keys: the same thing gets the same key on every machine, at every attempt. */
import { hash } from 'node:crypto';
import { FatalError } from './errors';
import type { FactData, Identifier, IdentifierKind, Identifiers } from './fact';

/** SHA-256 as 64 lower-case hex digits; text is hashed as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/**
 * JSON with object keys in code unit order and no white space, after RFC 8785: equal values give equal text.
 * Properties that are `undefined` are left out, dates become their ISO text.
 * @throws FatalError NOT_CANONICAL for what JSON cannot hold: NaN, infinities, bigint, functions, cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, new Set()) ?? 'null';
}

function write(value: unknown, above: Set<object>): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notCanonical(`the number ${value}`);
    return JSON.stringify(value);
  }
  if (value === undefined) return undefined;
  if (typeof value !== 'object') throw notCanonical(`a ${typeof value}`);
  if (above.has(value)) throw notCanonical('a cycle');
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), above);
  above.add(value);
  const text = Array.isArray(value)
    ? `[${value.map((item) => write(item, above) ?? 'null').join(',')}]`
    : writeObject(value as Record<string, unknown>, above);
  above.delete(value);
  return text;
}

function writeObject(value: Record<string, unknown>, above: Set<object>): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = write(value[key], above);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function notCanonical(what: string): FatalError {
  return new FatalError('NOT_CANONICAL', `${what} has no canonical JSON form`, {
    hint: 'Send plain JSON data.',
  });
}

/** Id of an ingested fact: the same event of the same source is the same fact, whoever delivers it and however often. */
export function factId(source: string, dedupKey: string): string {
  return sha256Hex(JSON.stringify([source, dedupKey]));
}

export interface EffectKeyParts {
  tenant: string;
  /** The case's id; for a run without a case, its root run's id. */
  subject: string;
  /** Rises with every new plan, so that a reopened case acts again where an attempt does not. */
  planVersion: number | string;
  step: string;
  target: string;
}

/** Outbound idempotency key: 64 hex digits. Attempts and replays of the same step on the same target reuse it. */
export function effectKey({ tenant, subject, planVersion, step, target }: EffectKeyParts): string {
  return sha256Hex(JSON.stringify([tenant, subject, String(planVersion), step, target]));
}

/** What a kind is called in a shipment key, in order of preference: the narrowest name of the physical shipment first. */
const keyPrefixes: readonly (readonly [IdentifierKind, string])[] = [
  ['shipmentId', 'shp'],
  ['deliveryId', 'dlv'],
  ['orderNumber', 'ord'],
  ['erpSalesOrderId', 'so'],
  ['asnId', 'asn'],
  ['proNumber', 'pro'],
  ['bolNumber', 'bol'],
];

/** Longest subject a fact may have. */
const maxKeyLength = 300;

/** Colons part the key, so those inside a part are escaped. */
const part = (text: string): string => text.trim().replace(/[%:]/g, (sign) => (sign === ':' ? '%3A' : '%25'));

function joined(prefix: string, ...parts: string[]): string {
  const key = [prefix, ...parts.map(part)].join(':');
  return key.length <= maxKeyLength ? key : `${prefix}:sha256:${sha256Hex(key)}`;
}

const first = (list: Identifier[] | undefined): Identifier | undefined =>
  list?.find((item) => item.value.trim() !== '');

/**
 * The key under which facts about one shipment meet: `<prefix>:<namespace>:<value>`, or `trk:<carrier>:<value>[:<ship date>]`,
 * for carriers reuse their numbers. Of several identifiers of a kind the first counts, as senders name the leading one first.
 * @returns undefined when none of the kinds is there: the event cannot be placed and becomes IDENTIFIER_UNRESOLVED.
 */
export function shipmentKeyOf(identifiers: Identifiers): string | undefined {
  const tracking = identifiers.trackingNumber?.find((item) => normalizeIdentifier(item.value) !== '');
  if (tracking) {
    const date = tracking.shipDate === undefined ? [] : [tracking.shipDate];
    return joined('trk', tracking.carrier.toLowerCase(), normalizeIdentifier(tracking.value), ...date);
  }
  for (const [kind, prefix] of keyPrefixes) {
    const found = first(identifiers[kind]);
    if (found) return joined(prefix, found.namespace, found.value);
  }
  const sscc = identifiers.sscc?.[0];
  return sscc === undefined ? undefined : joined('sscc', 'gs1', sscc);
}

const plainIdentifier = /^[0-9A-Z]*$/;

/** As identifiers are compared in a search: upper case, without the separators people type; leading zeros stay. */
export function normalizeIdentifier(value: string): string {
  if (plainIdentifier.test(value)) return value;
  const next = value
    .normalize('NFKC')
    .toUpperCase()
    .normalize('NFKC')
    .replace(/[\s\-_./\\#:]+/g, '');
  // Outside of ASCII one pass may leave marks that compose only now.
  return next === value ? value : normalizeIdentifier(next);
}

/** An identifier as it is indexed. `kind` is the property of `data.identifiers` it stands in, or `document`; see `documentUri`. */
export interface IdentifierToken {
  kind: string;
  /** The carrier for tracking numbers, `gs1` for an SSCC. */
  namespace: string;
  value: string;
  normalized: string;
}

/** Kinds that many shipments share: good for a search, but no proof that two facts are about the same thing. */
export const sharedIdentifierKinds: ReadonlySet<string> = new Set([
  'inventoryLocation',
  'customerAccount',
  'document',
]);

/** Every identifier once, for the search index. */
export function identifierTokens(identifiers: Identifiers): IdentifierToken[] {
  const tokens = new Map<string, IdentifierToken>();
  const add = (kind: string, namespace: string, value: string): void => {
    const normalized = normalizeIdentifier(value);
    if (normalized !== '')
      tokens.set(JSON.stringify([kind, namespace, value]), { kind, namespace, value, normalized });
  };
  for (const [kind, list] of Object.entries(identifiers)) {
    for (const item of list ?? []) {
      if (typeof item === 'string') add(kind, 'gs1', item);
      else if ('carrier' in item) add(kind, item.carrier, item.value);
      else add(kind, item.namespace, item.value);
    }
  }
  return [...tokens.values()];
}

/** A document of ours as evidence names it: its standard, and the control number that the effect which sent it keeps as `reference`. */
export function documentUri(standard: 'x12' | 'edifact', control: string): string {
  return `${standard}:${encodeURIComponent(control)}`;
}

const documentUris = /^(x12|edifact):(.{1,200})$/;

/** What a fact is found by: its identifiers, and the documents of ours that it is about. */
export function factTokens({
  identifiers,
  evidence = [],
}: Pick<FactData, 'identifiers' | 'evidence'>): IdentifierToken[] {
  const documents = evidence.flatMap(({ kind, uri }) => {
    const [, namespace, control] = documentUris.exec(kind === 'document' ? (uri ?? '') : '') ?? [];
    if (namespace === undefined || control === undefined) return [];
    const value = decoded(control);
    return [{ kind: 'document', namespace, value, normalized: normalizeIdentifier(value) }];
  });
  return [...identifierTokens(identifiers), ...documents.filter(({ normalized }) => normalized !== '')];
}

/** A URI that somebody else wrote may hold what is no encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Partition of an order key, 0 to `partitions - 1`: FNV-1a (32 bit) over the UTF-8 bytes, finished as in MurmurHash3 so that
 * the low bits are mixed too. Stored rows depend on it: it must never change.
 */
export function partitionOf(key: string, partitions: number): number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(key, 'utf8')) state = Math.imul(state ^ byte, 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) % partitions;
}
