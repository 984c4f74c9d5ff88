/**
 * Whether two ways of the same traffic say the same: an EDI lane that is to be retired, and the API that is to take over. Facts are
 * paired by a shared identifier, the same code and nearby event times; pairs are then compared field by field. Pure.
 */
import type { FactData } from '../../model/fact';
import { type IdentifierToken, normalizeIdentifier, sharedIdentifierKinds } from '../../model/keys';

export interface ParityFact {
  id: string;
  subject: string;
  tokens: readonly IdentifierToken[];
  data: FactData;
  /** Epoch milliseconds. */
  recordedAt: number;
}

export interface ParityOptions {
  /** Largest distance of event times within a pair, milliseconds. */
  windowMs: number;
  /** Event times this close agree, milliseconds. */
  toleranceMs: number;
  /** A fact without a partner that was recorded after this is pending: the other way may still bring it. Epoch milliseconds. */
  settledBefore: number;
  /** Examples kept of each kind of difference. */
  examples: number;
}

export interface FieldExample {
  subject: string;
  reference: { factId: string; value: unknown };
  candidate: { factId: string; value: unknown };
}
export interface FieldParity {
  field: string;
  agree: number;
  differ: number;
  /** The reference says it and the candidate does not, and the other way round. */
  missing: number;
  added: number;
  examples: FieldExample[];
}
export interface Unpaired {
  code: string;
  count: number;
  examples: { factId: string; subject: string; eventTime: string }[];
}
export interface Comparison {
  reference: number;
  candidate: number;
  paired: number;
  pending: number;
  fields: FieldParity[];
  /** Said by one of the two alone. */
  onlyReference: Unpaired[];
  onlyCandidate: Unpaired[];
}

interface Item extends ParityFact {
  code: string;
  at: number;
  keys: string[];
}
interface Pair {
  reference: Item;
  candidate: Item;
}

export function compareFacts(
  reference: readonly ParityFact[],
  candidate: readonly ParityFact[],
  options: ParityOptions,
): Comparison {
  const left = reference.map(itemOf);
  const right = candidate.map(itemOf);
  const same = pairUp(left, right, options.windowMs, (a, b) => a.code === b.code);
  const taken = new Set(same.flatMap((pair) => [pair.reference, pair.candidate]));
  const rest = (items: Item[]) => items.filter((item) => !taken.has(item));
  // What is left of one shipment at the very same time is one event that the two name differently.
  const renamed = pairUp(rest(left), rest(right), options.toleranceMs, () => true);
  for (const pair of renamed) taken.add(pair.reference).add(pair.candidate);
  const [onlyLeft, pendingLeft] = settled(rest(left), options);
  const [onlyRight, pendingRight] = settled(rest(right), options);
  const pairs = [...same, ...renamed];
  return {
    reference: left.length,
    candidate: right.length,
    paired: pairs.length,
    pending: pendingLeft + pendingRight,
    fields: fieldsOf(pairs, options),
    onlyReference: grouped(onlyLeft, options.examples),
    onlyCandidate: grouped(onlyRight, options.examples),
  };
}

/** Of one code and classifier: an estimate is never the event itself. */
function itemOf(fact: ParityFact): Item {
  const { milestone, exception, time } = fact.data;
  const code = exception?.code ?? milestone ?? 'NONE';
  const keys = fact.tokens
    .filter(({ kind }) => !sharedIdentifierKinds.has(kind))
    .map(({ kind, normalized }) => `${kind}:${normalized}`);
  return {
    ...fact,
    code: time.timeClassifier === 'ACTUAL' ? code : `${code} ${time.timeClassifier}`,
    at: Date.parse(time.eventTime),
    keys,
  };
}

/** An identifier that more facts share names no shipment. */
const mostOfOneShipment = 500;

/** One to one, the closest in time first, then those with more identifiers in common. */
function pairUp(
  left: readonly Item[],
  right: readonly Item[],
  windowMs: number,
  fits: (a: Item, b: Item) => boolean,
): Pair[] {
  const byKey = new Map<string, Item[]>();
  for (const item of left)
    for (const key of item.keys) {
      const known = byKey.get(key);
      if (known) known.push(item);
      else byKey.set(key, [item]);
    }
  const candidates = right.flatMap((candidate) => {
    const shared = new Map<Item, number>();
    for (const key of candidate.keys) {
      const references = byKey.get(key) ?? [];
      if (references.length > mostOfOneShipment) continue;
      for (const reference of references) shared.set(reference, (shared.get(reference) ?? 0) + 1);
    }
    return [...shared].flatMap(([reference, keys]) => {
      const apart = Math.abs(reference.at - candidate.at);
      return apart <= windowMs && fits(reference, candidate) ? [{ reference, candidate, apart, keys }] : [];
    });
  });
  candidates.sort(
    (a, b) => a.apart - b.apart || b.keys - a.keys || (a.reference.id < b.reference.id ? -1 : 1),
  );
  const taken = new Set<Item>();
  return candidates.filter(({ reference, candidate }) => {
    if (taken.has(reference) || taken.has(candidate)) return false;
    taken.add(reference).add(candidate);
    return true;
  });
}

