/** Answers of the older Web Tools: TrackV2 with fields (`TrackInfo`), and refused address validations. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { notAFact, reject, rejected } from '../kit/json';
import { placeOf } from '../kit/place';
import { refusedCallFact } from '../kit/refused-call';
import { idText, type Json, list, object, text } from '../kit/text';
import { zoneOf } from '../kit/zones';
import { codes, longTime, packageOf, type Scan, scanFact } from './events';

export function normalizeXml(root: Json, context: NormalizeContext): NormalizeResult {
  const tracked = object(root.TrackResponse);
  if (tracked !== undefined) return normalizeTrack(tracked, context);
  const validated = object(root.AddressValidateResponse);
  if (validated !== undefined) return normalizeAddresses(validated, context);
  const error = object(root.Error);
  if (error !== undefined) return { facts: [], reports: [errorReport(error, '/Error')] };
  return rejected(
    'NOT_A_USPS_DOCUMENT',
    'XML that is neither a track answer nor an address answer nor an error',
  );
}

function normalizeTrack(document: Json, context: NormalizeContext): NormalizeResult {
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  list(document.TrackInfo).forEach((item, index) => {
    const at = `/TrackResponse/TrackInfo[${index + 1}]`;
    const info = object(item) ?? {};
    const error = object(info.Error);
    if (error !== undefined) reports.push(errorReport(error, `${at}/Error`));
    else readInfo(info, at, context, facts, reports);
  });
  if (facts.length + reports.length === 0)
    reports.push(notAFact('NO_TRACK_INFO', 'a track answer without items'));
  return { facts, reports };
}

function readInfo(
  info: Json,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const number = idText(info['@ID']) ?? idText(info.ID);
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a track item without its number', at));
    return;
  }
  const parcel = packageOf(number, context);
  const events: [string, unknown][] = [
    ...list(info.TrackSummary).map((event): [string, unknown] => [`${at}/TrackSummary`, event]),
    ...list(info.TrackDetail).map((event, index): [string, unknown] => [
      `${at}/TrackDetail[${index + 1}]`,
      event,
    ]),
  ];
  for (const [path, event] of events) {
    const fields = object(event);
    const scan = fields === undefined ? undefined : scanOf(fields);
    if (scan === undefined)
      reports.push(notAFact('EVENT_WITHOUT_CODE', 'an event in prose, without a code', path));
    else if (typeof scan === 'string') reports.push(reject('EVENT_INVALID', scan, path));
    else facts.push(scanFact(scan, parcel));
  }
  if (events.length === 0) reports.push(notAFact('NO_EVENTS', `no events for ${number}`, at));
}

function scanOf(event: Json): Scan | string | undefined {
  const code = text(event.EventCode, 100);
  if (code === undefined) return undefined;
  const region = text(event.EventState, 100);
  const country = text(event.EventCountry, 100);
  const date = text(event.EventDate, 60);
  const where = { zone: zoneOf(country ?? (region === undefined ? undefined : 'US'), region) };
  const time = date === undefined ? undefined : longTime(date, text(event.EventTime, 20), where);
  if (date !== undefined && time === undefined) return `the time of a ${code} event cannot be read`;
  return {
    code,
    reason: text(event.DeliveryAttributeCode, 100),
    description: text(event.Event, 2000),
    place: placeOf({ city: event.EventCity, region, postalCode: event.EventZIPCode, country }),
    time,
  };
}

function normalizeAddresses(document: Json, context: NormalizeContext): NormalizeResult {
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  list(document.Address).forEach((item, index) => {
    const at = `/AddressValidateResponse/Address[${index + 1}]`;
    const error = object(object(item)?.Error);
    if (error === undefined) {
      reports.push(notAFact('ADDRESS_VALID', 'an address that USPS knows', at));
      return;
    }
    const number = text(error.Number, 100) ?? 'ERROR';
    const message = text(error.Description, 2000) ?? 'USPS does not know the address';
    const code = { codeList: 'error', agency: 'USPS', status: number, text: message };
    const fact = refusedCallFact({ codes, code, message, key: [number, message, String(index)] }, context);
    if (fact === undefined) reports.push(notAFact(number, message.slice(0, 500), at));
    else facts.push(fact);
  });
  if (facts.length + reports.length === 0)
    reports.push(notAFact('NO_ADDRESS', 'an address answer without items'));
  return { facts, reports };
}

function errorReport(error: Json, at: string): NormalizeReport {
  return notAFact(
    text(error.Number, 100) ?? 'ERROR',
    text(error.Description, 500) ?? 'the look-up failed',
    at,
  );
}
