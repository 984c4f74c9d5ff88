/**
 * The main thread's end of a worker. Calls made in one turn go as one message; the worker takes every message that arrived
 * during its last commit as one group and answers it as one. No timer decides, and neither thread waits for the other's turn.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FatalError, RetryableError } from '../../model/errors';
import { type Call, type FromWorker, type Outcome, rebuildError, unavailable } from './wire';
import type { WorkerOptions } from './worker';

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls that may be unanswered; beyond it they are refused: what waits for seconds is better tried again later. */
export const maxQueuedCalls = 20_000;
/** Calls of one message: bounds how long one transaction holds the file. */
const maxMessageCalls = 1_000;

export interface ChannelStats {
  groups: number;
  calls: number;
  /** Microseconds the worker spent on groups, syncs included. */
  busyUs: number;
}

export type OperationTable = Record<string, { run: (db: never, ...args: never[]) => unknown }>;
type Args<F> = F extends (db: never, ...args: infer A) => unknown ? A : never;

export class Channel<Table extends OperationTable> {
  readonly stats: ChannelStats = { groups: 0, calls: 0, busyUs: 0 };
  readonly #worker: Worker;
  /** Calls of this turn, not yet posted. */
  #calls: Call[] = [];
  #unposted: Pending[] = [];
  /** Posted and unanswered, oldest first; answers come in the same order. */
  #posted: Pending[] = [];
  #broken: Error | undefined;
  #closing = false;
  #idle: (() => void)[] = [];

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the ledger thread has ended')));
  }

  /** Starts the worker; answers once the file is open and at this code's schema. */
  static async open<T extends OperationTable, Options extends { role: string } = WorkerOptions>(
    options: Options,
    script = join(__dirname, 'worker.js'),
  ): Promise<{ channel: Channel<T>; partitions: number }> {
    const worker = new Worker(script, {
      workerData: options,
      name: `ledger-${options.role}`,
    });
    const partitions = await new Promise<number>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (message: FromWorker) => {
        worker.off('error', reject);
        if (message.kind === 'open') resolve(message.partitions);
        else
          reject(
            message.kind === 'failed' ? rebuildError(message.error) : new Error('the worker did not open'),
          );
      });
    });
    return { channel: new Channel<T>(worker), partitions };
  }

  /**
   * Queues a call; resolves when its group is durable.
   * @throws RetryableError LEDGER_BUSY when too many wait, LEDGER_UNAVAILABLE when the group could not commit
   */
  call<Name extends keyof Table & string>(
    name: Name,
    ...args: Args<Table[Name]['run']>
  ): Promise<ReturnType<Table[Name]['run']>> {
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      if (this.#calls.length === 0) setImmediate(() => this.#post());
      this.#calls.push([name, args]);
      this.#unposted.push({ resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Calls that have no answer yet. */
  get waiting(): number {
    return this.#unposted.length + this.#posted.length;
  }

  /** Waits for every call under way, then closes the file and ends the thread. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    while (!this.#broken && this.waiting > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    if (this.#broken) return;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.postMessage({ kind: 'close' });
    await ended;
  }

  #refusal(): Error | undefined {
    if (this.#closing) {
      return new FatalError('LEDGER_CLOSED', 'the ledger is closed', { hint: 'Open it again.' });
    }
    if (this.#broken) return unavailable(this.#broken);
    if (this.waiting < maxQueuedCalls) return undefined;
    return new RetryableError('LEDGER_BUSY', `${maxQueuedCalls} ledger calls are waiting`, {
      hint: 'Slow the senders down, or move the ledger to a faster volume.',
      retryAfterMs: 500,
    });
  }

  /** At the end of the turn, so that calls made together go together. */
  #post(): void {
    if (this.#broken) return;
    const calls = this.#calls;
    const pending = this.#unposted;
    this.#calls = [];
    this.#unposted = [];
    for (let start = 0; start < calls.length; start += maxMessageCalls) {
      this.#postSome(
        calls.slice(start, start + maxMessageCalls),
        pending.slice(start, start + maxMessageCalls),
      );
    }
    if (this.waiting === 0) this.#wakeIdle();
  }

  #postSome(calls: Call[], pending: Pending[]): void {
    try {
      this.#worker.postMessage({ kind: 'calls', calls });
      this.#posted.push(...pending);
    } catch (error) {
      this.#postSingly(calls, pending, error);
    }
  }

  /** An argument that cannot be cloned fails its own call only. */
  #postSingly(calls: Call[], pending: Pending[], error: unknown): void {
    calls.forEach((call, index) => {
      const entry = pending[index];
      if (entry === undefined) return;
      try {
        this.#worker.postMessage({ kind: 'calls', calls: [call] });
        this.#posted.push(entry);
      } catch {
        entry.reject(
          new FatalError('LEDGER_REFUSED', 'an argument of the call is not plain data', { cause: error }),
        );
      }
    });
  }

  #receive(message: FromWorker): void {
    if (message.kind !== 'group') return;
    const answered = this.#posted.splice(0, message.outcomes.length);
    this.stats.groups += 1;
    this.stats.calls += answered.length;
    this.stats.busyUs += message.busyUs;
    answered.forEach((entry, index) => {
      settle(entry, message.outcomes[index]);
    });
    if (this.waiting === 0) this.#wakeIdle();
  }

  #fail(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    const lost = [...this.#posted, ...this.#unposted];
    this.#posted = [];
    this.#calls = [];
    this.#unposted = [];
    for (const entry of lost) entry.reject(unavailable(error));
    this.#wakeIdle();
  }

  #wakeIdle(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const wake of waiting) wake();
  }
}

function settle(entry: Pending, outcome: Outcome | undefined): void {
  if (outcome === undefined) entry.reject(unavailable(new Error('the ledger gave no answer')));
  else if ('error' in outcome) entry.reject(rebuildError(outcome.error));
  else entry.resolve(outcome.value);
}
