/**
 * What a case adds to the measures of the console (see "Metrics" in the domain contract). A ledger keeps the sums: it takes
 * back what a case added before a change and adds what it adds after it, so that the sums always are those of its cases.
 */
import type { CaseState } from './case-types';

/** One thing counted: under a name, in the hour (since the epoch) that it belongs to, for durations in a bucket. */
export interface Tally {
  name: string;
  slot: number;
  bucket: number;
}

/** What sums are kept by, besides over everything (`''`). */
export const measureDims = ['code', 'partner', 'region', 'warehouse', 'carrier'] as const;
export type MeasureDim = (typeof measureDims)[number];

const hourMs = 3_600_000;
const dayHours = 24;
export const hourOf = (at: number): number => Math.floor(at / hourMs);
/** The hour that a day (UTC) begins with. */
export const dayOf = (at: number): number => Math.floor(at / hourMs / dayHours) * dayHours;

/** Each bucket is this much wider than the one before: a percentile read from the buckets is off by 5 % at the most. */
const growth = 1.1;
const smallestMs = 1_000;

/** Bucket of a duration in milliseconds; everything up to a second falls in bucket 0. */
export function bucketOf(ms: number): number {
  return ms <= smallestMs ? 0 : Math.ceil(Math.log(ms / smallestMs) / Math.log(growth));
}

/** The middle of a bucket, milliseconds. */
export function bucketMs(bucket: number): number {
  return bucket === 0 ? smallestMs : Math.round(smallestMs * growth ** (bucket - 0.5));
}

/** The duration below which `share` (0 to 1) of the counted ones lie, milliseconds; undefined when nothing was counted. */
export function percentileOf(buckets: { bucket: number; n: number }[], share: number): number | undefined {
  const sorted = buckets.filter(({ n }) => n > 0).sort((a, b) => a.bucket - b.bucket);
  const total = sorted.reduce((sum, { n }) => sum + n, 0);
  let seen = 0;
  for (const { bucket, n } of sorted) {
    seen += n;
    if (seen >= share * total) return bucketMs(bucket);
  }
  return undefined;
}

/** Outcomes of a short pick that keep the promise without a backorder. */
const kept = new Set(['SPLIT', 'REALLOCATE']);
const leftOut = new Set(['SUPPRESSED', 'CANCELLED']);

/** What the case, as it stands, adds. Pure: the same state adds the same. */
export function talliesOf(state: CaseState): Tally[] {
  const { detectedAt, onsetAt, lastVerifiedAt } = state;
  const tallies: Tally[] = [count('detected', detectedAt)];
  if (state.recurrenceOf !== undefined) tallies.push(count('recurred', detectedAt));
  if (state.onsetTrusted) tallies.push(duration('mttd', detectedAt, detectedAt - onsetAt));
  if (leftOut.has(state.state))
    return [...tallies, count(state.state.toLowerCase(), state.endedAt ?? detectedAt)];
  if (lastVerifiedAt !== undefined) tallies.push(...verified(state, lastVerifiedAt));
  return [...tallies, ...clockTallies(state)];
}

function verified(state: CaseState, at: number): Tally[] {
  const tallies = [duration('mttr', at, at - state.detectedAt)];
  if (state.code === 'INVENTORY_SHORT_PICK' && kept.has(state.plan?.outcome ?? ''))
    tallies.push(count('backorderAvoided', at));
  return tallies;
}

/** A clock counts once it is decided, on the day when it was due. */
function clockTallies({ clocks, lastVerifiedAt }: CaseState): Tally[] {
  const { acknowledgeDueAt, resolveDueAt } = clocks;
  return [
    ...clockTally('acknowledge', acknowledgeDueAt, clocks.acknowledgedAt, clocks.acknowledgeBreachedAt),
    ...clockTally('resolve', resolveDueAt, lastVerifiedAt, clocks.resolveBreachedAt),
  ];
}

function clockTally(name: string, dueAt?: number, metAt?: number, breachedAt?: number): Tally[] {
  if (dueAt === undefined || (metAt === undefined && breachedAt === undefined)) return [];
  const missed = breachedAt !== undefined || (metAt !== undefined && metAt > dueAt);
  return [count(`${name}${missed ? 'Missed' : 'Met'}`, dueAt)];
}

const count = (name: string, at: number): Tally => ({ name, slot: dayOf(at), bucket: 0 });
const duration = (name: string, at: number, ms: number): Tally => ({
  name,
  slot: dayOf(at),
  bucket: bucketOf(ms),
});

/** The carrier of a case's shipment, as its facts name it. */
export function carrierOf({ identifiers }: CaseState): string | undefined {
  return identifiers.trackingNumber?.[0]?.carrier;
}
