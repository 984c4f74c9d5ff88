/** Sends planned deliveries to `TARGET/in/PARTNER` at a steady rate, each shipment's in order, and counts what was said to them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { FatalError } from '../../lib/model/errors';
import { isLoopback } from '../core/callbacks';
import { seeded } from '../core/random';
import { type Delivery, plan } from './plan';
import { defaultMix, type Mix, type Partner } from './scenarios';
import { signatureHeaders } from './sign';

export type Secrets = Partial<Record<Partner, string>>;

export interface SimulateOptions {
  /** Base address of the runtime; loopback only. */
  target: string;
  /** Deliveries a second, at most 20 000; 0 = as fast as answers come. */
  rate: number;
  /** How long; with `count` the smaller end counts. At most 240. */
  minutes?: number;
  /** How many deliveries, at most 2 000 000. */
  count?: number;
  /** Default: `defaultMix`. */
  mix?: Mix;
  /** Same seed and `startAt`, same deliveries byte for byte. Default: from the clock. */
  seed?: number;
  /** Epoch milliseconds around which the events lie; default now, in whole seconds. */
  startAt?: number;
  /** Seed of the sandbox whose orders are meant; default the sandbox's own default. */
  worldSeed?: number;
  /** Webhook secrets by partner; a partner without one sends unsigned. */
  secrets: Secrets;
  /** Ids under which the runtime knows the partners, where they differ. */
  partnerIds?: Partial<Record<Partner, string>>;
  /** Deliveries on the way at once; default 64. */
  concurrency?: number;
  /** Share of deliveries, 0 to 1, that are made twice with the same bytes. */
  redeliver?: number;
  /** Further attempts after no answer, 429 or 5xx, as partners make them; default 5. */
  retries?: number;
  signal?: AbortSignal;
}

export interface SimulateReport {
  /** Different deliveries that were made. */
  sent: number;
  /** Answered 202. */
  accepted: number;
  /** Answered as a duplicate. */
  duplicates: number;
  /** Answered 4xx other than 429. */
  rejected: number;
  /** No answer, 429 or 5xx to the last attempt: the runtime owes nothing for them. */
  undelivered: number;
  /** Attempts after the first. */
  retried: number;
  /** HTTP status -> how often, over all attempts; 0 = no answer. */
  statuses: Record<string, number>;
  /** Milliseconds from sending to the last byte of an answer below 500. */
  latency: { p50: number; p99: number };
  /** Deliveries by scenario. */
  scenarios: Record<string, number>;
  /** Ids that the runtime gave to accepted deliveries, in the order of the answers, at most 100 000. */
  ids: string[];
  /** Order numbers that were mentioned, at most 100 000. */
  orderNumbers: string[];
  seed: number;
  startAt: number;
  seconds: number;
}

const keptIds = 100_000;

/**
 * Makes the traffic and waits until every answer is there.
 * @throws FatalError when the target is not on this machine or nothing bounds the run
 */
export async function simulate(options: SimulateOptions): Promise<SimulateReport> {
  checkBounds(options);
  return new Simulation(options).run();
}

function checkBounds({
  target,
  rate,
  minutes,
  count,
  redeliver = 0,
  concurrency = 64,
}: SimulateOptions): void {
  const refuse = (what: string, hint: string): never => {
    throw new FatalError('SIMULATE_BOUNDS', what, { hint });
  };
  const within = (value: number, low: number, high: number) =>
    Number.isFinite(value) && value >= low && value <= high;
  if (!isLoopback(target))
    refuse(`${target} is not on this machine`, 'Use http://127.0.0.1:PORT: made-up traffic stays at home.');
  if (!within(rate, 0, 20_000))
    refuse(`a rate of ${rate} is not between 0 and 20000`, 'Give deliveries a second.');
  if (minutes === undefined && count === undefined)
    refuse('nothing ends the run', 'Give minutes or a count.');
  if (minutes !== undefined && !within(minutes, 0, 240))
    refuse(`${minutes} minutes are not between 0 and 240`, 'Give fewer minutes.');
  if (count !== undefined && !within(count, 0, 2_000_000))
    refuse(`a count of ${count} is not between 0 and 2000000`, 'Give a smaller count.');
  if (!within(redeliver, 0, 1))
    refuse(`a share of ${redeliver} is not between 0 and 1`, 'Give 0.05 for every twentieth.');
  if (!within(concurrency, 1, 1024))
    refuse(`a concurrency of ${concurrency} is not between 1 and 1024`, 'Give 64 or so.');
}

class Simulation {
  private readonly options: SimulateOptions;
  private readonly seed: number;
  private readonly startAt: number;
  private readonly pool: Pool;
  private readonly path: string;
  private readonly tails = new Map<number, Promise<void>>();
  private readonly latencies: number[] = [];
  private readonly orders = new Set<string>();
  private readonly report: Omit<SimulateReport, 'latency' | 'orderNumbers' | 'seconds' | 'seed' | 'startAt'>;
  private underWay = 0;
  private freed: (() => void) | undefined;

