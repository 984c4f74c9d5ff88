/** Takes due runs from the ledger into memory, partition by partition, and keeps taking while there is room. */
import type { Dispatch, DispatchListener } from '../../dispatch/port';
import type { Lease, Ledger } from '../../ledger/port';
import type { ClaimedRun } from '../../ledger/runs';
import type { Logger } from '../deps';
import type { EngineLimits } from '../limits';

interface Owned {
  lease: Lease;
  /** Runs that may wait in the ledger; a claim finds out. */
  waiting: number;
  dirty: boolean;
  /** Next time at which something becomes due. */
  dueAt: number;
}

export interface SchedulerHooks {
  /** Puts a claimed run to work. */
  start(run: ClaimedRun, lease: Lease): void;
  /** Runs in memory now. */
  active(): number;
  /** The partitions were lost: their runs must stop. */
  abandon(partitions: number[]): void;
}

const tickMs = 50;
const sweepMs = 5_000;

export class Scheduler implements DispatchListener {
  private readonly owned = new Map<number, Owned>();
  private paused = true;
  private pumping: Promise<void> | undefined;
  private ticker: NodeJS.Timeout | undefined;
  private sweptAt = 0;
  /** The last taking stopped for want of room. */
  private starved = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly dispatch: Dispatch,
    private readonly limits: EngineLimits,
    private readonly now: () => number,
    private readonly hooks: SchedulerHooks,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    await this.dispatch.start(this);
    this.ticker = setInterval(() => this.tick(), tickMs);
    this.ticker.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.ticker);
    this.paused = true;
    await this.pumping;
    await this.dispatch.stop();
    this.owned.clear();
  }

  /** True before the first flows run, during a deploy and after the stop. */
  get isPaused(): boolean {
    return this.paused;
  }

  /** Runs are taken only while flows run. */
  resume(): void {
    this.paused = false;
    for (const owned of this.owned.values()) owned.dirty = true;
    this.pump();
  }

  async pause(): Promise<void> {
    this.paused = true;
    await this.pumping;
  }

  gained(leases: Lease[]): void {
    for (const lease of leases) this.owned.set(lease.partition, { lease, waiting: 1, dirty: true, dueAt: 0 });
  }

  lost(partitions: number[]): void {
    for (const partition of partitions) this.owned.delete(partition);
    this.hooks.abandon(partitions);
  }

  wake(partition: number): void {
    const owned = this.owned.get(partition);
    if (!owned) return;
    owned.waiting += 1;
    owned.dirty = true;
    this.pump();
  }

  /** The partitions that this process works on. */
  leases(): Lease[] {
    return [...this.owned.values()].map(({ lease }) => lease);
  }

  /** The lease for work in a partition, when this process owns it. */
  lease(partition: number): Lease | undefined {
    return this.owned.get(partition)?.lease;
  }

  /** A lease under which an accepted run may start at once: owned, running, with room. */
  leaseWithRoom(partition: number): Lease | undefined {
    if (this.paused || this.hooks.active() >= this.limits.maxActiveRuns) return undefined;
    return this.lease(partition);
  }

  /** A run has settled: the next one of its order key may be waiting. */
  freed(partition: number): void {
    const owned = this.owned.get(partition);
    if (owned && owned.waiting > 0) owned.dirty = true;
    else if (!this.starved) return;
    this.pump();
  }

  /** Something becomes due in the partition at that time. */
  dueAt(partition: number, at: number): void {
    const owned = this.owned.get(partition);
    if (owned && at < owned.dueAt) owned.dueAt = at;
  }

  private tick(): void {
    const now = this.now();
    const sweep = now - this.sweptAt >= sweepMs;
    if (sweep) this.sweptAt = now;
    let any = false;
    for (const owned of this.owned.values()) {
      if (!sweep && owned.dueAt > now) continue;
      owned.dirty = true;
      any = true;
    }
    if (any) this.pump();
  }

  private pump(): void {
    if (this.pumping || this.paused) return;
    this.pumping = this.takeAll()
      .catch((error: unknown) => this.log.error({ err: error }, 'could not take runs from the ledger'))
      .finally(() => {
        this.pumping = undefined;
      });
  }

  private async takeAll(): Promise<void> {
    for (;;) {
      const room = this.limits.maxActiveRuns - this.hooks.active();
      const dirty = [...this.owned.values()].filter((owned) => owned.dirty);
      this.starved = dirty.length > 0 && room <= 0;
      if (this.paused || dirty.length === 0 || room <= 0) return;
      const share = Math.max(1, Math.min(this.limits.claimBatch, Math.ceil(room / dirty.length)));
      await Promise.all(dirty.map((owned) => this.take(owned, share)));
    }
  }

  private async take(owned: Owned, limit: number): Promise<void> {
    owned.dirty = false;
    const { partition } = owned.lease;
    const waitingBefore = owned.waiting;
    const now = this.now();
    const fires = owned.dueAt <= now;
    // What becomes due while the ledger is asked lowers it again, and is not overwritten by an answer of before.
    owned.dueAt = Number.POSITIVE_INFINITY;
    try {
      if (fires) await this.ledger.fireTimers(owned.lease, { now, limit: this.limits.claimBatch });
      const runs = await this.ledger.claimRuns(owned.lease, { now, limit });
      for (const run of runs) this.hooks.start(run, owned.lease);
      if (runs.length === limit) {
        owned.dirty = true;
        return;
      }
      const next = await this.ledger.nextDueAt(partition);
      if (next !== undefined) this.dueAt(partition, next);
      // While runs are in memory, or due later, others may stand behind one of their key; with none, nothing waits.
      const idle = runs.length === 0 && next === undefined && this.hooks.active() === 0;
      if (idle && owned.waiting === waitingBefore) owned.waiting = 0;
    } catch (error) {
      owned.dueAt = now;
      throw error;
    }
  }
}
