/** Documents of the older UPS XML services: Track answers, refused labels, address validation. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { notAFact, reject, rejected } from '../kit/json';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { idText, type Json, list, object, text } from '../kit/text';
import type { EventTime } from '../kit/time';
import {
  activityFact,
  isOurs,
  type Package,
  packageOf,
  rescheduledFact,
  timeOfDraft,
  type UpsActivity,
} from './events';
import { normalizeAddress, normalizeErrors, readErrors } from './refusals';

/** Any UPS document: the name of its root says what it answers. */
export function normalizeXml(root: Json, context: NormalizeContext): NormalizeResult {
  const name = Object.keys(root).find((key) => !key.startsWith('?'));
  const document = object(name === undefined ? undefined : root[name]);
  if (name === undefined || document === undefined)
    return rejected('NOT_A_UPS_DOCUMENT', 'XML without a root of elements');
  const errors = list(object(document.Response)?.Error);
  if (errors.length > 0) return normalizeErrors(readErrors(errors), name, context);
  if (name === 'TrackResponse') return normalizeTrack(document, context);
  if (name === 'AddressValidationResponse' || name === 'XAVResponse')
    return normalizeAddress(document, context);
  if (document.Response === undefined)
    return rejected('NOT_A_UPS_DOCUMENT', `XML with the root ${name.slice(0, 60)} is not known`);
  return {
    facts: [],
    reports: [notAFact('ANSWER_WITHOUT_EVENT', `${name.slice(0, 60)} reports success and no event`)],
  };
}

function normalizeTrack(document: Json, context: NormalizeContext): NormalizeResult {
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  list(document.Shipment).forEach((raw, at) => {
    const shipment = object(raw) ?? {};
    const packages = list(shipment.Package);
    const path = `/TrackResponse/Shipment[${at + 1}]`;
    packages.forEach((item, index) => {
      readPackage(object(item) ?? {}, shipment, `${path}/Package[${index + 1}]`, context, facts, reports);
    });
    if (packages.length === 0) reports.push(notAFact('NO_PACKAGES', 'a shipment without packages', path));
  });
  return { facts, reports };
}

function readPackage(
  item: Json,
  shipment: Json,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const number = idText(item.TrackingNumber) ?? idText(shipment.ShipmentIdentificationNumber);
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a package without a tracking number', at));
    return;
  }
  const references = [...list(shipment.ReferenceNumber), ...list(item.ReferenceNumber)];
  const values = references
    .map((reference) => text(object(reference)?.Value))
    .filter((value) => !isOurs(value));
  const parcel = packageOf(number, referenceIdentifiers(context.settings, values), context);
  const activities = list(item.Activity);
  const drafts = activities.map((raw) => activityFact(ofActivity(object(raw) ?? {}), parcel));
  drafts.forEach((draft, index) => {
    if (typeof draft === 'string')
      reports.push(reject('ACTIVITY_INVALID', draft, `${at}/Activity[${index + 1}]`));
    else facts.push(draft);
  });
  if (activities.length === 0) reports.push(notAFact('NO_ACTIVITY', `no activity for ${number}`, at));
  const moved = reschedule(item, shipment, drafts, parcel);
  if (moved !== undefined) facts.push(moved);
}

function reschedule(item: Json, shipment: Json, drafts: readonly (FactDraft | string)[], parcel: Package) {
  const done = drafts.filter((draft) => typeof draft !== 'string');
  if (done.some(({ data }) => data.milestone === 'DELIVERED')) return undefined;
  const times = done.map(timeOfDraft);
  const latest = times.reduce<EventTime | undefined>(
    (best, time) => (best && best.ms >= time.ms ? best : time),
    undefined,
  );
  const scheduled = text(item.ScheduledDeliveryDate) ?? text(shipment.ScheduledDeliveryDate);
  const moved = text(item.RescheduledDeliveryDate) ?? text(shipment.RescheduledDeliveryDate);
  return rescheduledFact(scheduled, moved, latest, parcel);
}

function ofActivity(raw: Json): UpsActivity {
  const status = object(raw.Status);
  const type = object(status?.StatusType);
  const address = object(object(raw.ActivityLocation)?.Address);
  return {
    type: text(type?.Code, 100),
    code: text(object(status?.StatusCode)?.Code, 100),
    packageStatus: undefined,
    description: text(type?.Description, 2000),
    place: placeOf({
      city: address?.City,
      region: address?.StateProvinceCode,
      postalCode: address?.PostalCode,
      country: address?.CountryCode,
    }),
    date: raw.Date,
    time: raw.Time,
    gmtDate: raw.GMTDate,
    gmtTime: raw.GMTTime,
    gmtOffset: raw.GMTOffset,
  };
}