  constructor(options: SimulateOptions) {
    const now = Date.now();
    this.options = options;
    this.seed = options.seed ?? now % 4_294_967_296;
    this.startAt = options.startAt ?? Math.floor(now / 1_000) * 1_000;
    const { origin, pathname } = new URL(options.target);
    this.path = pathname.replace(/\/$/, '');
    this.pool = new Pool(origin, {
      connections: options.concurrency ?? 64,
      pipelining: 1,
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    });
    this.report = {
      sent: 0,
      accepted: 0,
      duplicates: 0,
      rejected: 0,
      undelivered: 0,
      retried: 0,
      statuses: {},
      scenarios: {},
      ids: [],
    };
  }

  async run(): Promise<SimulateReport> {
    const startedAt = performance.now();
    try {
      await this.sendAll(startedAt);
      await Promise.all(this.tails.values());
    } finally {
      await this.pool.destroy();
    }
    const sorted = this.latencies.sort((left, right) => left - right);
    const at = (share: number) =>
      Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
    const seconds = Math.round(performance.now() - startedAt) / 1_000;
    const { seed, startAt } = this;
    return {
      ...this.report,
      latency: { p50: at(0.5), p99: at(0.99) },
      orderNumbers: [...this.orders],
      seed,
      startAt,
      seconds,
    };
  }

  private async sendAll(startedAt: number): Promise<void> {
    const {
      rate,
      minutes = Number.POSITIVE_INFINITY,
      count = Number.POSITIVE_INFINITY,
      mix = defaultMix,
      worldSeed,
      redeliver = 0,
    } = this.options;
    const { seed, startAt } = this;
    const twice = seeded(seed);
    const deliveries = plan({ seed, startAt, mix, ...(worldSeed === undefined ? {} : { worldSeed }) });
    for (let index = 0; index < count && !this.options.signal?.aborted; index += 1) {
      const dueMs = rate === 0 ? 0 : (index * 1_000) / rate;
      const passedMs = performance.now() - startedAt;
      if (Math.max(dueMs, passedMs) >= minutes * 60_000) return;
      if (dueMs > passedMs + 1) await sleep(dueMs - passedMs);
      await this.room();
      const delivery = deliveries.next().value;
      this.enqueue(delivery, twice() < redeliver ? 2 : 1);
    }
  }

  /** Waits until fewer deliveries than the limit are on the way: a slow runtime slows the partners down instead of filling the memory. */
  private async room(): Promise<void> {
    while (this.underWay >= (this.options.concurrency ?? 64))
      await new Promise<void>((resolve) => {
        this.freed = resolve;
      });
  }

  private enqueue(delivery: Delivery, copies: number): void {
    const { shipment, scenario, orderNumber } = delivery;
    this.underWay += 1;
    this.report.sent += 1;
    this.report.scenarios[scenario] = (this.report.scenarios[scenario] ?? 0) + 1;
    if (this.orders.size < keptIds) this.orders.add(orderNumber);
    const before = this.tails.get(shipment) ?? Promise.resolve();
    const tail = before
      .then(() => this.deliver(delivery, copies))
      .finally(() => {
        this.underWay -= 1;
        this.freed?.();
        if (this.tails.get(shipment) === tail) this.tails.delete(shipment);
      });
    this.tails.set(shipment, tail);
  }

  private async deliver(delivery: Delivery, copies: number): Promise<void> {
    const { retries = 5, signal } = this.options;
    for (let copy = 0; copy < copies; copy += 1) {
      for (let attempt = 0; ; attempt += 1) {
        const { status, text, retryAfterMs } = await this.post(delivery);
        const passing = status === 0 || status === 429 || status >= 500;
        if (!passing) {
          this.count(status, text);
          break;
        }
        if (attempt >= retries || signal?.aborted) {
          this.report.undelivered += 1;
          break;
        }
        this.report.retried += 1;
        await sleep(retryAfterMs ?? Math.min(5_000, 100 * 2 ** attempt));
      }
    }
  }

  private async post({
    partner,
    body,
  }: Delivery): Promise<{ status: number; text: string; retryAfterMs?: number }> {
    const { secrets, partnerIds } = this.options;
    const headers = {
      'content-type': 'application/json',
      ...signatureHeaders(partner, secrets[partner], body),
    };
    const path = `${this.path}/in/${encodeURIComponent(partnerIds?.[partner] ?? partner)}`;
    const startedAt = performance.now();
    try {
      const response = await this.pool.request({ method: 'POST', path, headers, body });
      const text = await response.body.text();
      const { statusCode: status } = response;
      if (status < 500) this.latencies.push(performance.now() - startedAt);
      this.tally(status);
      const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
      return { status, text, ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}) };
    } catch {
      // No answer: whether the runtime took it is open, so the partner sends it again, as real ones do.
      this.tally(0);
      return { status: 0, text: '' };
    }
  }

  private tally(status: number): void {
    this.report.statuses[status] = (this.report.statuses[status] ?? 0) + 1;
  }

  private count(status: number, text: string): void {
    if (status >= 400) {
      this.report.rejected += 1;
      return;
    }
    const answer = parseAnswer(text);
    if (answer.duplicate) this.report.duplicates += 1;
    else this.report.accepted += 1;
    if (!answer.duplicate && answer.id !== undefined && this.report.ids.length < keptIds)
      this.report.ids.push(answer.id);
  }
}

function parseAnswer(text: string): { id?: string; duplicate: boolean } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { duplicate: false };
    const { id, duplicate } = value as { id?: unknown; duplicate?: unknown };
    return { ...(typeof id === 'string' ? { id } : {}), duplicate: duplicate === true };
  } catch {
    return { duplicate: false };
  }
}
