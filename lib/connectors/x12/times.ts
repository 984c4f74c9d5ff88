/** X12 dates and times (elements 373, 337, 623). An offset is claimed only where the time code is one. */
import { compactTime, type EventTime, type Whereabouts } from '../kit/time';
import { zoneOf } from '../kit/zones';

const hour = 60;
/** Element 623: standard and daylight times are offsets; 01 to 24 are ISO offsets (P and M stand for + and -). */
const offsets: ReadonlyMap<string, number> = new Map(
  Object.entries({
    UT: 0,
    GM: 0,
    ES: -5 * hour,
    ED: -4 * hour,
    CS: -6 * hour,
    CD: -5 * hour,
    MS: -7 * hour,
    MD: -6 * hour,
    PS: -8 * hour,
    PD: -7 * hour,
    AS: -9 * hour,
    AD: -8 * hour,
    HS: -10 * hour,
    HD: -9 * hour,
    NS: -3.5 * hour,
    ND: -2.5 * hour,
  }),
);

/** `Eastern Time` leaves open whether it is summer: the zone says it for the day. */
const zones: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ET: 'America/New_York',
    CT: 'America/Chicago',
    MT: 'America/Denver',
    PT: 'America/Los_Angeles',
    AT: 'America/Anchorage',
    HT: 'Pacific/Honolulu',
    NT: 'America/St_Johns',
  }),
);

export interface X12Place {
  state?: string | undefined;
  country?: string | undefined;
}

const canada = new Set(['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'NT', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT']);

/** ISO 3166-1 alpha-2 of element 26, which also takes three letters. */
export function countryOf({ state, country }: X12Place): string | undefined {
  const code = country?.toUpperCase();
  if (code === 'USA') return 'US';
  if (code === 'CAN') return 'CA';
  if (code === 'MEX') return 'MX';
  if (code !== undefined && code !== '') return code;
  // A state without a country: X12 carriers mean the United States, whose codes no Canadian province shares.
  return state === undefined || canada.has(state.toUpperCase()) || zoneOf('US', state) === undefined
    ? undefined
    : 'US';
}

function whereabouts(timeCode: string, place: X12Place, timeZone: unknown): Whereabouts {
  const code = timeCode.trim().toUpperCase();
  const offset = offsets.get(code) ?? isoOffset(code);
  if (offset !== undefined) return { offsetMinutes: offset };
  const zone = zones.get(code) ?? zoneOf(countryOf(place), place.state);
  if (zone !== undefined) return { zone };
  return typeof timeZone === 'string' ? { zone: timeZone } : {};
}

/** 01 to 12 are hours ahead, 13 to 24 are twelve to one hours behind. */
function isoOffset(code: string): number | undefined {
  if (!/^(0[1-9]|1\d|2[0-4])$/.test(code)) return undefined;
  const number = Number(code);
  return (number <= 12 ? number : number - 25) * hour;
}

/**
 * @param date YYMMDD or CCYYMMDD
 * @param time HHMM, HHMMSS, or with decimal seconds
 * @param timeZone the partner's zone, for a time that says neither a code nor a place
 * @returns undefined when it is no such date
 */
export function x12Time(
  date: string,
  time: string,
  timeCode: string,
  place: X12Place,
  timeZone: unknown,
): EventTime | undefined {
  const day = date.trim();
  const full = day.length === 6 ? `${Number(day.slice(0, 2)) < 70 ? '20' : '19'}${day}` : day;
  const clock = time.trim();
  return compactTime(
    full,
    clock.length > 6 ? clock.slice(0, 6) : clock,
    whereabouts(timeCode, place, timeZone),
  );
}
