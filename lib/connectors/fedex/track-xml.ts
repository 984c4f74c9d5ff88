/** Replies of the older Track web service (SOAP `TrackReply`, v7 to v20) to facts. */

import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { notAFact, reject } from '../kit/json';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { idText, type Json, list, object, text } from '../kit/text';
import { isoTime } from '../kit/time';
import { describe, packageOf, type Scan, scanFact, scanTime } from './events';

const failures = new Set(['ERROR', 'FAILURE']);

/** `TrackReply` wherever the envelope holds it. */
export function trackReplyOf(root: Json): Json | undefined {
  return object(root.TrackReply) ?? object(object(object(root.Envelope)?.Body)?.TrackReply);
}

export function normalizeTrackXml(reply: Json, context: NormalizeContext): NormalizeResult {
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = failuresOf(reply.Notifications, '/TrackReply/Notifications');
  // Up to v5 the details stand directly below the reply.
  const groups = [...list(reply.CompletedTrackDetails), ...(reply.TrackDetails === undefined ? [] : [reply])];
  groups.forEach((group, at) => {
    const path = `/TrackReply/CompletedTrackDetails[${at + 1}]`;
    list(object(group)?.TrackDetails).forEach((details, index) => {
      readDetails(object(details) ?? {}, `${path}/TrackDetails[${index + 1}]`, context, facts, reports);
    });
  });
  return { facts, reports };
}

function readDetails(
  details: Json,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const refusals = failuresOf(details.Notification, `${at}/Notification`);
  if (refusals.length > 0) {
    reports.push(...refusals);
    return;
  }
  const number = idText(details.TrackingNumber);
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'track details without a tracking number', at));
    return;
  }
  const shipDate = isoTime(details.ShipTimestamp)?.iso.slice(0, 10);
  const parcel = packageOf(number, shipDate, referencesOf(details, context), context);
  const events = list(details.Events);
  const scans = events.length > 0 ? events.map(scanOf) : [snapshotOf(details)];
  scans.forEach((scan, index) => {
    const path = `${at}/Events[${index + 1}]`;
    const time = scan && scanTime(scan, context.receivedAt);
    if (scan === undefined) reports.push(reject('EVENT_TYPE_MISSING', 'an event without a type', path));
    else if (time === undefined)
      reports.push(reject('EVENT_TIME_INVALID', `the time of a ${scan.status} event cannot be read`, path));
    else facts.push(scanFact(scan, time, parcel));
  });
}

function scanOf(raw: unknown): Scan | undefined {
  const event = object(raw);
  const status = idText(event?.EventType);
  if (event === undefined || status === undefined) return undefined;
  return {
    codeList: 'event',
    status,
    reason: text(event.StatusExceptionCode, 100),
    date: event.Timestamp,
    description: describe(event.EventDescription, event.StatusExceptionDescription),
    place: addressOf(object(event.Address)),
  };
}

function snapshotOf(details: Json): Scan | undefined {
  const status = object(details.StatusDetail);
  const code = idText(status?.Code) ?? idText(details.StatusCode);
  if (code === undefined) return undefined;
  const ancillary = object(list(status?.AncillaryDetails)[0]);
  return {
    codeList: 'event',
    status: code,
    reason: text(ancillary?.Reason, 100),
    date: code === 'DL' ? details.ActualDeliveryTimestamp : undefined,
    description: describe(status?.Description ?? details.StatusDescription, ancillary?.ReasonDescription),
    place: addressOf(object(status?.Location)),
  };
}

function addressOf(address: Json | undefined) {
  if (address === undefined) return undefined;
  const { City, StateOrProvinceCode, PostalCode, CountryCode } = address;
  return placeOf({ city: City, region: StateOrProvinceCode, postalCode: PostalCode, country: CountryCode });
}

const shipperTypes = new Set(['SHIPPER_REFERENCE', 'CUSTOMER_REFERENCE', 'PURCHASE_ORDER']);

function referencesOf(details: Json, context: NormalizeContext) {
  const entries = list(details.OtherIdentifiers).map((item) => object(object(item)?.PackageIdentifier));
  const own = entries.filter((entry) => shipperTypes.has(text(entry?.Type) ?? ''));
  return referenceIdentifiers(
    context.settings,
    own.map((entry) => text(entry?.Value)),
  );
}

/** A look-up that failed is no exception of a shipment. */
function failuresOf(notifications: unknown, at: string): NormalizeReport[] {
  return list(notifications).flatMap((item) => {
    const note = object(item);
    if (!failures.has(text(note?.Severity) ?? '')) return [];
    return [
      notAFact(text(note?.Code, 100) ?? 'FAILURE', text(note?.Message, 500) ?? 'the look-up failed', at),
    ];
  });
}
