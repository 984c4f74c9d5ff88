/**
 * Live changes for whoever listens: one reader of the ledger's feed for all of them, so that a hundred open screens ask it no
 * more than one does. A listener that cannot keep up, or was away for too long, is told to read everything anew.
 */
import type { Change } from '../../ledger/insights';
import type { Ledger } from '../../ledger/port';
import type { GatewayLogger } from '../deps';
import { Subscription } from './subscription';

export interface HubOptions {
  ledger: Pick<Ledger, 'changes' | 'lastChange'>;
  log: GatewayLogger;
  limits?: Partial<typeof streamLimits>;
}

export const streamLimits = {
  /** Listeners at one time, in all and for one caller. */
  clients: 200,
  clientsPerActor: 20,
  /** How often the feed is read while somebody listens, milliseconds. */
  pollMs: 400,
  heartbeatMs: 15_000,
  /** Events that wait for a slow listener. */
  queue: 1_000,
};

const batch = 500;

export class ChangeHub {
  readonly #subscriptions = new Map<Subscription, string>();
  readonly #limits: typeof streamLimits;
  #position: number | undefined;
  #poll: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: HubOptions) {
    this.#limits = { ...streamLimits, ...options.limits };
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** Whether one more may listen. */
  hasRoom(actor: string): boolean {
    const own = [...this.#subscriptions.values()].filter((name) => name === actor).length;
    return !this.#closed && this.size < this.#limits.clients && own < this.#limits.clientsPerActor;
  }

  /** @param after number of the last change that the listener has seen; without it only what comes from now on is sent */
  async subscribe(actor: string, after: number | undefined): Promise<Subscription> {
    const subscription = new Subscription({
      queue: this.#limits.queue,
      heartbeatMs: this.#limits.heartbeatMs,
      onEnd: () => this.#leave(subscription),
    });
    // It takes its place before the feed is read for it: nothing that happens in between is missed, and no limit is passed.
    this.#subscriptions.set(subscription, actor);
    await this.#catchUp(subscription, after).catch((error: unknown) => {
      subscription.end();
      throw error;
    });
    this.#start();
    return subscription;
  }

  close(): void {
    this.#closed = true;
    for (const subscription of [...this.#subscriptions.keys()]) subscription.end();
  }

  async #catchUp(subscription: Subscription, after: number | undefined): Promise<void> {
    const { ledger } = this.options;
    this.#position ??= await ledger.lastChange();
    if (after === undefined) return subscription.from(this.#position);
    let from = after;
    for (;;) {
      const { gap, changes } = await ledger.changes(from, batch);
      if (gap) return subscription.reset(this.#position);
      subscription.push(changes);
      from = changes.at(-1)?.seq ?? from;
      if (changes.length < batch) return;
    }
  }

  #leave(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
    if (this.size > 0) return;
    clearTimeout(this.#poll);
    this.#poll = undefined;
    this.#position = undefined;
  }

  #start(): void {
    if (this.size === 0) return;
    this.#poll ??= this.#later(this.#limits.pollMs, () => this.#readChanges());
  }

  #later(ms: number, work: () => Promise<void>): NodeJS.Timeout {
    const run = (): void => {
      work().catch((error: unknown) =>
        this.options.log.warn({ err: error }, 'the event stream could not read what is new'),
      );
    };
    return setTimeout(run, ms).unref();
  }

  async #readChanges(): Promise<void> {
    try {
      let changes: Change[] = [];
      do {
        const found = await this.options.ledger.changes(this.#position ?? 0, batch);
        changes = found.changes;
        this.#position = changes.at(-1)?.seq ?? this.#position ?? 0;
        for (const subscription of this.#subscriptions.keys()) {
          if (found.gap) subscription.reset(this.#position);
          else subscription.push(changes);
        }
      } while (changes.length === batch);
    } finally {
      if (this.size > 0) this.#poll = this.#later(this.#limits.pollMs, () => this.#readChanges());
    }
  }
}
