/** Time and ids that a test holds: a clock that stands still until it is moved, and ids that come out the same at every run. */
import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `2h`, `-30m` in milliseconds; undefined when it is no duration. */
export function durationMsOf(text: string): number | undefined {
  const [, sign, amount, unit] = /^([+-]?)(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * Number(amount) * units[unit as keyof typeof units];
}

export class VirtualClock {
  private current = 0;
  /** Where the scenario began: times like `-30m` are counted from here. */
  start = 0;

  readonly now = (): number => this.current;

  begin(at: number): void {
    this.start = at;
    this.current = at;
  }

  /** Never backwards. */
  moveTo(at: number): void {
    this.current = Math.max(this.current, at);
  }

  /** Epoch milliseconds of RFC 3339 or of a time from the start; NaN when it is neither. */
  momentOf(text: string): number {
    const offset = durationMsOf(text);
    return offset === undefined ? Date.parse(text) : this.start + offset;
  }

  /**
   * Makes `Date` show this clock, for expressions and Function nodes that ask for the time themselves (`$now()`, `new Date()`); timers
   * and performance counters go on as they are. Answers how to put the real one back.
   */
  install(): () => void {
    const real = globalThis.Date;
    const { now } = this;
    class ClockDate extends real {
      constructor(...values: unknown[]) {
        if (values.length === 0) super(now());
        else super(...(values as [number]));
      }
      static override now(): number {
        return now();
      }
    }
    globalThis.Date = new Proxy(ClockDate, {
      // Without `new` it is a text of the present.
      apply: () => new ClockDate().toString(),
    }) as DateConstructor;
    return () => {
      globalThis.Date = real;
    };
  }
}

/** UUIDv7 by seed and count: the same scenario gives the same ids. */
export function seededIds(now: () => number): { begin(seed: string): void; next: () => string } {
  let seed = '';
  let count = 0;
  return {
    begin(text) {
      seed = text;
      count = 0;
    },
    next() {
      count += 1;
      const random = createHash('sha256').update(`${seed}|${count}`).digest().subarray(0, 16);
      return v7({ random, msecs: now(), seq: count });
    },
  };
}
