/** One SQLite connection: pragmas and a cache of prepared statements. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Database, type Parameter } from './database';
import { KeyIndex, keyHash } from './key-index';

export interface DatabaseOptions {
  readOnly?: boolean;
  /** How long a statement waits for another process's lock, milliseconds. */
  busyTimeoutMs?: number;
}

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

export class SqliteDatabase extends Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #writes = 0;
  /** Rows by their hashed keys; the writer's, for readers do not see what it holds in memory. */
  readonly keys = new KeyIndex();

  /** A statement that fails undoes itself only. */
  readonly aborted = false;

  constructor(path: string, options: DatabaseOptions = {}) {
    super();
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

  protected start(writes: boolean): void {
    this.#db.exec(writes ? 'BEGIN IMMEDIATE' : 'BEGIN');
  }

  run(sql: string, ...parameters: Parameter[]): { changes: number; rowId: number } {
    this.#writes++;
    const result = this.#statement(sql).run(...bound(parameters));
    return { changes: Number(result.changes), rowId: Number(result.lastInsertRowid) };
  }

  change<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    this.#writes++;
    return this.get<Row>(sql, ...parameters);
  }

  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#statement(sql).get(...bound(parameters)) as Row | undefined;
  }

  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#statement(sql).all(...bound(parameters)) as Row[];
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  overwriteFreed(on: boolean): void {
    this.#db.exec(`PRAGMA secure_delete = ${on ? 'ON' : 'OFF'}`);
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
