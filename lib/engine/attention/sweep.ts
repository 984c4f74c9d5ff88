/** Looks, in rounds, at what nobody reports: deadlines of shipments, clocks of cases, the state of partners. The ledger is asked, so a crash forgets nothing. */
import type { Lease } from '../../ledger/port';
import type { EngineDeps } from '../deps';

/** One thing that is looked at. A round is bounded, and repeating it changes nothing. */
export interface Watch {
  name: string;
  /** @param leases the partitions that this process works on */
  round(leases: readonly Lease[]): Promise<void>;
}

export interface SweepHooks {
  leases(): Lease[];
  /** Flows are being replaced or have not started yet: what is noticed could start no run. */
  paused(): boolean;
}

export class Sweep {
  private ticker: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly deps: EngineDeps,
    private readonly watches: readonly Watch[],
    private readonly hooks: SweepHooks,
  ) {}

  start(): void {
    this.stopping = false;
    this.ticker = setInterval(() => this.tick(), this.deps.limits.attentionMs);
    this.ticker.unref();
  }

  /** Resolves when no round is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.ticker);
    await this.running;
  }

  private tick(): void {
    if (this.running || this.stopping || this.hooks.paused()) return;
    void this.begin();
  }

  /** A round now, for whoever holds the clock; resolves when it is over. */
  async now(): Promise<void> {
    await this.running;
    await this.begin();
  }

  private begin(): Promise<void> {
    this.running = this.round().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async round(): Promise<void> {
    const leases = this.hooks.leases();
    if (leases.length === 0) return;
    for (const watch of this.watches) {
      if (this.stopping) return;
      await watch.round(leases).catch((error: unknown) => {
        this.deps.log.error(
          { err: error, watch: watch.name },
          'a look at the ledger failed; tried again soon',
        );
      });
    }
  }
}
