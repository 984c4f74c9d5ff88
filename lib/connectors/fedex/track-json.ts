/** Track API v1 answers (`output.completeTrackResults`) to facts: one per scan, whatever the package's latest status says. */

import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { notAFact, reject } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { idText, type Json, list, object, text } from '../kit/text';
import { isoTime } from '../kit/time';
import { describe, etaFact, type Package, packageOf, type Scan, scanFact, scanTime } from './events';
import {
  completeResult,
  errorItem,
  type LatestStatus,
  type ScanEvent,
  scanEvent,
  type TrackResult,
  trackResult,
} from './schema';

const checkedCompleteResult = checkedBy(completeResult);
const checkedTrackResult = checkedBy(trackResult);
const checkedScanEvent = checkedBy(scanEvent);
const checkedErrorItem = checkedBy(errorItem);

export function normalizeTrackJson(body: Json, context: NormalizeContext): NormalizeResult {
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  reports.push(...errorReports(body.errors, '/errors'));
  const output = object(body.output);
  list(output?.completeTrackResults).forEach((item, at) => {
    readComplete(item, `/output/completeTrackResults/${at}`, context, facts, reports);
  });
  list(output?.alerts).forEach((alert, at) => {
    const words = object(alert);
    reports.push(
      notAFact(
        text(words?.code, 100) ?? 'ALERT',
        text(words?.message, 500) ?? 'an alert',
        `/output/alerts/${at}`,
      ),
    );
  });
  return { facts, reports };
}

function readComplete(
  item: unknown,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const complete = checkedCompleteResult(item);
  if (!complete.success) {
    reports.push(reject('TRACK_RESULT_INVALID', 'a track result without a list of results', at));
    return;
  }
  complete.data.trackResults.forEach((result, index) => {
    const place = `${at}/trackResults/${index}`;
    const parsed = checkedTrackResult(result);
    if (parsed.success) readResult(parsed.data, complete.data.trackingNumber, place, context, facts, reports);
    else reports.push(reject('TRACK_RESULT_INVALID', firstIssue(parsed.error), place));
  });
}

function readResult(
  result: TrackResult,
  outerNumber: string | null | undefined,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  if (result.error) {
    reports.push(
      notAFact(text(result.error.code, 100) ?? 'TRACK_ERROR', wordsOf(result.error.message), `${at}/error`),
    );
    return;
  }
  const number = idText(result.trackingNumberInfo?.trackingNumber) ?? idText(outerNumber);
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a track result without a tracking number', at));
    return;
  }
  const parcel = packageOf(number, shipDateOf(result), referencesOf(result, context), context);
  const before = facts.length;
  let newest: { ms: number; scan: Scan } | undefined;
  (result.scanEvents ?? []).forEach((raw, index) => {
    const scan = readScan(raw, `${at}/scanEvents/${index}`, reports);
    const time = scan && scanTime(scan, context.receivedAt);
    if (scan === undefined) return;
    if (time === undefined) {
      reports.push(
        reject(
          'EVENT_TIME_INVALID',
          `the time of a ${scan.status} event cannot be read`,
          `${at}/scanEvents/${index}`,
        ),
      );
      return;
    }
    if (newest === undefined || time.ms > newest.ms) newest = { ms: time.ms, scan };
    facts.push(scanFact(scan, time, parcel));
  });
  addLatest(result, parcel, newest?.scan, facts);
  if (facts.length === before && reports.length === 0) {
    reports.push(notAFact('NO_EVENTS', `no events for ${number}`, at));
  }
}

