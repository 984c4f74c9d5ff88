/** Business calendars as data: when people of a region work, its holidays and its cut-offs; and reckoning in working time. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { FatalError } from './errors';

const hhmm = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
const opening = z
  .tuple([hhmm, hhmm])
  .refine(([from, to]) => from < to, { message: 'the end must be later than the beginning' });
const openings = z.array(opening).max(6).default([]);

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A time of the day after which something does not leave any more that day, e.g. the last pickup of a carrier. */
export const cutOff = z.strictObject({
  name: z.string().min(1).max(100).describe('What people call it, e.g. "17:00 pickup"'),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .describe("Local wall-clock time in the calendar's zone, e.g. 17:00"),
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .default(['mon', 'tue', 'wed', 'thu', 'fri'])
    .describe('Weekdays on which it applies; never on a holiday'),
  carriers: z
    .array(z.string().min(1).max(64))
    .max(100)
    .default([])
    .describe('Carriers, as facts name them, that it applies to; none = all'),
  warnMinutes: z
    .array(z.int().min(1).max(720))
    .min(1)
    .max(5)
    .default([40])
    .describe('How long before it people are warned, in minutes; once each'),
});
export type CutOff = z.infer<typeof cutOff>;

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
  cutOffs: z.array(cutOff).max(100).default([]).describe('Times after which nothing leaves that day'),
});
export type BusinessCalendar = z.infer<typeof businessCalendar>;

/** The calendars of one region, as its `region.json` has them under `calendars`. */
export const regionCalendars = z.strictObject({
  default: businessCalendar.describe('Counts where no warehouse has its own'),
  warehouses: z
    .record(z.string().min(1).max(128), businessCalendar)
    .default({})
    .describe('By warehouse, as facts name it: its own zone, hours and cut-offs'),
});
export type RegionCalendars = z.infer<typeof regionCalendars>;

/** Calendars of all regions, by the region's name as cases bear it. */
export type CalendarBook = ReadonlyMap<string, RegionCalendars>;

const always: [string, string][] = [['00:00', '24:00']];
/** Every hour is a business hour. */
export const aroundTheClock: BusinessCalendar = {
  name: 'around the clock',
  zone: 'UTC',
  hours: { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always },
  holidays: [],
  cutOffs: [],
};

/** Counts for the cases of every region that has no calendars of its own. */
export const everyOtherRegion = 'global';

/** The warehouse's own calendar, else the region's, else that of every other region; without any, every hour counts. */
export function calendarOf(
  book: CalendarBook,
  place: { region?: string | undefined; warehouse?: string | undefined },
): BusinessCalendar {
  const region =
    (place.region === undefined ? undefined : book.get(place.region)) ?? book.get(everyOtherRegion);
  const own = place.warehouse === undefined ? undefined : region?.warehouses[place.warehouse];
  return own ?? region?.default ?? aroundTheClock;
}

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

/** Most cases count so: it is known without walking through days. */
function neverCloses({ hours, holidays }: BusinessCalendar): boolean {
  return (
    holidays.length === 0 &&
    weekdays.every((day) => {
      const [only, ...more] = hours[day];
      return only?.[0] === '00:00' && only[1] === '24:00' && more.length === 0;
    })
  );
}

/**
 * The time at which so many business hours have passed; a clock that starts outside of working time starts with the next one.
 * @param from epoch milliseconds
 * @param hours may be fractional, not negative
 * @throws FatalError NO_BUSINESS_HOURS when the calendar does not offer that many within ten years
 */
export function addBusinessHours(calendar: BusinessCalendar, from: number, hours: number): number {
  let left = Math.round(hours * 3_600_000);
  if (neverCloses(calendar)) return from + left;
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

/** A cut-off that is near enough for a warning. */
export interface NextCutOff {
  name: string;
  /** Epoch milliseconds. */
  at: number;
  /** Of the warning that is due. */
  warnMinutes: number;
  /** Wall clock of the place, e.g. 17:00. */
  localTime: string;
  carriers: readonly string[];
}

/** Cut-offs of today that are ahead and for which a warning is due: of several warnings the latest. */
export function nextCutOffs(calendar: BusinessCalendar, now: number): NextCutOff[] {
  const day = DateTime.fromMillis(now, { zone: calendar.zone }).startOf('day');
  const weekday = weekdays[day.weekday - 1] ?? 'mon';
  if (calendar.holidays.includes(day.toISODate() ?? '')) return [];
  return calendar.cutOffs.flatMap(({ name, time, days, warnMinutes, carriers }) => {
    const at = wallClock(day, time);
    const due = warnMinutes.filter((minutes) => now >= at - minutes * 60_000);
    if (!days.includes(weekday) || now >= at || due.length === 0) return [];
    return [{ name, at, warnMinutes: Math.min(...due), localTime: time, carriers }];
  });
}
