/** Runs what is fetched from partners: one round at a time for each, in the process that holds the partition of its lease. */
import type { Lease } from '../../ledger/port';
import { isRerouteError } from '../../model/errors';
import { partitionOf } from '../../model/keys';
import type { EngineDeps } from '../deps';
import type { Partner } from '../partners/registry';
import { nextInterval } from './interval';
import type { FetchStatus, Round, Task } from './task';

const tickMs = 200;
/** Longest pause that a partner can ask for. */
const longestPauseMs = 24 * 3_600_000;

export interface FetcherHooks {
  partners(): Partner[];
  /** What is fetched from a partner; undefined when it only sends. */
  taskOf(partner: Partner): Task | undefined;
  /** The lease of a partition, when this process holds it. */
  lease(partition: number): Lease | undefined;
  /** Flows are being replaced or have not started yet. */
  paused(): boolean;
}

interface Watch {
  task: Task;
  nextAt: number;
  intervalMs: number;
  fetched: number;
  failures: number;
  lastAt?: number;
  lastNewsAt?: number;
  error?: { code: string; message: string; at: number };
}

export class Fetcher {
  private readonly watches = new WeakMap<Partner, Watch | 'none'>();
  /** By partner id: a partner that was deployed anew waits for the round of the one before. */
  private readonly running = new Map<string, Promise<void>>();
  private ticker: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    private readonly deps: EngineDeps,
    private readonly hooks: FetcherHooks,
  ) {}

  start(): void {
    this.stopping = false;
    this.ticker = setInterval(() => this.tick(), tickMs);
    this.ticker.unref();
  }

  /** No round begins; those under way see it between two steps. */
  halt(): void {
    this.stopping = true;
    clearInterval(this.ticker);
  }

  /** Resolves when no round is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  status(partner: Partner): FetchStatus | undefined {
    const watch = this.watchOf(partner);
    if (watch === 'none') return undefined;
    const { task, nextAt, intervalMs, fetched, failures, lastAt, lastNewsAt, error } = watch;
    const enabled = partner.config.fetch?.enabled !== false;
    return {
      kind: task.kind,
      enabled,
      intervalMs,
      fetched,
      failures,
      ...(lastAt === undefined ? {} : { lastAt }),
      ...(lastNewsAt === undefined ? {} : { lastNewsAt }),
      ...(enabled ? { nextAt } : {}),
      ...(error === undefined ? {} : { error }),
    };
  }

  private watchOf(partner: Partner): Watch | 'none' {
    const known = this.watches.get(partner);
    if (known) return known;
    const task = this.hooks.taskOf(partner);
    const watch: Watch | 'none' = task ? { task, nextAt: 0, intervalMs: 0, fetched: 0, failures: 0 } : 'none';
    this.watches.set(partner, watch);
    return watch;
  }

  private tick(): void {
    if (this.stopping || this.hooks.paused()) return;
    for (const partner of this.hooks.partners()) {
      const watch = this.watchOf(partner);
      if (watch === 'none' || watch.nextAt > this.deps.now() || this.running.has(partner.id)) continue;
      if (partner.config.fetch?.enabled === false || partner.lane.control?.held) continue;
      const lease = this.hooks.lease(partitionOf(`poll:${partner.id}`, this.deps.ledger.partitions));
      if (lease) this.begin(partner, watch, lease);
    }
  }

  private begin(partner: Partner, watch: Watch, lease: Lease): void {
    const stopped = () =>
      this.stopping ||
      this.hooks.paused() ||
      partner.lane.control?.held === true ||
      !this.hooks.partners().includes(partner);
    const round = watch.task.round(lease, stopped).then(
      (result) => this.done(partner, watch, result),
      (error: unknown) => this.failed(partner, watch, error),
    );
    this.running.set(
      partner.id,
      round.finally(() => this.running.delete(partner.id)),
    );
  }

  private done(partner: Partner, watch: Watch, round: Round): void {
    const now = this.deps.now();
    watch.lastAt = now;
    watch.fetched += round.news;
    if (round.news > 0) watch.lastNewsAt = now;
    watch.intervalMs = nextInterval(watch.intervalMs, watch.task.interval, round.news > 0 ? 'news' : 'quiet');
    const regular = round.more ? now : now + watch.intervalMs;
    const wanted = Math.min(regular, Math.max(now, round.dueAt ?? regular));
    watch.nextAt = Math.max(wanted, Math.min(round.notBefore ?? 0, now + longestPauseMs));
    if (round.problem === undefined) {
      watch.failures = 0;
      delete watch.error;
    } else this.note(partner, watch, round.problem);
  }

  private failed(partner: Partner, watch: Watch, error: unknown): void {
    const now = this.deps.now();
    watch.lastAt = now;
    watch.intervalMs = nextInterval(watch.intervalMs, watch.task.interval, 'failed');
    const asked = isRerouteError(error) ? error.retryAfterMs : undefined;
    watch.nextAt = now + Math.min(longestPauseMs, Math.max(watch.intervalMs, asked ?? 0));
    this.note(partner, watch, error);
  }

  /** Said once for each kind of fault, not at every round. */
  private note(partner: Partner, watch: Watch, error: unknown): void {
    const code = isRerouteError(error) ? error.code : 'FETCH_FAILED';
    const message = error instanceof Error ? error.message : String(error);
    if (watch.error?.code !== code)
      this.deps.log.warn(
        { partner: partner.id, kind: watch.task.kind, code, reason: message },
        'fetching failed',
      );
    watch.failures += 1;
    watch.error = { code, message: message.slice(0, 500), at: this.deps.now() };
  }
}
