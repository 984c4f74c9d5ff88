/**
 * The fields of all cases that lists are narrowed by, as columns in the memory of the thread that reads: facets, ages and
 * clocks of 200,000 cases are one pass over arrays of numbers. Filled from an index when it is first asked, then kept up from
 * the feed of changes, inside the transaction of the question, so that it always shows what a query would.
 */
import { openStates } from '../../model/case-table';
import { coversRegion, type Scope } from '../../model/scope';
import type { CaseFilter } from '../cases';
import { type CaseFacet, caseFacets } from '../insights';
import type { Database } from './database';
import { changes, lastChange } from './sql/changes';

const sqlName: Record<CaseFacet, string> = {
  state: 'status',
  severity: 'severity',
  code: 'code',
  partner: 'partner',
  region: 'region',
  warehouse: 'warehouse',
  carrier: 'carrier',
  assignee: 'assignee',
};
const selected = `seq, detected_at, acknowledge_due_at, resolve_due_at, ${Object.values(sqlName).join(', ')}`;

type Row = Record<string, string | number | null> & { seq: number };

/** Beyond this many changes since the last question everything is read anew. */
const mostChanges = 5_000;
const opened = new Set<string>(openStates);

/** The words of one field: each case holds the number of its word. */
class Words {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.list.length);
    return this.list.push(word) - 1;
  }

  /** Which of the numbers stand for one of the words. */
  among(words: readonly string[]): Set<number> {
    return new Set(words.flatMap((word) => this.#numbers.get(word) ?? []));
  }
}

interface Column {
  words: Words;
  values: Uint32Array;
}

export type Narrowed = Pick<CaseFilter, CaseFacet | 'detectedFrom' | 'detectedTo' | 'scope'>;

export class CaseColumns {
  static readonly #all = new WeakMap<Database, CaseColumns>();

  /** Up to date with the transaction that the database is in. */
  static of(db: Database): CaseColumns {
    let columns = CaseColumns.#all.get(db);
    if (!columns) {
      columns = new CaseColumns();
      CaseColumns.#all.set(db, columns);
    }
    columns.#refresh(db);
    return columns;
  }

  #upTo: number | undefined;
  /** One more than the highest number of a case; cases are numbered from 1 on and never removed. */
  #end = 0;
  readonly #columns = Object.fromEntries(
    caseFacets.map((facet) => [facet, { words: new Words(), values: new Uint32Array(1_024) }]),
  ) as Record<CaseFacet, Column>;
  #present = new Uint8Array(1_024);
  #detected = new Float64Array(1_024);
  #acknowledge = new Float64Array(1_024);
  #resolve = new Float64Array(1_024);

  #refresh(db: Database): void {
    const last = lastChange(db);
    if (this.#upTo === last) return;
    const news = this.#upTo === undefined ? undefined : changes(db, this.#upTo, mostChanges);
    if (!news || news.gap || news.changes.length === mostChanges) {
      for (const row of db.all<Row>(`SELECT ${selected} FROM cases`)) this.#put(row);
    } else {
      const ids = new Set(news.changes.filter(({ kind }) => kind === 'case').map(({ ref }) => ref));
      for (const id of ids) {
        const row = db.get<Row>(`SELECT ${selected} FROM cases WHERE id = ?`, id);
        if (row) this.#put(row);
      }
    }
    this.#upTo = last;
  }

  #put(row: Row): void {
    const { seq } = row;
    if (seq >= this.#present.length) this.#grow(seq + 1);
    this.#end = Math.max(this.#end, seq + 1);
    this.#present[seq] = 1;
    this.#detected[seq] = Number(row.detected_at);
    this.#acknowledge[seq] = numberOr(row.acknowledge_due_at);
    this.#resolve[seq] = numberOr(row.resolve_due_at);
    for (const facet of caseFacets) {
      const { words, values } = this.#columns[facet];
      values[seq] = words.numberOf(String(row[sqlName[facet]] ?? ''));
    }
  }

  #grow(least: number): void {
    const size = Math.max(least, this.#present.length * 2);
    const longer = <T extends Uint8Array | Uint32Array | Float64Array>(old: T, next: T): T => {
      next.set(old);
      return next;
    };
    this.#present = longer(this.#present, new Uint8Array(size));
    this.#detected = longer(this.#detected, new Float64Array(size));
    this.#acknowledge = longer(this.#acknowledge, new Float64Array(size));
    this.#resolve = longer(this.#resolve, new Float64Array(size));
    for (const facet of caseFacets) {
      const column = this.#columns[facet];
      column.values = longer(column.values, new Uint32Array(size));
    }
  }

  /**
   * Numbers of the cases that fit, or undefined when there are more than `most`: then a list soon meets enough of them by
   * itself.
   */
  matching(filter: Narrowed, most: number): number[] | undefined {
    const found: number[] = [];
    const wanted = this.#wanted(filter);
    const [from, to] = span(filter);
    const limits = this.#limits(filter.scope);
    const [present, detected, end] = [this.#present, this.#detected, this.#end];
    for (let seq = 0; seq < end; seq += 1) {
      if (present[seq] !== 1 || !isReached(limits, seq) || missedField(wanted, seq) !== noneMissed) continue;
      const at = detected[seq] ?? 0;
      if (at < from || at >= to) continue;
      if (found.push(seq) > most) return undefined;
    }
    return found;
  }

  /** @param only the cases that count, where more than these columns decides */
  facets(
    filter: Narrowed,
    only?: ReadonlySet<number>,
  ): { total: number; facets: Record<string, Record<string, number>> } {
    const wanted = this.#wanted(filter);
    const [from, to] = span(filter);
    const counts = caseFacets.map((facet) => new Uint32Array(this.#columns[facet].words.list.length));
    const values = caseFacets.map((facet) => this.#columns[facet].values);
    const [present, detected, end] = [this.#present, this.#detected, this.#end];
    const limits = this.#limits(filter.scope);
    let total = 0;
    const add = (field: number, seq: number): void => {
      const count = counts[field] as Uint32Array;
      const value = (values[field] as Uint32Array)[seq] ?? 0;
      count[value] = (count[value] ?? 0) + 1;
    };
    const visit = (seq: number): void => {
      const at = detected[seq] ?? 0;
      if (present[seq] !== 1 || at < from || at >= to || !isReached(limits, seq)) return;
      const missed = missedField(wanted, seq);
      if (missed >= 0) add(missed, seq);
      if (missed !== noneMissed) return;
      total += 1;
      for (let field = 0; field < values.length; field += 1) add(field, seq);
    };
    if (only) for (const seq of only) visit(seq);
    else for (let seq = 0; seq < end; seq += 1) visit(seq);
    return { total, facets: this.#named(counts) };
  }

  #named(counts: Uint32Array[]): Record<string, Record<string, number>> {
    const facets: Record<string, Record<string, number>> = {};
    for (const [index, facet] of caseFacets.entries()) {
      const named: Record<string, number> = {};
      for (const [value, count] of (counts[index] as Uint32Array).entries())
        if (count > 0) named[this.#columns[facet].words.list[value] ?? ''] = count;
      facets[facet] = named;
    }
    return facets;
  }

  #wanted(filter: Narrowed): Wanted[] {
    return caseFacets.flatMap((facet, field) => {
      const asked = filter[facet];
      if (asked === undefined) return [];
      const { words, values } = this.#columns[facet];
      const fits = new Uint8Array(words.list.length);
      for (const number of words.among([asked].flat())) fits[number] = 1;
      return [{ field, values, fits }];
    });
  }

  /** By the number of a word whether it is within the scope; a case of no region or partner is in none that names some. */
  #limits(scope: Scope | undefined): Limit[] {
    const limits: Limit[] = [];
    const add = (facet: CaseFacet, covers: (word: string) => boolean): void => {
      const { words, values } = this.#columns[facet];
      limits.push({ values, fits: Uint8Array.from(words.list, (word) => (covers(word) ? 1 : 0)) });
    };
    const { regions, partners } = scope ?? {};
    if (regions) add('region', (word) => coversRegion(regions, word));
    if (partners) add('partner', (word) => partners.includes(word));
    return limits;
  }

  /** Open cases by severity and age, the youngest first. */
  ages(now: number, bounds: number[], scope?: Scope): { severity: string; counts: number[] }[] {
    const { words, values } = this.#columns.severity;
    const counted = words.list.map(() => [...bounds.map(() => 0), 0]);
    const detected = this.#detected;
    this.#eachOpen(scope, (seq) => {
      const age = now - (detected[seq] ?? 0);
      let bucket = 0;
      while (bucket < bounds.length && age >= (bounds[bucket] ?? 0)) bucket += 1;
      const counts = counted[values[seq] ?? 0] as number[];
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    });
    return ['S1', 'S2', 'S3', 'S4'].map((severity) => ({
      severity,
      counts: counted[words.list.indexOf(severity)] ?? [...bounds.map(() => 0), 0],
    }));
  }

  /** Open cases with a running clock that ended before `now`, or ends within each horizon. */
  clocks(now: number, horizonsMs: number[], scope?: Scope): { overdue: number; within: number[] } {
    let overdue = 0;
    const within = horizonsMs.map(() => 0);
    const [acknowledge, resolve] = [this.#acknowledge, this.#resolve];
    this.#eachOpen(scope, (seq) => {
      // A clock that does not run is NaN, and NaN is neither before nor after anything.
      const [first, second] = [acknowledge[seq] ?? Number.NaN, resolve[seq] ?? Number.NaN];
      if (first < now || second < now) overdue += 1;
      for (let index = 0; index < horizonsMs.length; index += 1) {
        const end = now + (horizonsMs[index] ?? 0);
        if ((first >= now && first < end) || (second >= now && second < end))
          within[index] = (within[index] ?? 0) + 1;
      }
    });
    return { overdue, within };
  }

  #eachOpen(scope: Scope | undefined, visit: (seq: number) => void): void {
    const limits = this.#limits(scope);
    const { words, values } = this.#columns.state;
    const open = words.list.map((word) => opened.has(word));
    for (let seq = 0; seq < this.#end; seq += 1)
      if (this.#present[seq] === 1 && open[values[seq] ?? 0] === true && isReached(limits, seq)) visit(seq);
  }
}

interface Limit {
  values: Uint32Array;
  fits: Uint8Array;
}

function isReached(limits: Limit[], seq: number): boolean {
  // Asked for every case, and nearly always of nobody limited.
  return limits.length === 0 || limits.every(({ values, fits }) => fits[values[seq] ?? 0] === 1);
}

interface Wanted {
  /** Place among the facets. */
  field: number;
  values: Uint32Array;
  /** By the number of a word whether it was asked for. */
  fits: Uint8Array;
}

const noneMissed = -1;
const manyMissed = -2;

/** The one field in which a case does not fit. */
function missedField(wanted: Wanted[], seq: number): number {
  let missed = noneMissed;
  for (let index = 0; index < wanted.length; index += 1) {
    const { field, values, fits } = wanted[index] as Wanted;
    if (fits[values[seq] ?? 0] === 1) continue;
    if (missed !== noneMissed) return manyMissed;
    missed = field;
  }
  return missed;
}

function span({ detectedFrom, detectedTo }: Narrowed): [from: number, to: number] {
  return [detectedFrom ?? Number.NEGATIVE_INFINITY, detectedTo ?? Number.POSITIVE_INFINITY];
}

/** A clock that does not run has no end that could be compared. */
const numberOr = (value: string | number | null | undefined): number =>
  typeof value === 'number' ? value : Number.NaN;
