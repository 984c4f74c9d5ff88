/**
 * What operations ask of a connection, whichever engine is behind it: statements, counters that are written once a commit, and
 * what is remembered for a transaction. Used inside a ledger's own thread only, because every call blocks.
 */
import type { KeyIndex } from './key-index';

/** What a statement can be given; `undefined` is stored as NULL. */
export type Parameter = string | number | bigint | Uint8Array | null | undefined;

/** Tables of sums and their keys. */
const sumTables = {
  counters: ['kind', 'key'],
  measures: ['name', 'dim', 'slot', 'value', 'bucket'],
} as const;
export type SumTable = keyof typeof sumTables;

interface Pending {
  table: SumTable;
  key: (string | number)[];
  delta: number;
}

function upsertOf(table: SumTable): string {
  const columns = sumTables[table].join(', ');
  const marks = sumTables[table].map(() => '?').join(', ');
  return `INSERT INTO ${table} (${columns}, n) VALUES (${marks}, ?) ON CONFLICT (${columns}) DO UPDATE SET n = ${table}.n + excluded.n`;
}

const upserts: Record<SumTable, string> = {
  counters: upsertOf('counters'),
  measures: upsertOf('measures'),
};

/** Finds rows by their keys; see `KeyIndex`. */
export type Keys = Pick<KeyIndex, 'find' | 'add' | 'begin' | 'mark' | 'undo' | 'move' | 'committed'>;

export abstract class Database {
  #pending = new Map<string, Pending>();
  /** Fencing tokens read in this transaction: inside one they change by `acquire` only. */
  readonly fences = new Map<number, number>();
  /** Numbers of shipments met in this transaction: they never change. */
  readonly shipmentNumbers = new Map<string, number>();
  /** Links written in this transaction. */
  readonly links = new Set<string>();
  abstract readonly keys: Keys;

  /** How many write statements ran: tells whether a call that failed had changed anything. */
  abstract readonly writes: number;
  abstract readonly inTransaction: boolean;
  /** True when the transaction takes no more statements until it, or the savepoint, is undone. */
  abstract readonly aborted: boolean;

  /** Starts a transaction; one that writes has the ledger for itself until it ends. */
  begin(writes: boolean): void {
    this.forget();
    this.keys.begin();
    this.start(writes);
  }

  protected abstract start(writes: boolean): void;

  /** Runs a write. */
  abstract run(sql: string, ...parameters: Parameter[]): { changes: number; rowId: number };
  /** Runs a write with RETURNING; its first row. */
  abstract change<Row>(sql: string, ...parameters: Parameter[]): Row | undefined;
  /** First row of a read. The caller names the row type that the SQL's columns make. */
  abstract get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined;
  /** All rows of a read. */
  abstract all<Row>(sql: string, ...parameters: Parameter[]): Row[];
  /** Runs SQL text that returns nothing: transactions, migrations. */
  abstract exec(sql: string): void;
  /** Whether space that becomes free is overwritten, where the engine can. */
  abstract overwriteFreed(on: boolean): void;
  abstract close(): void;

  /** Drops what was remembered of this transaction, when it begins or a part of it is undone. */
  forget(): void {
    this.fences.clear();
    this.shipmentNumbers.clear();
    this.links.clear();
  }

  /** Adds to a counter; written by `flushCounters`, so that a group of calls costs one write for each counter. */
  count(kind: string, key: string, delta: number): void {
    this.tally('counters', [kind, key], delta);
  }

  /** The same for a table of sums: `key` is its primary key, in the order of its columns. */
  tally(table: SumTable, key: (string | number)[], delta: number): void {
    const id = `${table}\n${key.join('\n')}`;
    const pending = this.#pending.get(id);
    if (pending) pending.delta += delta;
    else this.#pending.set(id, { table, key, delta });
  }

  /** Counter changes so far, to come back to when a call of the group is undone. */
  counterMark(): Map<string, Pending> {
    return new Map([...this.#pending].map(([id, entry]) => [id, { ...entry }]));
  }

  resetCounters(mark: Map<string, Pending> = new Map()): void {
    this.#pending = mark;
  }

  flushCounters(): void {
    for (const { table, key, delta } of this.#pending.values()) {
      if (delta === 0) continue;
      this.run(upserts[table], ...key, delta);
    }
    this.#pending = new Map();
  }
}
