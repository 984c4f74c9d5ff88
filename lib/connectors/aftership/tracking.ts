/** Trackings to facts: one a checkpoint, each by its own tag and subtag (https://www.aftership.com/docs/tracking/2025-01/model/tracking). */
import type { FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { scanFact, type Tracked } from '../kit/scan';
import { idText, type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** Slugs whose carrier has a connector of its own under another name. */
const carriers: Readonly<Record<string, string>> = { 'canada-post': 'canadapost' };

export function carrierOf(slug: unknown): string {
  const lower = text(slug, 60)?.toLowerCase() ?? 'unknown';
  return carriers[lower] ?? lower;
}

/** @param event what a webhook says has happened to the tracking, and when (seconds since the epoch) */
export function readTracking(
  tracking: Json,
  at: string,
  context: NormalizeContext,
  out: Out,
  event?: { kind: string; time: EventTime | undefined },
): void {
  const trackingNumber = idText(tracking.tracking_number);
  if (trackingNumber === undefined) {
    out.reports.push(reject('TRACKING_INVALID', 'no tracking_number', at));
    return;
  }
  const before = out.facts.length + out.reports.length;
  const tracked = trackedOf(tracking, trackingNumber, context);
  const checkpoints = list(tracking.checkpoints);
  checkpoints.forEach((raw, index) => {
    const fact = checkpointFact(object(raw) ?? {}, tracked, context);
    if (typeof fact !== 'string') out.facts.push(fact);
    else out.reports.push(reject('CHECKPOINT_INVALID', fact, `${at}/checkpoints/${index}`));
  });
  // AfterShip itself gives up on a parcel, or finds that it waits too long: no checkpoint says so.
  const own = checkpoints.length === 0 || tracking.tag === 'Expired' ? tracking : undefined;
  if (own !== undefined) readOwnTag(own, tracked, context, out);
  const meaning = event && codes.meaning('event', event.kind);
  if (event !== undefined && meaning?.mapped && meaning.exception !== undefined) {
    const code = { codeList: 'event', status: event.kind };
    out.facts.push(scanFact(tracked, { codes, code, time: event.time }, context));
  }
  const eta = tracking.tag === 'Delivered' ? undefined : estimateOf(tracking);
  if (eta !== undefined)
    out.facts.push(etaFact({ ...tracked, eta, recordTime: instant(context.receivedAt) }));
  if (out.facts.length + out.reports.length === before)
    out.reports.push(notAFact('NO_CHECKPOINTS', `nothing is known of ${trackingNumber}`, at));
}

function trackedOf(tracking: Json, trackingNumber: string, context: NormalizeContext): Tracked {
  const carrier = carrierOf(tracking.slug);
  const id = idText(tracking.id, 200);
  const references = [idText(tracking.order_id, 200), idText(tracking.order_number, 200)];
  return {
    carrier,
    trackingNumber,
    identifiers: {
      ...referenceIdentifiers(context.settings, references),
      ...(id === undefined ? {} : { shipmentId: [{ namespace: 'aftership', value: id }] }),
      trackingNumber: [{ carrier, value: trackingNumber }],
    },
  };
}

function checkpointFact(checkpoint: Json, tracked: Tracked, context: NormalizeContext): FactDraft | string {
  const status = text(checkpoint.tag, 100);
  if (status === undefined) return 'a checkpoint without a tag';
  const time = checkpointTime(checkpoint.checkpoint_time);
  if (time === undefined) return `the time of a ${status} checkpoint cannot be read`;
  const place = placeOf({
    city: checkpoint.city ?? checkpoint.location,
    region: checkpoint.state,
    postalCode: checkpoint.zip,
    country: checkpoint.country_region ?? checkpoint.country_iso3,
  });
  const code = {
    codeList: 'checkpoint',
    status,
    reason: text(checkpoint.subtag, 100),
    text: text(checkpoint.message, 2000) ?? text(checkpoint.subtag_message, 2000),
  };
  return scanFact(tracked, { codes, code, time, place }, context);
}

/** `YYYY-MM-DD`, with a time, with an offset: as the carrier told it. */
function checkpointTime(value: unknown): EventTime | undefined {
  const day = text(value, 40);
  return isoTime(day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00` : value);
}

/** The tracking's own tag, where no checkpoint stands for it. */
function readOwnTag(tracking: Json, tracked: Tracked, context: NormalizeContext, out: Out) {
  const status = text(tracking.tag, 100);
  if (status === undefined) return;
  const reason = text(tracking.subtag, 100);
  const meaning = codes.meaning('checkpoint', status, reason);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) return;
  const code = { codeList: 'checkpoint', status, reason, text: text(tracking.subtag_message, 2000) };
  const time = isoTime(tracking.last_updated_at ?? tracking.updated_at);
  out.facts.push(scanFact(tracked, { codes, code, time }, context));
}

/** The latest estimate: a moment, the end of a range, or a day, which means its end. */
function estimateOf(tracking: Json): EventTime | undefined {
  const latest = object(tracking.latest_estimated_delivery);
  const value = text(latest?.datetime ?? latest?.datetime_max ?? tracking.expected_delivery, 40);
  return isoTime(value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T23:59:59` : value);
}
