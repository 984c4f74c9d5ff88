/** Trackers to facts: one per tracking detail, each by its own status, whatever the tracker's top-level status says. */
import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext, NormalizeReport } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { placeOf } from '../kit/place';
import { scanFact, type Tracked } from '../kit/scan';
import { idText, text } from '../kit/text';
import { type EventTime, instant, isoTime } from '../kit/time';
import { type Tracker, type TrackingDetail, tracker, trackingDetail } from './schema';

const checkedTracker = checkedBy(tracker);
const checkedTrackingDetail = checkedBy(trackingDetail);

export const codes = loadCodes(__dirname);

/** EasyPost names some accounts of one carrier apart; numbers are the carrier's. */
const carriers: Readonly<Record<string, string>> = { fedexdefault: 'fedex', upsdap: 'ups' };

export function carrierOf(name: unknown): string {
  const lower = (text(name, 100) ?? 'unknown').toLowerCase();
  return carriers[lower] ?? lower;
}

export function readTracker(
  raw: unknown,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
): void {
  const parsed = checkedTracker(raw);
  if (!parsed.success) {
    reports.push(reject('TRACKER_INVALID', issueOf(parsed.error), at));
    return;
  }
  const own = parsed.data;
  const base: Tracked = {
    carrier: carrierOf(own.carrier),
    trackingNumber: own.tracking_code,
    identifiers: identifiersOf(own),
  };
  const details = own.tracking_details ?? [];
  details.forEach((item, index) => {
    const detail = checkedTrackingDetail(item);
    const path = `${at}/tracking_details/${index}`;
    const fact = detail.success ? detailFact(detail.data, base, context) : issueOf(detail.error);
    if (typeof fact === 'string') reports.push(reject('TRACKING_DETAIL_INVALID', fact, path));
    else facts.push(fact);
  });
  if (details.length === 0) readSummary(own, base, at, context, facts, reports);
  const eta = own.status === 'delivered' ? undefined : isoTime(own.est_delivery_date);
  if (eta !== undefined) facts.push(etaFact({ ...base, eta, recordTime: instant(context.receivedAt) }));
}

function identifiersOf(own: Tracker): FactData['identifiers'] {
  const shipmentId = idText(own.shipment_id, 200);
  return {
    ...(shipmentId === undefined ? {} : { shipmentId: [{ namespace: 'easypost', value: shipmentId }] }),
    trackingNumber: [{ carrier: carrierOf(own.carrier), value: own.tracking_code }],
  };
}

/** The tracker's own status counts only where no details came with it. */
function readSummary(
  own: Tracker,
  base: Tracked,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const status = text(own.status, 100);
  if (status === undefined || status === 'unknown') {
    reports.push(notAFact('NO_TRACKING_DETAILS', `no details for ${base.trackingNumber}`, at));
    return;
  }
  const fact = detailFact(
    { status, status_detail: own.status_detail, datetime: own.updated_at },
    base,
    context,
  );
  if (typeof fact === 'string') reports.push(reject('TRACKER_INVALID', fact, at));
  else facts.push(fact);
}

function detailFact(
  detail: Pick<TrackingDetail, 'status' | 'status_detail' | 'datetime'> & Partial<TrackingDetail>,
  base: Tracked,
  context: NormalizeContext,
): FactDraft | string {
  const location = detail.tracking_location ?? {};
  const place = placeOf({
    city: location.city,
    region: location.state,
    postalCode: location.zip,
    country: location.country,
  });
  const stated = text(detail.datetime) !== undefined;
  const time = stated ? timeOf(detail.datetime, place) : undefined;
  if (stated && time === undefined) return `the time of a ${detail.status} event cannot be read`;
  const code = {
    codeList: 'tracker',
    status: detail.status.trim(),
    reason: text(detail.status_detail, 100),
    text: text(detail.message ?? detail.description, 2000),
  };
  return scanFact(base, { codes, code, time, place }, context);
}

/**
 * `When location information is incomplete, timestamps default to UTC` (https://docs.easypost.com/docs/trackers): the offset is
 * EasyPost's knowledge only where the place is there, else it is an assumption, and says so.
 */
function timeOf(datetime: unknown, place: FactData['place']): EventTime | undefined {
  const time = isoTime(datetime);
  return time === undefined || isComplete(place) ? time : { ...time, confidence: 'ASSUMED_UTC' };
}

function isComplete(place: FactData['place']): boolean {
  if (place === undefined) return false;
  const { city, region, postalCode, country } = place;
  return city !== undefined && (postalCode !== undefined || region !== undefined || country !== undefined);
}

export function issueOf(error: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): string {
  const issue = error.issues[0];
  return issue === undefined ? 'does not fit the schema' : `${issue.path.join('/')}: ${issue.message}`;
}
