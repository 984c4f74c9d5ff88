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
import type { Answer, ConnectionOptions, Reply, Request, Work } from './wire';

type Done = Exclude<Reply, { message: string }>;

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
  #asked = 0;
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
    if (sql === 'ROLLBACK') {
      this.#rollBack();
      return;
    }
    const command = this.#script(sql);
    if (sql === 'BEGIN') this.#open = true;
    if (sql.startsWith('ROLLBACK')) this.#aborted = false;
    if (sql !== 'COMMIT') return;
    // The server answers ROLLBACK where it could not keep the transaction.
    if (command !== 'COMMIT') throw new StorageFailure('the transaction was not kept');
    this.#open = false;
  }

  /** Where the connection was lost there is nothing left to undo. */
  #rollBack(): void {
    try {
      this.#script('ROLLBACK');
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      this.#post({ kind: 'drop' });
    } finally {
      this.#open = false;
      this.#aborted = false;
    }
  }

  /** PostgreSQL frees space by VACUUM and does not overwrite it. */
  overwriteFreed(): void {}

  close(): void {
    this.#post({ kind: 'close' });
    this.#worker.unref();
  }

  /** Answers the command that the server carried out last. */
  #script(text: string): string {
    return this.#ask({ kind: 'script', text }).command;
  }

  #query(sql: string, parameters: readonly Parameter[]): Done {
    return this.#ask({ kind: 'query', ...statement(sql, parameters) });
  }

  #ask(work: Work): Done {
    const id = ++this.#asked;
    this.#post({ id, work, continues: this.#open });
    const reply = this.#await(id);
    if (!('message' in reply)) return reply;
    if (reply.code === undefined || passing.test(reply.code)) throw new StorageFailure(reply.message);
    this.#aborted = this.#open;
    throw Object.assign(new Error(reply.message), { sqlState: reply.code });
  }

  /** Answers to what was given up on before are passed over. */
  #await(id: number): Reply {
    const deadline = Date.now() + this.#answerMs;
    for (;;) {
      const seen = Atomics.load(this.#replies, 0);
      const answer = receiveMessageOnPort(this.#port.port1)?.message as Answer | undefined;
      if (answer?.id === id) return answer.reply;
      if (answer !== undefined) continue;
      if (Atomics.wait(this.#replies, 0, seen, deadline - Date.now()) !== 'timed-out') continue;
      this.#post({ kind: 'drop' });
      throw new StorageFailure(`PostgreSQL did not answer within ${this.#answerMs} ms`);
    }
  }

  #post(request: Request): void {
    this.#port.port1.postMessage(request);
  }
}
