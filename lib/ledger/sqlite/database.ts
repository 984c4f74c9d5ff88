/**
 * One SQLite connection: pragmas, a cache of prepared statements, and counters that are written once a commit.
 * Used inside a worker thread only, because every call blocks.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { KeyIndex, keyHash } from './key-index';

/** What a statement can be given; `undefined` is stored as NULL. */
export type Parameter = string | number | bigint | Uint8Array | null | undefined;

export interface DatabaseOptions {
  readOnly?: boolean;
  /** How long a statement waits for another process's lock, milliseconds. */
  busyTimeoutMs?: number;
}

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
  return `INSERT INTO ${table} (${columns}, n) VALUES (${marks}, ?) ON CONFLICT (${columns}) DO UPDATE SET n = n + excluded.n`;
}

const upserts: Record<SumTable, string> = {
  counters: upsertOf('counters'),
  measures: upsertOf('measures'),
};

const megabyte = 1024 * 1024;

/** FULL syncs every commit; the checkpoint threshold trades WAL size against how often pages are copied home. */
const writerPragmas = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'wal_autocheckpoint = 4000',
  `journal_size_limit = ${64 * megabyte}`,
  'cache_size = -16384',
];
/** No memory map: here it saved no time and counted every page it touched as resident memory. */
const sharedPragmas = ['foreign_keys = OFF', 'temp_store = MEMORY', 'mmap_size = 0'];

export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #pending = new Map<string, Pending>();
  #writes = 0;
  /** Fencing tokens read in this transaction: inside one they change by `acquire` only. */
  readonly fences = new Map<number, number>();
  /** Numbers of shipments met in this transaction: they never change. */
  readonly shipmentNumbers = new Map<string, number>();
  /** Links written in this transaction. */
  readonly links = new Set<string>();
  /** Rows by their hashed keys; the writer's, for readers do not see what it holds in memory. */
  readonly keys = new KeyIndex();

  constructor(path: string, options: DatabaseOptions = {}) {
    this.#db = new DatabaseSync(path, {
      readOnly: options.readOnly ?? false,
      timeout: options.busyTimeoutMs ?? 5000,
      enableForeignKeyConstraints: false,
    });
    const pragmas = options.readOnly ? ['cache_size = -16384'] : writerPragmas;
    try {
      for (const pragma of [...pragmas, ...sharedPragmas]) this.#db.exec(`PRAGMA ${pragma}`);
      this.#db.function('key_hash', { deterministic: true }, (text) => keyHash(String(text)));
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** How many write statements ran: tells whether a call that failed had changed anything. */
  get writes(): number {
    return this.#writes;
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  /** Starts a transaction; `immediate` takes the write lock at once. */
  begin(immediate: boolean): void {
    this.forget();
    this.keys.begin();
    this.#db.exec(immediate ? 'BEGIN IMMEDIATE' : 'BEGIN');
  }

  /** Drops what was remembered of this transaction, when it begins or a part of it is undone. */
  forget(): void {
    this.fences.clear();
    this.shipmentNumbers.clear();
    this.links.clear();
  }

  /** Runs a write. */
  run(sql: string, ...parameters: Parameter[]): { changes: number; rowId: number } {
    this.#writes++;
    const result = this.#statement(sql).run(...bound(parameters));
    return { changes: Number(result.changes), rowId: Number(result.lastInsertRowid) };
  }

  /** Runs a write with RETURNING; its first row. */
  change<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    this.#writes++;
    return this.get<Row>(sql, ...parameters);
  }

  /** First row of a read. The caller names the row type that the SQL's columns make. */
  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#statement(sql).get(...bound(parameters)) as Row | undefined;
  }

  /** All rows of a read. */
  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#statement(sql).all(...bound(parameters)) as Row[];
  }

  /** Runs SQL text that returns nothing: transactions, pragmas, migrations. */
  exec(sql: string): void {
    this.#db.exec(sql);
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

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function bound(parameters: Parameter[]): SQLInputValue[] {
  for (let index = 0; index < parameters.length; index++) {
    if (parameters[index] === undefined) parameters[index] = null;
  }
  return parameters as SQLInputValue[];
}
