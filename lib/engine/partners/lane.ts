/** A partner's lane: every outbound call passes here, under its rate, its concurrency, its circuit breaker and its hold. */
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleAll,
  SamplingBreaker,
} from 'cockatiel';
import PQueue from 'p-queue';
import type { OperationResult, PartnerLimits } from '../../connectors/kit/connector';
import type { PartnerControl } from '../../ledger/operators';
import { DeferredError } from '../../model/errors';

/** Half of the calls of 10 s failing, at least 5 calls' worth, opens the circuit for 5 s. */
const breakerRule = { threshold: 0.5, duration: 10_000, minimumRps: 0.5 };
const openForMs = 5_000;

/** What the engine asks of a lane. */
export type PartnerLane = Pick<Lane, keyof Lane>;

/** @throws DeferredError PARTNER_HELD */
export function refuseWhenHeld(partner: string, control: PartnerControl | undefined): void {
  if (!control?.held) return;
  throw new DeferredError(
    'PARTNER_HELD',
    `${partner} is on hold since ${new Date(control.at).toISOString()}: ${control.reason}`,
    {
      hint: 'The run goes on by itself when the partner is resumed.',
      retryAfterMs: 60_000,
    },
  );
}

export class Lane {
  private readonly queue: PQueue;
  private readonly breaker: CircuitBreakerPolicy;
  private pausedUntil = 0;
  readonly calls = { ok: 0, failed: 0 };
  control: PartnerControl | undefined;

  constructor(
    private readonly partner: string,
    limits: PartnerLimits,
  ) {
    const slow = limits.ratePerSecond < 1;
    this.queue = new PQueue({
      concurrency: limits.concurrency,
      intervalCap: slow ? 1 : Math.max(1, Math.floor(limits.ratePerSecond)),
      interval: slow ? 1000 / limits.ratePerSecond : 1000,
    });
    this.breaker = circuitBreaker(
      handleAll.orWhenResult((result) => {
        const { outcome, retryAfterMs } = result as { outcome?: string; retryAfterMs?: number };
        return outcome === 'unknown' || (outcome === 'retryable' && retryAfterMs === undefined);
      }),
      { halfOpenAfter: openForMs, breaker: new SamplingBreaker(breakerRule) },
    );
  }

  get breakerState(): 'closed' | 'open' | 'half-open' {
    if (this.breaker.state === CircuitState.Closed) return 'closed';
    return this.breaker.state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  get load(): { waiting: number; active: number } {
    return { waiting: this.queue.size, active: this.queue.pending };
  }

  /**
   * @throws DeferredError PARTNER_HELD or CIRCUIT_OPEN before anything is sent; no attempt of the run is spent
   */
  async call<O>(send: () => Promise<OperationResult<O>>): Promise<OperationResult<O>> {
    refuseWhenHeld(this.partner, this.control);
    return this.queue.add(() => this.guarded(send));
  }

  /**
   * A question that is no effect (a look-up, a poll), under the same rate, concurrency and circuit.
   * @throws DeferredError PARTNER_HELD or CIRCUIT_OPEN, or what the question throws
   */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    refuseWhenHeld(this.partner, this.control);
    return this.queue.add(() => this.broken(() => this.breaker.execute(question)));
  }

  private async guarded<O>(send: () => Promise<OperationResult<O>>): Promise<OperationResult<O>> {
    refuseWhenHeld(this.partner, this.control);
    const result = await this.broken(() => this.breaker.execute(send));
    this.count(result);
    return result;
  }

  /** An open circuit is a deferral; any other error counts as a failed call. */
  private async broken<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        throw new DeferredError(
          'CIRCUIT_OPEN',
          `calls to ${this.partner} fail, so none is sent for a while`,
          {
            hint: 'The run is tried again by itself; look at the partner when this lasts.',
            retryAfterMs: openForMs,
            cause: error,
          },
        );
      }
      this.calls.failed += 1;
      throw error;
    }
  }

  private count<O>(result: OperationResult<O>): void {
    if (result.outcome === 'ok' || result.outcome === 'business') this.calls.ok += 1;
    else this.calls.failed += 1;
    if (result.outcome === 'retryable' && result.retryAfterMs !== undefined)
      this.pauseFor(result.retryAfterMs);
  }

  /** The partner asked for patience (429 with Retry-After): nobody else calls meanwhile. One hour at most. */
  private pauseFor(ms: number): void {
    const until = Date.now() + Math.min(ms, 3_600_000);
    if (until <= this.pausedUntil) return;
    this.pausedUntil = until;
    this.queue.pause();
    setTimeout(() => {
      if (Date.now() >= this.pausedUntil) this.queue.start();
    }, until - Date.now()).unref();
  }

  /** Resolves when nothing waits or runs: a drain. */
  async idle(): Promise<void> {
    await this.queue.onIdle();
  }

  close(): void {
    this.queue.clear();
  }
}
