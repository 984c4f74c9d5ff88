/**
 * The book: what really happened in the stand-in systems, written by them and not by the runtime under test. One entry for every
 * state-changing request that took effect; a repeat that the system recognised is an entry too, but no second effect.
 */
import { createHash } from 'node:crypto';

export type BookOutcome = 'effect' | 'deduplicated' | 'unchanged';

export interface BookEntry {
  /** 1, 2, 3 ... in the order in which the systems did the work. */
  seq: number;
  /** RFC 3339. */
  at: string;
  system: string;
  operation: string;
  target: string;
  /** The `Idempotency-Key` that came with the request. */
  idempotencyKey: string | null;
  /** The caller's reference in the body, where the interface has one. */
  reference: string | null;
  /** `unchanged`: the state was already as asked, or a newer one stands. */
  outcome: BookOutcome;
  /** Which effect of its group (system, operation, target, key) this is; 0 when it is no effect. */
  effectNumber: number;
  body: unknown;
}

export interface EffectCount {
  system: string;
  operation: string;
  target: string;
  /** The idempotency key, else the reference, else `body:HASH`. */
  key: string;
  effects: number;
}

export interface BookSummary {
  entries: number;
  effects: number;
  deduplicated: number;
  unchanged: number;
  counts: EffectCount[];
  /** Groups with a key or a reference that took effect more than once: each is an effect done twice. */
  duplicates: EffectCount[];
  /** Requests without key or reference that took effect more than once with the same body: possibly meant. */
  repeats: EffectCount[];
}

export type NewEntry = Pick<
  BookEntry,
  'system' | 'operation' | 'target' | 'idempotencyKey' | 'reference' | 'outcome' | 'body'
>;

/** Entries kept in full; counts are kept for all. A long load test must not fill the memory with bodies. */
const keptEntries = 200_000;

export class Book {
  private entries: BookEntry[] = [];
  private groups = new Map<string, EffectCount & { named: boolean }>();
  private seq = 0;
  private totals: Record<BookOutcome, number> = { effect: 0, deduplicated: 0, unchanged: 0 };

  record(entry: NewEntry, now: number): BookEntry {
    const effectNumber = entry.outcome === 'effect' ? this.count(entry) : 0;
    this.seq += 1;
    this.totals[entry.outcome] += 1;
    const written: BookEntry = { seq: this.seq, at: new Date(now).toISOString(), ...entry, effectNumber };
    this.entries.push(written);
    if (this.entries.length > keptEntries) this.entries.splice(0, keptEntries / 10);
    return written;
  }

  /** Entries after `since` (a seq), of one system when it is named. `dropped`: how many of the oldest are kept as counts only. */
  list(since: number, system: string | undefined): { items: BookEntry[]; dropped: number; lastSeq: number } {
    const items = this.entries.filter((entry) => entry.seq > since && (!system || entry.system === system));
    return { items, dropped: this.seq - this.entries.length, lastSeq: this.seq };
  }

  summary(): BookSummary {
    const groups = [...this.groups.values()];
    const strip = ({ named: _named, ...count }: EffectCount & { named: boolean }): EffectCount => count;
    const many = groups.filter((group) => group.effects > 1);
    return {
      entries: this.seq,
      effects: this.totals.effect,
      deduplicated: this.totals.deduplicated,
      unchanged: this.totals.unchanged,
      counts: groups.map(strip),
      duplicates: many.filter((group) => group.named).map(strip),
      repeats: many.filter((group) => !group.named).map(strip),
    };
  }

  clear(): void {
    this.entries = [];
    this.groups = new Map();
    this.seq = 0;
    this.totals = { effect: 0, deduplicated: 0, unchanged: 0 };
  }

  private count(entry: NewEntry): number {
    const name = entry.idempotencyKey ?? entry.reference;
    const key = name ?? `body:${hashOf(entry.body)}`;
    const id = [entry.system, entry.operation, entry.target, key].join('\u0000');
    const group = this.groups.get(id);
    if (group) {
      group.effects += 1;
      return group.effects;
    }
    const { system, operation, target } = entry;
    this.groups.set(id, { system, operation, target, key, effects: 1, named: name !== null });
    return 1;
  }
}

/** Short content hash of a parsed body; the order of its members counts, as it does for a system that compares bytes. */
export function hashOf(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('hex')
    .slice(0, 16);
}
