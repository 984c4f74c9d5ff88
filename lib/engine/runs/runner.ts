/** Runs in memory, from claim to settlement: starting, settling, time limits, late messages, draining. */
import type { Reading } from '../../connectors/kit/connector';
import type { Lease } from '../../ledger/port';
import type { ClaimedRun, RunState, Settlement } from '../../ledger/runs';
import { DeferredError, isRerouteError, StaleFenceError } from '../../model/errors';
import type { EngineDeps } from '../deps';
import { ActiveRun, type PreviewSink } from './active-run';
import { deadLetterOf, settlementOf } from './settlement';
import { aboutRun, traceAttempt } from './spans';
import type { RunTracker } from './tracker';

export interface RunnerHooks {
  begin(run: ActiveRun): void;
  /** The ledger has written down how the attempt ended. */
  ended(run: ActiveRun, state: RunState): void;
}

/** How long a settled run stays known, so that a late message can revive it. */
const rememberMs = 60_000;
const watchMs = 500;
const settleRetryMs = 250;

export class Runner {
  private watcher: NodeJS.Timeout | undefined;
  private readonly settledAt = new Map<ActiveRun, number>();
  private activeCount = 0;
  private idleWaiters: (() => void)[] = [];

  constructor(
    private readonly deps: EngineDeps,
    private readonly tracker: RunTracker,
    private readonly hooks: RunnerHooks,
  ) {}

  get active(): number {
    return this.activeCount;
  }

  start(): void {
    this.watcher = setInterval(() => this.watch(), watchMs);
    this.watcher.unref();
  }

  stop(): void {
    clearInterval(this.watcher);
  }

  begin(
    record: ClaimedRun,
    lease: Lease,
    { preview, reading }: { preview?: PreviewSink; reading?: Reading | undefined } = {},
  ): ActiveRun {
    const run = new ActiveRun(record, lease, this.deps.now(), preview);
    run.reading = reading;
    this.tracker.add(run);
    this.activeCount += 1;
    if (record.attempt > this.deps.limits.maxAttempts) this.giveUpCrashed(run);
    else this.hooks.begin(run);
    return run;
  }

  /** An attempt that ends with its process is counted when the next owner takes the run; one that always does must not go on for ever. */
  private giveUpCrashed(run: ActiveRun): void {
    const { maxAttempts } = this.deps.limits;
    run.fail({
      code: 'CRASHED',
      message: `${maxAttempts} attempts failed or ended together with the process`,
      hint: 'Look in the log for why the process ended while this run was under way; correct the flow, then replay.',
    });
    this.tracker.checkSoon(run);
  }

  /** The tracker found the run quiet. */
  settle(run: ActiveRun): void {
    if (run.phase !== 'open') return;
    run.phase = 'settling';
    if (run.preview) {
      run.preview.finish(run);
      this.leave(run, 'over');
      return;
    }
    const settlement = settlementOf(run, { ...this.deps, now: this.deps.now() });
    run.settled = this.deps.ledger
      .settleRuns(run.lease, [settlement])
      .then(([answer]) => {
        // What a failed attempt has left behind is not delivered any more.
        this.leave(run, run.failure ? 'over' : 'settled');
        this.report(run, settlement);
        this.hooks.ended(run, answer?.state ?? 'done');
      })
      .catch((error: unknown) => this.settleFailed(run, error));
  }

  /** Put off is no failure; what was handled leaves no line either. */
  private report(run: ActiveRun, settlement: Settlement): void {
    this.count(run, settlement);
    if (settlement.outcome === 'done' || (settlement.outcome === 'retry' && !settlement.spent)) return;
    const { code, message, nodeId, nodeType } = settlement.error;
    const detail = { ...aboutRun(run), attempt: run.record.attempt, code, reason: message, nodeId, nodeType };
    const dead = settlement.outcome === 'dead';
    this.deps.log.warn(
      detail,
      dead ? 'a run ended as a dead letter' : 'an attempt failed; it is tried again',
    );
  }

  private count(run: ActiveRun, settlement: Settlement): void {
    const { meter } = this.deps;
    if (!meter) return;
    const putOff = settlement.outcome === 'retry' && !settlement.spent;
    meter.attempt(putOff ? 'put-off' : settlement.outcome, (settlement.at - run.startedAt) / 1000);
    for (const { partner, reason } of 'deadLetters' in settlement ? (settlement.deadLetters ?? []) : [])
      meter.deadLetter(partner ?? '', reason.code);
  }

