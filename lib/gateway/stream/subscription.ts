/** One listener: what is to be sent to it, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { Change } from '../../ledger/insights';
import { toInstant } from '../views/wire';

export interface SubscriptionOptions {
  /** Events that may wait; beyond it the listener is told to read everything anew. */
  queue: number;
  heartbeatMs: number;
  onEnd(): void;
}

/** After a break a browser waits this long before it comes again, milliseconds. */
const retryMs = 2_000;

export class Subscription implements AsyncIterable<string>, AsyncIterator<string> {
  #queue: string[] = [`retry: ${retryMs}\n\n`];
  /** Last change sent: what is read twice around the beginning goes out once. */
  #sent = 0;
  #wake: (() => void) | undefined;
  #ended = false;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(private readonly options: SubscriptionOptions) {
    // A comment: it keeps proxies from closing a quiet connection and tells a dead one.
    this.#heartbeat = setInterval(() => this.#add(': still here\n\n'), options.heartbeatMs).unref();
  }

  /** Only later changes than this are sent. */
  from(seq: number): void {
    this.#sent = Math.max(this.#sent, seq);
  }

  push(changes: Change[]): void {
    for (const { seq, at, ...change } of changes) {
      if (seq <= this.#sent) continue;
      this.#sent = seq;
      const data = JSON.stringify({ ...change, at: toInstant(at) });
      this.#add(`id: ${seq}\nevent: ${change.kind}\ndata: ${data}\n\n`);
    }
  }

  /** Some changes cannot be told any more: whoever listens reads everything anew. */
  reset(seq: number): void {
    this.#sent = seq;
    this.#queue = [`id: ${seq}\nevent: reset\ndata: {}\n\n`];
    this.#awake();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#heartbeat);
    this.options.onEnd();
    this.#awake();
  }

  #add(event: string): void {
    if (this.#ended) return;
    if (this.#queue.length >= this.options.queue) this.reset(this.#sent);
    else this.#queue.push(event);
    this.#awake();
  }

  #awake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this;
  }

  async next(): Promise<IteratorResult<string>> {
    while (this.#queue.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#queue.length === 0) return { done: true, value: undefined };
    const value = this.#queue.join('');
    this.#queue = [];
    return { done: false, value };
  }

  /** The connection is gone. */
  async return(): Promise<IteratorResult<string>> {
    this.end();
    return { done: true, value: undefined };
  }
}
