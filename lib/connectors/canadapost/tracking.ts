/** Tracking answers to facts, each occurrence by its own code (track-v2, tracking-detail). */
import type { FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { scanFact, type Tracked } from '../kit/scan';
import { idText, type Json, object, objects, text } from '../kit/text';
import { type EventTime, instant, isoTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** Codes come with and without leading zeros (`20`, `0174`): four digits here. */
export const eventCode = (value: unknown) => text(value, 100)?.padStart(4, '0');

/** @param at XPath of the `tracking-detail` */
export function readDetail(detail: Json, at: string, context: NormalizeContext, out: Out): void {
  const trackingNumber = idText(detail.pin);
  if (trackingNumber === undefined) {
    out.reports.push(reject('TRACKING_INVALID', 'a tracking answer without a pin', at));
    return;
  }
  const tracked = trackedOf(detail, trackingNumber, context);
  const before = out.facts.length + out.reports.length;
  const events = objects(object(detail['significant-events'])?.occurrence);
  let delivered = false;
  events.forEach((event, index) => {
    const fact = eventFact(event, tracked, context);
    if (typeof fact === 'string')
      out.reports.push(reject('EVENT_INVALID', fact, `${at}/significant-events/occurrence[${index + 1}]`));
    else if (fact !== undefined) {
      out.facts.push(fact);
      delivered ||= fact.data.milestone === 'DELIVERED';
    }
  });
  const eta = delivered ? undefined : expectedOf(detail);
  if (eta !== undefined)
    out.facts.push(etaFact({ ...tracked, eta, recordTime: instant(context.receivedAt) }));
  if (out.facts.length + out.reports.length === before)
    out.reports.push(notAFact('NO_EVENTS', `nothing is known of ${trackingNumber}`, at));
}

/** A tracking answer of the newer JSON interface in the words of the older one: `significantEvents` as `significant-events`. */
export function ofJson(detail: Json): Json {
  const events = objects(detail.significantEvents).map(kebab);
  return { ...kebab(detail), 'significant-events': { occurrence: events } };
}

function kebab(item: Json): Json {
  const named = (key: string) => key.replace(/[A-Z]|\d+$/g, (sign) => `-${sign.toLowerCase()}`);
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [named(key), value]));
}

function trackedOf(detail: Json, trackingNumber: string, context: NormalizeContext): Tracked {
  const references = [idText(detail['customer-ref-1'], 200), idText(detail['customer-ref-2'], 200)];
  return {
    carrier: 'canadapost',
    trackingNumber,
    identifiers: {
      ...referenceIdentifiers(context.settings, references),
      trackingNumber: [{ carrier: 'canadapost', value: trackingNumber }],
    },
  };
}

/** Undefined for an event that changes nothing. */
function eventFact(event: Json, tracked: Tracked, context: NormalizeContext): FactDraft | string | undefined {
  const status = eventCode(event['event-identifier']);
  if (status === undefined) return 'an occurrence without an event-identifier';
  const time = timeOf(event);
  if (time === undefined) return `the time of a ${status} event cannot be read`;
  const meaning = codes.meaning('event', status);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) return undefined;
  const region = text(event['event-province'], 100);
  const place = placeOf({
    city: event['event-site'],
    region,
    country: region !== undefined && provinces.has(region) ? 'CA' : undefined,
    locationId: event['event-retail-location-id'],
  });
  const code = { codeList: 'event', status, text: text(event['event-description'], 2000) };
  return scanFact(tracked, { codes, code, time, place }, context);
}

const provinces = new Set('AB BC MB NB NL NS NT NU ON PE QC SK YT'.split(' '));

/** Minutes of the abbreviations of Canadian time zones. */
const zones: Readonly<Record<string, number>> = {
  NST: -210,
  NDT: -150,
  AST: -240,
  ADT: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

function timeOf(event: Json): EventTime | undefined {
  const zone = text(event['event-time-zone'], 20)?.toUpperCase();
  const time = text(event['event-time'], 20) ?? '00:00:00';
  const offsetMinutes = zone === undefined ? undefined : zones[zone];
  return isoTime(`${text(event['event-date'], 20)}T${time}`, { offsetMinutes });
}

/** The end of the day on which delivery is expected. */
function expectedOf(detail: Json): EventTime | undefined {
  const day = text(detail['changed-expected-date'], 20) ?? text(detail['expected-delivery-date'], 20);
  return day === undefined ? undefined : isoTime(`${day}T23:59:59`);
}