  private settleFailed(run: ActiveRun, error: unknown): void {
    if (error instanceof StaleFenceError) {
      this.leave(run, 'over');
      return;
    }
    this.deps.log.error(
      { err: error, ...aboutRun(run) },
      'the end of a run could not be recorded; tried again',
    );
    run.phase = 'open';
    setTimeout(() => this.tracker.checkSoon(run), settleRetryMs).unref();
  }

  private leave(run: ActiveRun, phase: 'settled' | 'over'): void {
    if (run.phase === 'over') return;
    run.phase = phase;
    if (this.deps.traces) traceAttempt(this.deps.traces, run, this.deps.now());
    this.activeCount -= 1;
    if (phase === 'settled') {
      this.settledAt.set(run, this.deps.now());
      // Thousands of settled runs are remembered: their payloads stay in the ledger only.
      if (run.record.kind === 'raw') delete run.record.raw;
    } else this.tracker.remove(run);
    if (this.activeCount === 0) for (const waiter of this.idleWaiters.splice(0)) waiter();
  }

  /** A message of a settled run is about to be delivered: the run goes on, before anything else happens. */
  async revive(run: ActiveRun): Promise<boolean> {
    try {
      if (run.failure || !(await this.deps.ledger.reviveRun(run.lease, run.id))) return false;
      await this.recallPayload(run);
    } catch (error) {
      if (!isRerouteError(error)) throw error;
      return false;
    }
    if (run.phase !== 'settled') return run.phase === 'open';
    this.settledAt.delete(run);
    run.phase = 'open';
    this.activeCount += 1;
    return true;
  }

  private async recallPayload({ record }: ActiveRun): Promise<void> {
    if (record.kind !== 'raw' || record.raw) return;
    const raw = await this.deps.ledger.rawPayload(record.ref);
    if (raw) record.raw = raw;
  }

  private watch(): void {
    const now = this.deps.now();
    for (const run of this.tracker.runs()) {
      if (run.phase === 'open' && now - run.startedAt > this.deps.limits.runTimeoutMs) this.timeOut(run);
    }
    for (const [run, at] of this.settledAt) {
      if (now - at < rememberMs) break;
      this.settledAt.delete(run);
      this.tracker.remove(run);
    }
  }

  private timeOut(run: ActiveRun): void {
    const places = [...new Set(run.held.map((held) => `${held.nodeType} ${held.nodeName ?? held.nodeId}`))];
    const [first] = run.held;
    run.fail({
      code: 'RUN_TIMEOUT',
      message: `the attempt did not settle within ${this.deps.limits.runTimeoutMs} ms; ${places.length > 0 ? `still holding a message: ${places.join(', ')}` : 'a message is still on its way'}`,
      hint: 'A node that never completes its message is at fault; long waits belong into a wait node.',
      ...(first
        ? {
            nodeId: first.nodeId,
            nodeType: first.nodeType,
            ...(first.nodeName ? { nodeName: first.nodeName } : {}),
          }
        : {}),
    });
    this.giveUp(run);
  }

  /** Ends an attempt whose messages may still be somewhere: what they do from now on is dropped. */
  private giveUp(run: ActiveRun): void {
    run.held.length = 0;
    run.onTheWay.length = 0;
    this.settle(run);
  }

  /** Attempts that cannot go on (their flow is being replaced) end without being counted; the next one starts at once. */
  interrupt(code: string, message: string, which: (run: ActiveRun) => boolean = () => true): void {
    for (const run of [...this.tracker.runs()]) {
      if (run.phase !== 'open' || !which(run)) continue;
      run.failure = { code, message, error: interruption(code, message) };
      this.giveUp(run);
    }
  }

  /** The partitions belong to another worker now: nothing of these runs may be written any more. */
  abandon(partitions: number[]): void {
    for (const run of [...this.tracker.runs()]) {
      if (run.phase === 'open' && partitions.includes(run.lease.partition)) this.leave(run, 'over');
    }
  }

  /** Resolves true when nothing is in memory, false when that took longer than `ms`. */
  async idle(ms: number): Promise<boolean> {
    if (this.activeCount === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const quiet = new Promise<true>((resolve) => this.idleWaiters.push(() => resolve(true)));
    const result = await Promise.race([quiet, late]);
    clearTimeout(timer);
    return result;
  }

  /** A dead letter written by a node while its run goes on. */
  noteDeadLetter(run: ActiveRun, failure: Parameters<typeof deadLetterOf>[1]): string {
    const letter = deadLetterOf(run, failure, { now: this.deps.now(), newId: this.deps.newId });
    run.deadLetters.push(letter);
    return letter.id;
  }
}

function interruption(code: string, message: string): DeferredError {
  return new DeferredError(code, message, { retryAfterMs: 0 });
}
