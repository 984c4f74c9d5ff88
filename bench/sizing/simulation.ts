/**
 * A discrete-event simulation: a clock that jumps from event to event, and the three kinds of service that Reroute is made of. Times are
 * seconds. Randomness comes in, so that a run can be repeated.
 */

interface Event {
  at: number;
  /** Ties go in the order in which they were planned. */
  order: number;
  run: () => void;
}

export class Simulation {
  now = 0;
  private planned = 0;
  /** Binary heap, the next event first. */
  private readonly heap: Event[] = [];

  after(delay: number, run: () => void): void {
    const event = { at: this.now + delay, order: this.planned++, run };
    let index = this.heap.push(event) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.heap[above] as Event;
      if (before(parent, event)) break;
      this.heap[index] = parent;
      index = above;
    }
    this.heap[index] = event;
  }

  /** Until nothing is planned any more. */
  run(): void {
    for (let next = this.take(); next; next = this.take()) {
      this.now = next.at;
      next.run();
    }
  }

  private take(): Event | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (!first || !last || this.heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.heap.length) break;
      const right = this.heap[child + 1];
      if (right && before(right, this.heap[child] as Event)) child += 1;
      if (before(last, this.heap[child] as Event)) break;
      this.heap[index] = this.heap[child] as Event;
      index = child;
    }
    this.heap[index] = last;
    return first;
  }
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

interface Job {
  since: number;
  done: () => void;
}

/** First come, first served. Pops from the front in constant time. */
class Queue {
  private jobs: Job[] = [];
  private head = 0;

  get length(): number {
    return this.jobs.length - this.head;
  }

  push(job: Job): void {
    this.jobs.push(job);
  }

  shift(): Job | undefined {
    const job = this.jobs[this.head];
    if (!job) return undefined;
    this.head += 1;
    if (this.head > 4_096 && this.head * 2 > this.jobs.length) {
      this.jobs = this.jobs.slice(this.head);
      this.head = 0;
    }
    return job;
  }
}

export abstract class Station {
  protected readonly queue = new Queue();
  /** How long each job waited before its service. */
  readonly waits: number[] = [];
  /** Server seconds spent. */
  busy = 0;
  longest = 0;

  constructor(protected readonly simulation: Simulation) {}

  arrive(done: () => void): void {
    this.queue.push({ since: this.simulation.now, done });
    this.serve();
    this.longest = Math.max(this.longest, this.queue.length);
  }

  protected begin(): Job | undefined {
    const job = this.queue.shift();
    if (job) this.waits.push(this.simulation.now - job.since);
    return job;
  }

  protected abstract serve(): void;
}

/** So many servers, one queue: processes that take what comes next. */
export class Pool extends Station {
  private free: number;

  constructor(
    simulation: Simulation,
    readonly servers: number,
    private readonly serviceTime: () => number,
  ) {
    super(simulation);
    this.free = servers;
  }

  protected serve(): void {
    while (this.free > 0) {
      const job = this.begin();
      if (!job) return;
      const time = this.serviceTime();
      this.free -= 1;
      this.busy += time;
      this.simulation.after(time, () => {
        this.free += 1;
        job.done();
        this.serve();
      });
    }
  }
}

/** A ledger: one commit at a time takes all that came while the last one was made durable. */
export class GroupCommit extends Station {
  private committing = false;

  constructor(
    simulation: Simulation,
    private readonly cost: { sync: number; each: number; most: number },
  ) {
    super(simulation);
  }

  protected serve(): void {
    if (this.committing || this.queue.length === 0) return;
    const group: Job[] = [];
    while (group.length < this.cost.most) {
      const job = this.begin();
      if (!job) break;
      group.push(job);
    }
    const time = this.cost.sync + this.cost.each * group.length;
    this.committing = true;
    this.busy += time;
    this.simulation.after(time, () => {
      this.committing = false;
      for (const { done } of group) done();
      this.serve();
    });
  }
}

/** A partner's lane: calls leave at a rate, and only so many are under way. */
export class LaneQueue extends Station {
  private active = 0;
  private nextAt = 0;
  private woken = false;

  constructor(
    simulation: Simulation,
    readonly limits: { ratePerSecond: number; concurrency: number },
    private readonly latency: () => number,
  ) {
    super(simulation);
  }

  protected serve(): void {
    while (this.queue.length > 0 && this.active < this.limits.concurrency) {
      const early = this.nextAt - this.simulation.now;
      if (early > 1e-12) {
        this.wakeIn(early);
        return;
      }
      this.call();
    }
  }

  private call(): void {
    const job = this.begin();
    if (!job) return;
    const time = this.latency();
    this.nextAt = Math.max(this.simulation.now, this.nextAt) + 1 / this.limits.ratePerSecond;
    this.active += 1;
    this.busy += time;
    this.simulation.after(time, () => {
      this.active -= 1;
      job.done();
      this.serve();
    });
  }

  private wakeIn(delay: number): void {
    if (this.woken) return;
    this.woken = true;
    this.simulation.after(delay, () => {
      this.woken = false;
      this.serve();
    });
  }
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Exponentially distributed with that mean. */
export const exponential = (mean: number, random: () => number): number => -mean * Math.log(1 - random());

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