function settled(items: readonly Item[], { settledBefore }: ParityOptions): [Item[], number] {
  const old = items.filter(({ recordedAt }) => recordedAt < settledBefore);
  return [old, items.length - old.length];
}

function grouped(items: readonly Item[], examples: number): Unpaired[] {
  const groups = [...Map.groupBy(items, ({ code }) => code)].map(([code, members]) => ({
    code,
    count: members.length,
    examples: members
      .slice(0, examples)
      .map(({ id, subject, data }) => ({ factId: id, subject, eventTime: data.time.eventTime })),
  }));
  return groups.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function fieldsOf(pairs: readonly Pair[], options: ParityOptions): FieldParity[] {
  const fields = new Map<string, FieldParity>();
  for (const { reference, candidate } of pairs) {
    const left = comparable(reference);
    const right = comparable(candidate);
    for (const field of new Set([...left.keys(), ...right.keys()])) {
      const parity = fields.get(field) ?? { field, agree: 0, differ: 0, missing: 0, added: 0, examples: [] };
      fields.set(field, parity);
      const [a, b] = [left.get(field), right.get(field)];
      const verdict = verdictOf(field, a, b, options);
      parity[verdict] += 1;
      if (verdict === 'agree' || parity.examples.length >= options.examples) continue;
      parity.examples.push({
        subject: reference.subject,
        reference: { factId: reference.id, value: a ?? null },
        candidate: { factId: candidate.id, value: b ?? null },
      });
    }
  }
  return [...fields.values()].sort((a, b) => (a.field < b.field ? -1 : 1));
}

function verdictOf(
  field: string,
  a: unknown,
  b: unknown,
  { toleranceMs }: ParityOptions,
): 'agree' | 'differ' | 'missing' | 'added' {
  if (b === undefined) return 'missing';
  if (a === undefined) return 'added';
  if (timeFields.has(field))
    return Math.abs(Date.parse(String(a)) - Date.parse(String(b))) <= toleranceMs ? 'agree' : 'differ';
  return JSON.stringify(a) === JSON.stringify(b) ? 'agree' : 'differ';
}

const timeFields: ReadonlySet<string> = new Set(['eventTime', 'context.etaAt', 'context.promisedDeliveryAt']);

/** What is compared, by its place in the fact. Vendor codes and record times belong to the way, not to the event. */
function comparable({ code, data }: Item): Map<string, unknown> {
  const values = new Map<string, unknown>([
    ['code', code],
    ['eventTime', data.time.eventTime],
  ]);
  const add = (field: string, value: unknown) => {
    if (value !== undefined && value !== '') values.set(field, value);
  };
  for (const [kind, list] of Object.entries(data.identifiers))
    add(`identifiers.${kind}`, identifiersOf(list));
  for (const [name, value] of Object.entries(data.context ?? {})) add(`context.${name}`, value);
  for (const [name, value] of Object.entries(data.place ?? {})) add(`place.${name}`, plain(value));
  for (const name of ['delayMinutes', 'attemptCount', 'holdReason'] as const)
    add(`exception.${name}`, data.exception?.[name]);
  add(
    'exception.discrepancies',
    data.exception?.discrepancies?.map(({ item, expected, actual }) => ({ item, expected, actual })),
  );
  add(
    'lines',
    data.lines?.map(({ lineId, ordered, fulfilled }) => ({ lineId, ordered, fulfilled })),
  );
  return values;
}

/** Whoever named them: values as they are searched, in sorted order. */
function identifiersOf(list: unknown): string[] | undefined {
  const values = ((list ?? []) as (string | { value: string })[]).map((item) =>
    normalizeIdentifier(typeof item === 'string' ? item : item.value),
  );
  return values.length === 0 ? undefined : [...new Set(values)].sort();
}

/** Case and spaces are the way's, not the place's. */
const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.trim().replace(/\s+/g, ' ').toUpperCase() : value;
