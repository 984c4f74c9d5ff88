/** Service clocks in business hours, and the measures that follow from a case's times. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { CaseState } from './case-types';
import { FatalError } from './errors';

const hhmm = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
const opening = z
  .tuple([hhmm, hhmm])
  .refine(([from, to]) => from < to, { message: 'the end must be later than the beginning' });
const openings = z.array(opening).max(6).default([]);

/** When people work: local wall-clock times of a zone, so that a working day stays one when the clocks change. */
export const businessCalendar = z.strictObject({
  name: z.string().min(1).max(100),
  zone: z
    .string()
    .refine((zone) => DateTime.fromMillis(0, { zone }).isValid, { message: 'not an IANA time zone' })
    .describe('IANA time zone, e.g. Europe/Berlin'),
  hours: z
    .strictObject({
      mon: openings,
      tue: openings,
      wed: openings,
      thu: openings,
      fri: openings,
      sat: openings,
      sun: openings,
    })
    .describe(
      'Opening times of each weekday, e.g. [["08:00", "12:00"], ["13:00", "17:00"]]; 24:00 ends a day',
    ),
  holidays: z.array(z.iso.date()).max(1000).default([]).describe('Local dates without work'),
});
export type BusinessCalendar = z.infer<typeof businessCalendar>;

const always: [string, string][] = [['00:00', '24:00']];
/** Every hour is a business hour. */
export const aroundTheClock: BusinessCalendar = {
  name: 'around the clock',
  zone: 'UTC',
  hours: { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always },
  holidays: [],
};

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** Days looked at before a calendar counts as one without work. */
const horizonDays = 3700;

interface Span {
  from: number;
  to: number;
}

/** Working spans from the local day of `from` on, in order, without overlaps; epoch milliseconds. */
function* spansFrom(calendar: BusinessCalendar, from: number): Generator<Span> {
  const start = DateTime.fromMillis(from, { zone: calendar.zone }).startOf('day');
  const holidays = new Set(calendar.holidays);
  let reached = -Infinity;
  for (let n = 0; n < horizonDays; n += 1) {
    const day = start.plus({ days: n });
    if (holidays.has(day.toISODate() ?? '')) continue;
    const list = calendar.hours[weekdays[day.weekday - 1] ?? 'mon'];
    for (const [opens, closes] of [...list].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const span = { from: Math.max(reached, wallClock(day, opens)), to: wallClock(day, closes) };
      if (span.to > span.from) yield span;
      reached = Math.max(reached, span.to);
    }
  }
}

function wallClock(day: DateTime, time: string): number {
  if (time === '24:00') return day.plus({ days: 1 }).startOf('day').toMillis();
  return day.set({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) }).toMillis();
}

/**
 * The time at which so many business hours have passed; a clock that starts outside of working time starts with the next one.
 * @param from epoch milliseconds
 * @param hours may be fractional, not negative
 * @throws FatalError NO_BUSINESS_HOURS when the calendar does not offer that many within ten years
 */
export function addBusinessHours(calendar: BusinessCalendar, from: number, hours: number): number {
  let left = Math.round(hours * 3_600_000);
  for (const span of spansFrom(calendar, from)) {
    const begin = Math.max(span.from, from);
    if (begin >= span.to) continue;
    if (begin + left <= span.to) return begin + left;
    left -= span.to - begin;
  }
  throw new FatalError(
    'NO_BUSINESS_HOURS',
    `calendar ${calendar.name} does not offer ${hours} business hours`,
    {
      hint: 'Give the calendar working hours.',
    },
  );
}

/** Working time between two times in milliseconds; negative when `to` is earlier. Spans of more than ten years are cut. */
export function businessMsBetween(calendar: BusinessCalendar, from: number, to: number): number {
  if (to < from) return 0 - businessMsBetween(calendar, to, from);
  let sum = 0;
  for (const span of spansFrom(calendar, from)) {
    if (span.from >= to) break;
    sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  }
  return sum;
}

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
