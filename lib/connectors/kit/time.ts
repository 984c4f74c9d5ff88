/**
 * Vendor dates to RFC 3339 with offset, with how sure we are of the offset: SOURCE_OFFSET (the vendor said it),
 * LOCATION_INFERRED (local time of a place whose zone we know), ASSUMED_UTC (neither).
 */
import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import type { FactData } from '../../model/fact';

type FactTime = FactData['time'];

export interface EventTime {
  /** RFC 3339 with offset, as near to the source's notation as can be. */
  iso: string;
  /** `+HH:MM` */
  offset: string;
  /** Epoch milliseconds: what a dedup key uses, for notations differ between polls. */
  ms: number;
  confidence: FactTime['timeConfidence'];
}

const iso =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}:?\d{2})?$/;

/** Where the local time was read; `offset` in minutes wins over `zone` (IANA name). */
export interface Whereabouts {
  zone?: string | undefined;
  offsetMinutes?: number | undefined;
}

/**
 * An ISO 8601 date and time. With an offset it is SOURCE_OFFSET; without one the whereabouts decide.
 * @returns undefined when it is no such date, or one that does not exist.
 */
export function isoTime(value: unknown, where: Whereabouts = {}): EventTime | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = iso.exec(value.trim());
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction, zone] = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction.slice(0, 3)}`}`;
  if (zone === undefined) return localTime(local, where);
  const offset =
    zone === 'Z' || zone === 'z'
      ? '+00:00'
      : zone.includes(':')
        ? zone
        : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return withOffset(local, offset, 'SOURCE_OFFSET');
}

/** `YYYYMMDD` and `HHMMSS` or `HHMM`, as UPS and EDI write them. */
export function compactTime(date: unknown, time: unknown, where: Whereabouts = {}): EventTime | undefined {
  if (typeof date !== 'string' || !/^\d{8}$/.test(date.trim())) return undefined;
  const clock = typeof time === 'string' ? time.trim().replace(/:/g, '') : '';
  if (clock !== '' && !/^\d{4}(\d{2})?$/.test(clock)) return undefined;
  const day = date.trim();
  const full = `${clock}000000`.slice(0, 6);
  const local = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${full.slice(0, 2)}:${full.slice(2, 4)}:${full.slice(4)}`;
  return localTime(local, where);
}

/** Minutes of an offset such as `-05:00`, `+0100` or `Z`. */
export function offsetMinutes(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  return writtenOffset(value) ?? anyOffset(value);
}

/** `+HH:MM` as nearly everybody writes it, read without a pattern: several are read an event. */
function writtenOffset(value: string): number | undefined {
  const sign = value.charCodeAt(0);
  if (value.length !== 6 || value[3] !== ':' || (sign !== plus && sign !== minus)) return undefined;
  const hours = twoDigits(value, 1);
  const rest = twoDigits(value, 4);
  if (hours === undefined || rest === undefined) return undefined;
  const minutes = hours * 60 + rest;
  return minutes > mostOffsetMinutes ? undefined : sign === minus ? -minutes : minutes;
}

const plus = 0x2b;
const minus = 0x2d;
const mostOffsetMinutes = 14 * 60;

function twoDigits(value: string, at: number): number | undefined {
  const tens = value.charCodeAt(at) - 0x30;
  const ones = value.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : undefined;
}

function anyOffset(value: string): number | undefined {
  if (/^z$/i.test(value.trim())) return 0;
  const parts = /^([+-])(\d{2}):?(\d{2})(?::?\d{2})?$/.exec(value.trim());
  if (parts === null) return undefined;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return minutes > mostOffsetMinutes ? undefined : parts[1] === '-' ? -minutes : minutes;
}

/** The instant a delivery was received, as RFC 3339 in UTC. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** The `time` of a fact. `recordTime` is ours: RFC 3339 of when the payload was received. */
export function factTime(
  time: EventTime,
  recordTime: string,
  timeClassifier: FactTime['timeClassifier'] = 'ACTUAL',
): FactTime {
  return {
    eventTime: time.iso,
    eventTimeZoneOffset: time.offset,
    recordTime,
    timeClassifier,
    timeConfidence: time.confidence,
  };
}

/** For an event without a time of its own: when it reached us. */
export function receivedTime(receivedAt: number): EventTime {
  return { iso: instant(receivedAt), offset: '+00:00', ms: receivedAt, confidence: 'ASSUMED_UTC' };
}

const zones = new Map<string, Zone>();

function localTime(local: string, where: Whereabouts): EventTime | undefined {
  if (where.offsetMinutes !== undefined) {
    return withOffset(
      local,
      FixedOffsetZone.instance(where.offsetMinutes).formatOffset(0, 'short'),
      'SOURCE_OFFSET',
    );
  }
  const zone = where.zone === undefined ? undefined : zoneNamed(where.zone);
  if (zone === undefined) return withOffset(local, '+00:00', 'ASSUMED_UTC');
  const known = offsetOf(local, zone);
  if (known !== undefined && !local.includes('.')) return withOffset(local, known, 'LOCATION_INFERRED');
  const at = DateTime.fromISO(local, { zone });
  if (!at.isValid) return undefined;
  const offset = at.toFormat('ZZ');
  const text = at.toISO({ suppressMilliseconds: true });
  // A time that a change of the clocks skipped is another one now, and only the zone can say which.
  if (text.startsWith(local)) rememberOffset(local, zone, offset);
  return { iso: text, offset, ms: at.toMillis(), confidence: 'LOCATION_INFERRED' };
}

/** Offsets by zone and minute: asking a zone costs more than all the rest of an event, and the events of an hour share a few minutes. */
const knownOffsets = new Map<string, string>();
const mostOffsets = 10_000;
const minuteOf = (local: string, zone: Zone) => `${zone.name} ${local.slice(0, 16)}`;

const offsetOf = (local: string, zone: Zone): string | undefined => knownOffsets.get(minuteOf(local, zone));

function rememberOffset(local: string, zone: Zone, offset: string): void {
  if (knownOffsets.size >= mostOffsets) knownOffsets.clear();
  knownOffsets.set(minuteOf(local, zone), offset);
}

function zoneNamed(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const made = IANAZone.create(name);
  if (!made.isValid) return undefined;
  zones.set(name, made);
  return made;
}

/** Dates that do not exist (30 February, hour 25) are refused: Date.parse would roll some of them over. */
function withOffset(
  local: string,
  offset: string,
  confidence: FactTime['timeConfidence'],
): EventTime | undefined {
  const minutes = offsetMinutes(offset);
  const utc = Date.parse(`${local}Z`);
  if (minutes === undefined || Number.isNaN(utc) || Number(local.slice(11, 13)) > 23) return undefined;
  if (Number(local.slice(8, 10)) > 28 && new Date(utc).getUTCDate() !== Number(local.slice(8, 10)))
    return undefined;
  return { iso: local + offset, offset, ms: utc - minutes * 60_000, confidence };
}

/** What the clock on the wall shows: day `YYYY-MM-DD` and time `HH:MM` of an RFC 3339 time, in its own offset. */
export function wallClock(rfc3339: string): { day: string; time: string } {
  return { day: rfc3339.slice(0, 10), time: rfc3339.slice(11, 16) };
}
