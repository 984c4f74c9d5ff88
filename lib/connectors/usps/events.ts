/** One USPS scan as the JSON and the older XML both tell it, and its fact. */
import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { compactTime, type EventTime, instant, isoTime, receivedTime, type Whereabouts } from '../kit/time';

export const codes = loadCodes(__dirname);

export interface Package {
  trackingNumber: string;
  identifiers: FactData['identifiers'];
  context: NormalizeContext;
  recordTime: string;
}

export function packageOf(trackingNumber: string, context: NormalizeContext): Package {
  return {
    trackingNumber,
    identifiers: { trackingNumber: [{ carrier: 'usps', value: trackingNumber }] },
    context,
    recordTime: instant(context.receivedAt),
  };
}

export interface Scan {
  code: string;
  /** Reason or delivery attribute: told for people, it decides nothing. */
  reason: string | undefined;
  description: string | undefined;
  place: FactData['place'] | undefined;
  /** Absent where the scan has no time of its own; undefined time of a scan that has one is an error of the caller. */
  time: EventTime | undefined;
}

export function scanFact(scan: Scan, parcel: Package): FactDraft {
  return shipmentFact({
    manifest: parcel.context.manifest,
    codes,
    code: {
      codeList: 'event',
      agency: 'USPS',
      status: scan.code,
      reason: scan.reason,
      text: scan.description,
    },
    time: scan.time ?? receivedTime(parcel.context.receivedAt),
    recordTime: parcel.recordTime,
    identifiers: parcel.identifiers,
    place: scan.place,
    dedupKey: businessKey({
      carrier: 'usps',
      trackingNumber: parcel.trackingNumber,
      status: scan.code,
      reason: scan.reason,
      eventTime: scan.time?.ms,
      place: scan.place,
    }),
  });
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const longDate = /^([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})$/;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))? ?(am|pm)$/i;

/** `April 28, 2015` and `9:01 am`, as Web Tools write them. An empty clock is midnight. */
export function longTime(date: string, time: string | undefined, where: Whereabouts): EventTime | undefined {
  const [, name = '', day = '', year = ''] = longDate.exec(date) ?? [];
  const month = months.findIndex((known) => known.startsWith(name.toLowerCase().slice(0, 3)));
  if (name === '' || month === -1) return undefined;
  const compact = `${year}${String(month + 1).padStart(2, '0')}${day.padStart(2, '0')}`;
  const [, hour, minute = '', second = '00', half = ''] = clock.exec(time ?? '') ?? [];
  if (hour === undefined) return time === undefined ? compactTime(compact, '', where) : undefined;
  const hours = (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return compactTime(compact, `${String(hours).padStart(2, '0')}${minute}${second}`, where);
}

const minute = 60_000;

/** Minutes of an offset that USPS writes as `-05:00`, as minutes, or only as the difference of local and Greenwich time. */
export function offsetOf(offset: unknown, local: unknown, greenwich: unknown): number | undefined {
  const minutes = Number(offset);
  if (offset !== undefined && offset !== null && offset !== '' && Number.isInteger(minutes))
    return Math.abs(minutes) <= 14 * 60 ? minutes : undefined;
  const here = isoTime(local);
  const there = isoTime(greenwich);
  if (here === undefined || there === undefined) return undefined;
  const difference = Math.round((here.ms - there.ms) / minute / 15) * 15;
  return Math.abs(difference) <= 14 * 60 ? difference : undefined;
}
