/** Tracking v3 answers (https://developers.usps.com/trackingv3, expand=DETAIL) to facts: one per tracking event, by its own event code. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject, rejected } from '../kit/json';
import { placeOf } from '../kit/place';
import { idText, type Json, list, object, text } from '../kit/text';
import { isoTime, offsetMinutes } from '../kit/time';
import { zoneOf } from '../kit/zones';
import { offsetOf, type Package, packageOf, type Scan, scanFact } from './events';

/** @param asked the number that a poll asked for: USPS does not always repeat it */
export function normalizeTrackJson(
  body: Json,
  asked: string | undefined,
  context: NormalizeContext,
): NormalizeResult {
  const number = idText(body.trackingNumber) ?? idText(asked);
  if (number === undefined)
    return rejected('TRACKING_NUMBER_MISSING', 'a tracking answer without a tracking number');
  const parcel = packageOf(number, context);
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  list(body.trackingEvents).forEach((item, at) => {
    const scan = scanOf(object(item));
    if (typeof scan === 'string') reports.push(reject('EVENT_INVALID', scan, `/trackingEvents/${at}`));
    else facts.push(scanFact(scan, parcel));
  });
  list(body.eventSummaries).forEach((_item, at) => {
    reports.push(notAFact('SUMMARY_ONLY', 'an event in prose, without a code', `/eventSummaries/${at}`));
  });
  const eta = forecast(body, parcel, facts);
  if (eta !== undefined) facts.push(eta);
  if (facts.length + reports.length === 0) reports.push(notAFact('NO_EVENTS', `no events for ${number}`));
  return { facts, reports };
}

/** A sentence says what is wrong with an event. */
function scanOf(event: Json | undefined): Scan | string {
  const code = text(event?.eventCode, 100);
  if (event === undefined || code === undefined) return 'an event without an event code';
  const region = text(event.eventState, 100);
  const country = text(event.eventCountry, 100);
  const offset =
    offsetMinutes(event.GMTOffset) ?? offsetOf(event.GMTOffset, event.eventTimestamp, event.GMTTimestamp);
  const zone = zoneOf(country ?? (region === undefined ? undefined : 'US'), region);
  const stamp = text(event.eventTimestamp, 60);
  const time = isoTime(stamp, { offsetMinutes: offset, zone }) ?? isoTime(event.GMTTimestamp);
  if (time === undefined && stamp !== undefined) return `the time of a ${code} event cannot be read`;
  return {
    code,
    reason: text(event.reasonCode, 100) ?? text(event.actionCode, 100),
    description: text(event.eventType, 2000),
    place: placeOf({ city: event.eventCity, region, postalCode: event.eventZIP, country }),
    time,
  };
}

/** A delivered package needs no forecast. */
function forecast(body: Json, parcel: Package, facts: readonly FactDraft[]): FactDraft | undefined {
  if (facts.some(({ data }) => data.milestone === 'DELIVERED')) return undefined;
  const stamp = text(body.expectedDeliveryTimeStamp, 60) ?? text(body.predictedDeliveryTimeStamp, 60);
  const zone = zoneOf('US', text(body.destinationState, 10));
  const eta = isoTime(stamp, { zone });
  return eta === undefined ? undefined : etaFact({ carrier: 'usps', eta, ...parcel });
}

/** `{ apiVersion, error }`: a refused call is no event of a shipment. */
export function normalizeError(error: Json): NormalizeResult {
  const details = list(error.errors).map((item) => object(item));
  const first = details[0];
  const code = text(first?.code, 100) ?? text(error.code, 100) ?? 'ERROR';
  const message = text(first?.detail, 500) ?? text(error.message, 500) ?? 'USPS refused the call';
  return { facts: [], reports: [notAFact(code, message, '/error')] };
}