/** The latest status stands for itself only where no scans came with it, or where it concludes something that no scan says. */
function addLatest(result: TrackResult, parcel: Package, newest: Scan | undefined, facts: FactDraft[]) {
  const latest = result.latestStatusDetail;
  const delivered = latest?.code === 'DL';
  if (latest?.derivedCode === 'RL' && !delivered) {
    const date = newest?.date;
    addScan(
      { codeList: 'derived', status: 'RL', date, description: text(latest.statusByLocale, 2000) },
      parcel,
      facts,
    );
  }
  if (latest?.code && newest === undefined && (result.scanEvents ?? []).length === 0) {
    addScan(snapshot(latest, latest.code, result), parcel, facts);
  }
  const eta = delivered
    ? undefined
    : isoTime(result.estimatedDeliveryTimeWindow?.window?.ends ?? dateOf(result, 'ESTIMATED_DELIVERY'));
  if (eta !== undefined && eta.confidence === 'SOURCE_OFFSET') facts.push(etaFact(eta, parcel));
}

function addScan(scan: Scan, parcel: Package, facts: FactDraft[]) {
  const time = scanTime(scan, parcel.context.receivedAt);
  if (time !== undefined) facts.push(scanFact(scan, time, parcel));
}

const datesOfStatus: Readonly<Record<string, string>> = {
  DL: 'ACTUAL_DELIVERY',
  PU: 'ACTUAL_PICKUP',
  OC: 'SHIP',
};

function snapshot(latest: LatestStatus, code: string, result: TrackResult): Scan {
  const reason = latest.ancillaryDetails?.find((detail) => text(detail.reason) !== undefined);
  return {
    codeList: 'event',
    status: code,
    reason: text(reason?.reason, 100),
    date: dateOf(result, datesOfStatus[code] ?? ''),
    description: describe(latest.description ?? latest.statusByLocale, reason?.reasonDescription),
    place: placeOfScan(latest.scanLocation, undefined),
  };
}

function readScan(raw: unknown, at: string, reports: NormalizeReport[]): Scan | undefined {
  const parsed = checkedScanEvent(raw);
  if (!parsed.success) {
    reports.push(reject('SCAN_EVENT_INVALID', firstIssue(parsed.error), at));
    return undefined;
  }
  const event = parsed.data;
  return {
    codeList: 'event',
    status: event.eventType.trim(),
    reason: text(event.exceptionCode, 100),
    date: event.date,
    description: describe(event.eventDescription, event.exceptionDescription),
    place: placeOfScan(event.scanLocation, event.locationId),
  };
}

function placeOfScan(address: ScanEvent['scanLocation'], locationId: unknown) {
  const { city, stateOrProvinceCode, postalCode, countryCode } = address ?? {};
  return placeOf({ city, region: stateOrProvinceCode, postalCode, country: countryCode, locationId });
}

/** FedEx reuses numbers; the ship date, known from the label on, tells two shipments under one number apart. */
function shipDateOf(result: TrackResult): string | undefined {
  return isoTime(dateOf(result, 'SHIP'))?.iso.slice(0, 10);
}

function dateOf(result: TrackResult, type: string): string | undefined {
  return result.dateAndTimes?.find((entry) => entry.type === type)?.dateTime ?? undefined;
}

const shipperTypes = new Set(['SHIPPER_REFERENCE', 'CUSTOMER_REFERENCE', 'PURCHASE_ORDER']);

function referencesOf(result: TrackResult, context: NormalizeContext) {
  const entries = result.additionalTrackingInfo?.packageIdentifiers ?? [];
  const own = entries.filter((entry) => shipperTypes.has(entry.type ?? ''));
  return referenceIdentifiers(
    context.settings,
    own.flatMap((entry) => (entry.values ?? []).map((value) => text(value))),
  );
}

/** Errors of a refused call: understood, and no event of a shipment. */
export function errorReports(errors: unknown, at: string): NormalizeReport[] {
  return list(errors).map((item, index) => {
    const parsed = checkedErrorItem(item);
    if (!parsed.success) return reject('ERROR_INVALID', 'an error without a code', `${at}/${index}`);
    return notAFact(parsed.data.code.slice(0, 100), wordsOf(parsed.data.message), `${at}/${index}`);
  });
}

function wordsOf(message: unknown): string {
  return text(message, 500) ?? 'the call was refused';
}

function firstIssue(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'does not fit the schema' : `${issue.path.join('/')}: ${issue.message}`;
}
