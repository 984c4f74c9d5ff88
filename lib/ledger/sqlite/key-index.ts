/**
 * Finds rows by keys that are hashes: dedup keys, fact ids, effect keys. In an ordinary index each such key falls on a page of
 * its own, and a commit writes all of those pages; half of what a run wrote were such pages. So new keys are kept in memory,
 * and moved into the index table some thousands at a time in the order of their hashes, a few with each commit, when many fall
 * on the same page. Nothing is at stake in between: rows hold their keys, and those that the table does not cover yet are read
 * again when the file is opened. A lookup only names candidates, the caller compares the whole key.
 */
import type { Database } from './database';

/** What is found: numbers are stored, so they never change. */
export const keyKinds = { raw: 1, fact: 2, effect: 3 } as const;
export type KeyKind = keyof typeof keyKinds;

/** Keys in memory before they begin to move: more make the moves cheaper, and opening after a crash slower. */
const moveAt = 8_192;
/** Keys that move with a commit; faster than they come in. */
const fewestMoves = 128;
const movesForEachNew = 3;

interface Entry {
  kind: number;
  hash: number;
  seq: number;
}

type Generation = Map<number, number[]>[];

/** A point inside a transaction to come back to. */
export interface KeyMark {
  added: number;
  moved: number;
}

const noGeneration = (): Generation => [new Map(), new Map(), new Map(), new Map()];

export class KeyIndex {
  /** What came in since the last move began, by kind and hash. */
  #young = noGeneration();
  #youngCount = 0;
  /** What is moving, found here until the move has been committed as a whole. */
  #moving = noGeneration();
  #queue: Entry[] = [];
  #moved = 0;
  /** Through which row of each kind the table will cover when the move has ended. */
  #through: Map<number, number> = new Map();
  /** Of this transaction, to be undone with it. */
  #added: Entry[] = [];
  #atBegin = 0;

  /** Reads the rows that the table does not cover. `select` answers `seq` and `key` of the rows after a given one, in order. */
  load(db: Database, selects: Record<KeyKind, string>): void {
    for (const [name, kind] of Object.entries(keyKinds) as [KeyKind, number][]) {
      const through =
        db.get<{ seq: number }>('SELECT seq FROM key_index_through WHERE kind = ?', kind)?.seq ?? 0;
      for (const { seq, key } of db.all<{ seq: number; key: string }>(selects[name], through))
        this.#put({ kind, hash: keyHash(key), seq });
    }
    this.#added = [];
  }

  /** The row that holds the key: `holds` compares the whole key. What came in last is looked at first, for it is asked for most. */
  find<Row>(
    db: Database,
    name: KeyKind,
    key: string,
    holds: (seq: number) => Row | undefined,
  ): Row | undefined {
    const kind = keyKinds[name];
    const hash = keyHash(key);
    for (const generation of [this.#young, this.#moving]) {
      for (const seq of generation[kind]?.get(hash) ?? []) {
        const row = holds(seq);
        if (row !== undefined) return row;
      }
    }
    return this.#findStored(db, kind, hash, holds);
  }

  /** Almost always there is none or one, and asking for one row is cheaper than asking for all. */
  #findStored<Row>(
    db: Database,
    kind: number,
    hash: number,
    holds: (seq: number) => Row | undefined,
  ): Row | undefined {
    let after = 0;
    for (;;) {
      const stored = db.get<{ seq: number }>(
        'SELECT seq FROM key_index WHERE kind = ? AND hash = ? AND seq > ? LIMIT 1',
        kind,
        hash,
        after,
      );
      if (stored === undefined) return undefined;
      const row = holds(stored.seq);
      if (row !== undefined) return row;
      after = stored.seq;
    }
  }

  add(name: KeyKind, key: string, seq: number): void {
    this.#put({ kind: keyKinds[name], hash: keyHash(key), seq });
  }

  #put(entry: Entry): void {
    const of = this.#young[entry.kind] as Map<number, number[]>;
    const same = of.get(entry.hash);
    if (same) same.push(entry.seq);
    else of.set(entry.hash, [entry.seq]);
    this.#youngCount += 1;
    this.#added.push(entry);
  }

  begin(): void {
    this.#added = [];
    this.#atBegin = this.#moved;
  }

  mark(): KeyMark {
    return { added: this.#added.length, moved: this.#moved };
  }

  /** Forgets what was added and moved since the mark; without one, since the transaction began. */
  undo(mark: KeyMark = { added: 0, moved: this.#atBegin }): void {
    for (const { kind, hash, seq } of this.#added.splice(mark.added).reverse()) {
      const of = this.#young[kind] as Map<number, number[]>;
      const left = (of.get(hash) ?? []).filter((other) => other !== seq);
      if (left.length > 0) of.set(hash, left);
      else of.delete(hash);
      this.#youngCount -= 1;
    }
    this.#moved = mark.moved;
  }

  /** Moves some keys into the table; the last call of a transaction that writes. */
  move(db: Database): void {
    if (this.#queue.length === 0) return;
    const some = Math.max(fewestMoves, movesForEachNew * this.#added.length);
    const end = Math.min(this.#queue.length, this.#moved + some);
    for (; this.#moved < end; this.#moved++) {
      const { kind, hash, seq } = this.#queue[this.#moved] as Entry;
      db.run(
        'INSERT INTO key_index (kind, hash, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        kind,
        hash,
        seq,
      );
    }
    if (this.#moved < this.#queue.length) return;
    for (const [kind, seq] of this.#through) {
      db.run(
        'INSERT INTO key_index_through (kind, seq) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET seq = excluded.seq',
        kind,
        seq,
      );
    }
  }

  /** The transaction is durable. */
  committed(): void {
    this.#added = [];
    if (this.#queue.length > 0 && this.#moved === this.#queue.length) {
      this.#moving = noGeneration();
      this.#queue = [];
      this.#moved = 0;
    }
    if (this.#queue.length === 0 && this.#youngCount >= moveAt) this.#startMove();
  }

  #startMove(): void {
    this.#moving = this.#young;
    this.#young = noGeneration();
    this.#youngCount = 0;
    this.#through = new Map();
    this.#moving.forEach((of, kind) => {
      for (const [hash, seqs] of of) {
        for (const seq of seqs) {
          this.#queue.push({ kind, hash, seq });
          this.#through.set(kind, Math.max(seq, this.#through.get(kind) ?? 0));
        }
      }
    });
    this.#queue.sort((a, b) => a.kind - b.kind || a.hash - b.hash);
  }
}

/** 53 bits of a text, spread evenly (two multiplicative hashes side by side, mixed at the end). Stored: it must never change. */
export function keyHash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return 0x100000000 * (0x1fffff & low) + (high >>> 0);
}
