/** Faults on request: which call meets which trouble, decided by seeded dice so that a failing test fails again. */
import { z } from 'zod';
import { type Random, seeded } from './random';

const where = {
  /** A system id, or `*`. */
  system: z.string().min(1),
  /** An operation as the book names it; absent = every operation. */
  operation: z.string().optional(),
  /** Text that the path with its query, or the body, must contain. */
  match: z.string().optional(),
  probability: z.number().min(0).max(1).default(1),
  /** How often it strikes at most; absent = without end. */
  count: z.int().min(1).optional(),
};

export const faultSpec = z.discriminatedUnion('kind', [
  /** The call waits before the work is begun. */
  z.strictObject({ ...where, kind: z.literal('latency'), ms: z.int().min(0).max(600_000) }),
  /** Refused without work. `retryAfter` in seconds. */
  z.strictObject({
    ...where,
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfter: z.int().min(0).optional(),
  }),
  /** The work is done and no answer ever comes; after `ms` (default: when the caller gives up) the connection is closed. */
  z.strictObject({
    ...where,
    kind: z.literal('timeoutAfterWork'),
    ms: z.int().min(0).max(600_000).optional(),
  }),
  z.strictObject({ ...where, kind: z.literal('resetBeforeWork') }),
  z.strictObject({ ...where, kind: z.literal('resetAfterWork') }),
  /** Webhooks of the call are delivered `copies` times. */
  z.strictObject({
    ...where,
    kind: z.literal('duplicateCallback'),
    copies: z.int().min(2).max(10).default(2),
  }),
  /** Answered as a success, and nothing was done. */
  z.strictObject({ ...where, kind: z.literal('noop2xx') }),
]);
export type FaultSpec = z.infer<typeof faultSpec>;

/** Body of `PUT /_admin/faults`: the list alone, or with a seed for the dice. It replaces what was set before. */
export const faultPlan = z.union([
  z.array(faultSpec).transform((faults) => ({ faults, seed: undefined as number | undefined })),
  z.strictObject({ seed: z.int().optional(), faults: z.array(faultSpec) }),
]);

/** What a fault is matched against. */
export interface FaultSubject {
  system: string;
  operation: string;
  /** Path with query below the system. */
  url: string;
  bodyText: string;
  writes: boolean;
}

type Armed = { spec: FaultSpec; fired: number };

/** At most one decisive fault strikes a call; latencies add up before it. */
export interface Strike {
  latencyMs: number;
  decisive: Exclude<FaultSpec, { kind: 'latency' | 'duplicateCallback' }> | undefined;
}

export class Faults {
  private armed: Armed[] = [];
  private dice: Random;
  private readonly defaultSeed: number;

  constructor(defaultSeed: number) {
    this.defaultSeed = defaultSeed;
    this.dice = seeded(defaultSeed);
  }

  set(faults: readonly FaultSpec[], seed: number | undefined): void {
    this.armed = faults.map((spec) => ({ spec, fired: 0 }));
    this.dice = seeded(seed ?? this.defaultSeed);
  }

  list(): { spec: FaultSpec; fired: number }[] {
    return this.armed.map(({ spec, fired }) => ({ spec, fired }));
  }

  strike(subject: FaultSubject): Strike {
    let latencyMs = 0;
    for (const fault of this.armed) {
      const { spec } = fault;
      if (spec.kind === 'duplicateCallback' || (spec.kind === 'noop2xx' && !subject.writes)) continue;
      if (!this.throws(fault, subject)) continue;
      if (spec.kind === 'latency') latencyMs += spec.ms;
      else return { latencyMs, decisive: spec };
    }
    return { latencyMs, decisive: undefined };
  }

  /** How many copies of its webhooks a call sends. Asked only when there is a webhook, so that `count` counts webhooks. */
  callbackCopies(subject: FaultSubject): number {
    for (const fault of this.armed)
      if (fault.spec.kind === 'duplicateCallback' && this.throws(fault, subject)) return fault.spec.copies;
    return 1;
  }

  private throws(fault: Armed, subject: FaultSubject): boolean {
    const { spec } = fault;
    if (spec.system !== '*' && spec.system !== subject.system) return false;
    if (spec.operation !== undefined && spec.operation !== subject.operation) return false;
    if (
      spec.match !== undefined &&
      !subject.url.includes(spec.match) &&
      !subject.bodyText.includes(spec.match)
    )
      return false;
    if (spec.count !== undefined && fault.fired >= spec.count) return false;
    if (spec.probability < 1 && this.dice() >= spec.probability) return false;
    fault.fired += 1;
    return true;
  }
}
