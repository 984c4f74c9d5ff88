/** One UPS activity as webhook, JSON and XML tell it, and its fact. */
import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { businessKey, keyOf, shipmentFact } from '../kit/draft';
import { text } from '../kit/text';
import { compactTime, type EventTime, instant, offsetMinutes, receivedTime } from '../kit/time';
import { zoneOf } from '../kit/zones';

export const codes = loadCodes(__dirname);

/** True for the reference that createLabel puts beside the shipper's: 35 hex digits of ours name no order. */
export const isOurs = (reference: string | undefined) => /^[0-9a-f]{35}$/.test(reference ?? '');

export interface Package {
  trackingNumber: string;
  identifiers: FactData['identifiers'];
  context: NormalizeContext;
  recordTime: string;
}

export interface UpsActivity {
  /** Status type: M, MV, X, I, U, D. */
  type: string | undefined;
  /** Two-character activity code. */
  code: string | undefined;
  /** Three-digit package status (`statusCode`, in Track Alert `descriptionCode`). */
  packageStatus: string | undefined;
  description: string | undefined;
  place: FactData['place'] | undefined;
  date: unknown;
  time: unknown;
  gmtDate?: unknown;
  gmtTime?: unknown;
  gmtOffset?: unknown;
}

/** The generic status `Exception`: like type X it opens nothing by itself, so the activity code decides. */
const genericException = '013';

/**
 * The activity's own code. A package status that names an exception decides; else type and activity code where our table knows
 * the pair; else the package status; where none is known, the pair is shown as UNMAPPED_STATUS.
 */
function codeOf(
  activity: UpsActivity,
): { codeList: string; status: string; reason: string | undefined } | undefined {
  const { type, code, packageStatus } = activity;
  const pair = type === undefined ? undefined : { codeList: 'activity', status: type, reason: code };
  const coarse =
    packageStatus === undefined || (packageStatus === genericException && pair !== undefined)
      ? undefined
      : { codeList: 'package-status', status: packageStatus, reason: code };
  if (pair !== undefined && coarse !== undefined) {
    const broad = codes.meaning('package-status', coarse.status, code);
    if (broad.mapped && broad.exception !== undefined) return coarse;
    if (code !== undefined && codes.meaning('activity', pair.status, code).mapped) return pair;
    return broad.mapped ? coarse : pair;
  }
  return (
    pair ?? coarse ?? (code === undefined ? undefined : { codeList: 'activity', status: '-', reason: code })
  );
}

/** The fact of one activity; a sentence that says what is wrong when it has no code or an unreadable time. */
export function activityFact(activity: UpsActivity, parcel: Package): FactDraft | string {
  const code = codeOf(activity);
  if (code === undefined) return 'an activity without any status code';
  const time = timeOf(activity, parcel.context.receivedAt);
  if (time === undefined) return `the time of a ${code.status} activity cannot be read`;
  return shipmentFact({
    manifest: parcel.context.manifest,
    codes,
    code: { ...code, agency: 'UPS', text: text(activity.description, 2000) },
    time,
    recordTime: parcel.recordTime,
    identifiers: parcel.identifiers,
    place: activity.place,
    dedupKey: businessKey({
      carrier: 'ups',
      trackingNumber: parcel.trackingNumber,
      status: `${activity.type ?? ''}:${activity.packageStatus ?? ''}`,
      reason: activity.code,
      eventTime: text(activity.date) === undefined ? undefined : time.ms,
      place: activity.place,
    }),
  });
}

const day = 86_400_000;
const minute = 60_000;

/** Local time with UPS's own offset, or with the offset that local and GMT time differ by; else the place's zone, else UTC. */
function timeOf(activity: UpsActivity, receivedAt: number): EventTime | undefined {
  const { date, time, place } = activity;
  if (text(date) === undefined && text(activity.gmtDate) === undefined) return receivedTime(receivedAt);
  const gmt = compactTime(activity.gmtDate, clock(activity.gmtTime));
  const local = compactTime(date, clock(time));
  if (local === undefined) {
    // GMT by its name: no assumption.
    return gmt === undefined || text(date) !== undefined
      ? undefined
      : { ...gmt, confidence: 'SOURCE_OFFSET' };
  }
  const stated = offsetMinutes(activity.gmtOffset) ?? differenceOf(local, gmt);
  if (stated !== undefined) return compactTime(date, clock(time), { offsetMinutes: stated });
  return compactTime(date, clock(time), { zone: zoneOf(place?.country, place?.region) });
}

/** UPS writes 07:47:00 as `74700` now and then. */
function clock(value: unknown): unknown {
  const digits = typeof value === 'string' ? value.trim().replace(/:/g, '') : value;
  return typeof digits === 'string' && /^\d{5}$/.test(digits) ? `0${digits}` : digits;
}

function differenceOf(local: EventTime, gmt: EventTime | undefined): number | undefined {
  if (gmt === undefined || Math.abs(local.ms - gmt.ms) > (14 / 24) * day) return undefined;
  return Math.round((local.ms - gmt.ms) / minute / 15) * 15;
}

/** A delivery that UPS itself has moved to a later day. An earlier day is no delay, and a naive look at the scheduled day is no proof. */
export function rescheduledFact(
  scheduled: string | undefined,
  rescheduled: string | undefined,
  latest: EventTime | undefined,
  parcel: Package,
): FactDraft | undefined {
  const from = compactTime(scheduled, '');
  const to = compactTime(rescheduled, '');
  if (from === undefined || to === undefined || to.ms <= from.ms) return undefined;
  return shipmentFact({
    manifest: parcel.context.manifest,
    codes,
    code: {
      codeList: 'delivery-date',
      agency: 'UPS',
      status: 'RDD',
      reason: 'later',
      text: `rescheduled from ${scheduled} to ${rescheduled}`,
    },
    time: latest ?? receivedTime(parcel.context.receivedAt),
    recordTime: parcel.recordTime,
    identifiers: parcel.identifiers,
    dedupKey: keyOf(['ups', parcel.trackingNumber, 'RDD', from.ms, to.ms]),
    details: { delayMinutes: (to.ms - from.ms) / minute },
  });
}

/** The moment of a draft's event, to find the latest of several. */
export function timeOfDraft({ data }: FactDraft): EventTime {
  const { eventTime, eventTimeZoneOffset, timeConfidence } = data.time;
  return {
    iso: eventTime,
    offset: eventTimeZoneOffset,
    ms: Date.parse(eventTime),
    confidence: timeConfidence,
  };
}

export function packageOf(
  trackingNumber: string,
  references: FactData['identifiers'],
  context: NormalizeContext,
  shipDate?: string,
): Package {
  const own = { carrier: 'ups', value: trackingNumber, ...(shipDate === undefined ? {} : { shipDate }) };
  return {
    trackingNumber,
    identifiers: { ...references, trackingNumber: [own] },
    context,
    recordTime: instant(context.receivedAt),
  };
}
