/** One event as both versions tell it, and its fact. */
import type { FactData, FactDraft, Identifier, Identifiers } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { idText, type Json, object, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** A type and value: of a document (BKG, TRD ...) or a reference (PO, SI, EQ ...). */
export interface Named {
  type: string | undefined;
  value: string | undefined;
}

export interface DcsaEvent {
  version: '2.2' | '3.0';
  /** `equipment`, `transport`, `shipment`, `iot` or `reefer`. */
  codeList: string;
  status: string | undefined;
  reason: string | undefined;
  words: string | undefined;
  classifier: string | undefined;
  eventTime: unknown;
  /** When the event was last written: tells two versions of an estimate apart. */
  updatedTime: unknown;
  eventId: string | undefined;
  /** Whose numbers they are. */
  party: string;
  documents: readonly Named[];
  references: readonly Named[];
  equipment: string | undefined;
  location: Json | undefined;
}

const classifiers: Readonly<Record<string, FactData['time']['timeClassifier']>> = {
  ACT: 'ACTUAL',
  EST: 'ESTIMATED',
  PLN: 'PLANNED',
};

/**
 * Bookings lead: they name the shipment. Containers are used again and again, so a container is a name of the shipment only beside or in place of them.
 */
export function identifiersOf(event: DcsaEvent, settings: Readonly<Record<string, unknown>>): Identifiers {
  const of = (items: readonly Named[], ...types: string[]) =>
    items.flatMap(({ type, value }) => (types.includes(type ?? '') && value !== undefined ? [value] : []));
  const containers = [event.equipment, ...of(event.references, 'EQ')].filter((value) => value !== undefined);
  return merged(referenceIdentifiers(settings, of(event.references, 'SI', 'CR')), {
    orderNumber: named('purchase-order', of(event.references, 'PO')),
    shipmentId: [
      ...named(event.party, of(event.documents, 'BKG', 'CBR')),
      ...named('container', [...new Set(containers)]),
    ],
    bolNumber: named(event.party, of(event.documents, 'TRD')),
  });
}

type Lists = Partial<Record<'orderNumber' | 'shipmentId' | 'bolNumber', Identifier[]>>;

/** The carrier's own names first, for the first of a kind counts. */
function merged(references: Identifiers, own: Lists): Identifiers {
  const result: Identifiers = { ...references };
  for (const kind of ['orderNumber', 'shipmentId', 'bolNumber'] as const) {
    const all = [...(own[kind] ?? []), ...(references[kind] ?? [])];
    if (all.length > 0) result[kind] = all;
  }
  return result;
}

const named = (namespace: string, values: readonly string[]) =>
  values.slice(0, 50).map((value) => ({ namespace, value }));

/** 2.2 and 3.0 name the parts of a location alike, but for those of its address. */
function placeIn(location: Json | undefined): FactData['place'] | undefined {
  if (location === undefined) return undefined;
  const address = object(location.address);
  const name = text(location.locationName, 200);
  const place = placeOf({
    city: address?.city,
    region: address?.stateRegion,
    postalCode: address?.postCode ?? address?.postalCode,
    country: address?.countryCode ?? address?.country,
    locationId: location.UNLocationCode,
  });
  return name === undefined ? place : { ...place, name };
}

/** Key of an event by its id: what a retraction names. */
export const idKey = ({ party, eventId }: Pick<DcsaEvent, 'party' | 'eventId'>) =>
  keyOf(['dcsa', party, eventId]);

/**
 * What has happened is one event under its id, and something else under the same id is a conflict that somebody should see. An estimate
 * lives by being replaced, so every version of it is an event of its own.
 */
function dedupKeyOf(event: DcsaEvent, time: number): string {
  const { version, eventId, classifier, updatedTime } = event;
  if (eventId !== undefined && (version === '2.2' || classifier === 'ACT')) return idKey(event);
  if (eventId !== undefined) return keyOf(['dcsa', event.party, eventId, isoTime(updatedTime)?.ms ?? time]);
  const documents = event.documents.map(({ type, value }) => `${type} ${value}`).sort();
  const { codeList, status, reason, equipment, location } = event;
  const place = text(location?.UNLocationCode, 20);
  return keyOf(['dcsa', codeList, status, reason, classifier, time, equipment, place, ...documents]);
}

/** The fact of one event; a sentence that says what is wrong when its code, time or classifier cannot be read. */
export function eventFact(event: DcsaEvent, context: NormalizeContext): FactDraft | string {
  const { status, codeList, reason } = event;
  if (status === undefined) return `a ${codeList} event without a code`;
  const time = isoTime(event.eventTime);
  if (time === undefined) return `the eventDateTime of ${codeList} ${status} cannot be read`;
  const classifier = classifiers[event.classifier ?? ''];
  if (classifier === undefined) return `${codeList} ${status} is neither ACT nor EST nor PLN`;
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList, codeListVersion: event.version, agency: 'DCSA', status, reason, text: event.words },
    time,
    recordTime: instant(context.receivedAt),
    classifier,
    identifiers: identifiersOf(event, context.settings),
    dedupKey: dedupKeyOf(event, time.ms),
    place: placeIn(event.location),
  });
}

/** A value that names something, as both versions bound it. */
export const nameText = (value: unknown) => idText(value, 100);
