/**
 * A PostgreSQL connection as the operations want it. They run in a thread of the ledger's own and may wait, so each statement is
 * handed to the connection's thread and slept on until it is answered.
 */
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { Database, type Parameter } from '../sqlite/database';
import { StorageFailure } from '../sqlite/wire';
import type { ConnectionData } from './connection';
import { numberedWrite, statement } from './dialect';
import { indexedKeys } from './keys';
import type { ConnectionOptions, Reply, Request } from './wire';

/** Namespaces of advisory locks; the other half of a lock's key is the schema's name. */
const locks = { write: 0x52527701, migrate: 0x52527702 };

/**
 * SQLSTATE classes after which nothing of the transaction can be kept though the calls may be right: connection, transaction
 * rollback, resources, intervention, system and internal errors, and what the server gave up on (25P03, 55P03).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passing = /^(08|40|53|57|58|XX|25P03|55P03|25006)/;

export class PostgresDatabase extends Database {
  readonly keys = indexedKeys;
  readonly #worker: Worker;
  readonly #port = new MessageChannel();
  readonly #replies = new Int32Array(new SharedArrayBuffer(4));
  readonly #answerMs: number;
  #writes = 0;
  #open = false;
  #aborted = false;

  constructor(options: ConnectionOptions) {
    super();
    // The server ends a statement first; this is for a server, or a network, that says nothing more.
    this.#answerMs = options.statementTimeoutMs + options.connectTimeoutMs + 5_000;
    const data: ConnectionData = { options, port: this.#port.port2, replies: this.#replies };
    this.#worker = new Worker(join(__dirname, 'connection.js'), {
      name: 'ledger-connection',
      workerData: data,
      transferList: [this.#port.port2],
    });
  }

  get writes(): number {
    return this.#writes;
  }

  get inTransaction(): boolean {
    return this.#open;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Writers of a ledger take turns, as on a file: what an operation has checked holds until its commit. */
  protected start(writes: boolean): void {
    this.#aborted = false;
    this.#script(writes ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    this.#open = true;
    if (writes) this.lock('write');
  }

  /** Waits for a lock that ends with the transaction. */
  lock(name: keyof typeof locks): void {
    this.#query(`SELECT pg_advisory_xact_lock(${locks[name]}, hashtext(current_schema()))`, []);
  }

  run(sql: string, ...parameters: Parameter[]): { changes: number; rowId: number } {
    this.#writes++;
    const { rows, count } = this.#query(numberedWrite(sql), parameters);
    return { changes: count, rowId: Number(rows.at(-1)?.seq ?? 0) };
  }

  change<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    this.#writes++;
    return this.get<Row>(sql, ...parameters);
  }

  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.all<Row>(sql, ...parameters)[0];
  }

  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#query(sql, parameters).rows as Row[];
  }

  exec(sql: string): void {
    if (sql === 'COMMIT' && this.#aborted) throw new StorageFailure('the transaction was aborted');
    try {
      this.#script(sql);
    } finally {
      if (sql === 'COMMIT' || sql === 'ROLLBACK') this.#open = false;
    }
    if (sql.startsWith('ROLLBACK')) this.#aborted = false;
  }

  /** PostgreSQL frees space by VACUUM and does not overwrite it. */
  overwriteFreed(): void {}

  close(): void {
    this.#post({ kind: 'close' });
    this.#worker.unref();
  }

  #script(text: string): void {
    this.#ask({ kind: 'script', text });
  }

  #query(sql: string, parameters: readonly Parameter[]): Exclude<Reply, { message: string }> {
    return this.#ask({ kind: 'query', ...statement(sql, parameters) });
  }

  #ask(request: Request): Exclude<Reply, { message: string }> {
    const before = Atomics.load(this.#replies, 0);
    this.#post(request);
    if (Atomics.wait(this.#replies, 0, before, this.#answerMs) === 'timed-out') {
      throw this.#lost(`PostgreSQL did not answer within ${this.#answerMs} ms`);
    }
    const reply = receiveMessageOnPort(this.#port.port1)?.message as Reply | undefined;
    if (reply === undefined) throw this.#lost('the connection gave no answer');
    if (!('message' in reply)) return reply;
    if (reply.code === undefined || passing.test(reply.code)) throw this.#lost(reply.message);
    this.#aborted = this.#open;
    throw Object.assign(new Error(reply.message), { sqlState: reply.code });
  }

  /** The transaction is left to be rolled back, which a lost connection has done already. */
  #lost(reason: string): StorageFailure {
    return new StorageFailure(reason);
  }

  #post(request: Request): void {
    this.#port.port1.postMessage(request);
  }
}
