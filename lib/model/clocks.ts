/** The measures that follow from a case's times. */
import type { CaseState } from './case-types';

const hour = 3_600_000;
/** Upper ends of the aging buckets in milliseconds, by name; the last has none. */
export const agingBuckets = [
  { name: '<4h', below: 4 * hour },
  { name: '4h-8h', below: 8 * hour },
  { name: '8h-24h', below: 24 * hour },
  { name: '1d-2d', below: 48 * hour },
  { name: '2d-5d', below: 120 * hour },
  { name: '5d-10d', below: 240 * hour },
  { name: '>10d', below: Infinity },
] as const;
export type AgingBucket = (typeof agingBuckets)[number]['name'];

/** @param ageMs elapsed milliseconds since detection */
export function agingBucketOf(ageMs: number): AgingBucket {
  return agingBuckets.find(({ below }) => ageMs < below)?.name ?? '>10d';
}

/** Milliseconds from onset to detection; undefined where the onset's zone was only assumed. */
export function timeToDetect({ onsetTrusted, detectedAt, onsetAt }: CaseState): number | undefined {
  return onsetTrusted ? Math.max(0, detectedAt - onsetAt) : undefined;
}

/** Milliseconds from detection to the last verification; undefined while unverified, and for suppressed and cancelled cases. */
export function timeToRemediate({ state, lastVerifiedAt, detectedAt }: CaseState): number | undefined {
  if (state === 'SUPPRESSED' || state === 'CANCELLED' || lastVerifiedAt === undefined) return undefined;
  return lastVerifiedAt - detectedAt;
}

/** Nearest-rank percentile, `p` from 0 to 1; undefined of nothing. */
export function percentile(values: readonly number[], p: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}

/** p50 and p90 in milliseconds with the number of cases behind them. */
export function summarize(values: readonly (number | undefined)[]): {
  count: number;
  p50: number | undefined;
  p90: number | undefined;
} {
  const known = values.filter((value) => value !== undefined);
  return { count: known.length, p50: percentile(known, 0.5), p90: percentile(known, 0.9) };
}

const resolvedStates = new Set<string>(['RESOLVED', 'VERIFIED']);

/** When the clocks of a case run out; a clock that has stopped, or has caused its escalation, is left out. */
export function runningClocks({ clocks, state }: CaseState): {
  acknowledgeDueAt: number | undefined;
  resolveDueAt: number | undefined;
} {
  const acknowledged = clocks.acknowledgedAt !== undefined || clocks.acknowledgeBreachedAt !== undefined;
  const resolved = resolvedStates.has(state) || clocks.resolveBreachedAt !== undefined;
  return {
    acknowledgeDueAt: acknowledged ? undefined : clocks.acknowledgeDueAt,
    resolveDueAt: resolved ? undefined : clocks.resolveDueAt,
  };
}

/** The first running clock of a case that ends at or after a time. */
export function nextClockEnd(state: CaseState, from: number): number | undefined {
  const { acknowledgeDueAt, resolveDueAt } = runningClocks(state);
  const ends = [acknowledgeDueAt, resolveDueAt].flatMap((end) =>
    end !== undefined && end >= from ? [end] : [],
  );
  return ends.length === 0 ? undefined : Math.min(...ends);
}
