/** Building a fact draft: the dedup key of one event, its vendor code, and what the code table says it means. */
import type { FactData, FactDraft, FactType } from '../../model/fact';
import { sha256Hex } from '../../model/keys';
import type { CodeMeaning, CodeTable } from './codes';
import type { ConnectorManifest } from './connector';
import { type EventTime, factTime } from './time';

/** The canonical business key of an event (domain rule): no poll time, no prose. */
export interface BusinessKey {
  carrier: string;
  trackingNumber: string;
  status: string;
  reason?: string | undefined;
  /** Epoch milliseconds; absent where the event has no time of its own. */
  eventTime?: number | undefined;
  place?: FactData['place'] | undefined;
}

/** Hash of the canonical business key: the same event polled, reordered or sent again gives the same key. */
export function businessKey({
  carrier,
  trackingNumber,
  status,
  reason,
  eventTime,
  place,
}: BusinessKey): string {
  return keyOf([carrier, trackingNumber, status, reason, eventTime, ...placeKey(place)]);
}

/** Hash of the parts that identify a thing, in a given order. */
export function keyOf(parts: readonly (string | number | undefined)[]): string {
  return sha256Hex(JSON.stringify(parts.map((part) => part ?? null)));
}

function placeKey(place: FactData['place']): (string | undefined)[] {
  if (place === undefined) return [];
  const { city, region, postalCode, country, locationId } = place;
  return [city, region, postalCode, country, locationId].map((part) => part?.toUpperCase());
}

/** The vendor's code of one event. */
export interface VendorCode {
  codeList: string;
  codeListVersion?: string;
  agency?: string;
  status: string;
  reason?: string | undefined;
  /** The vendor's prose, kept for people, never read by code. */
  text?: string | undefined;
}

export function sourceCodeOf(
  manifest: ConnectorManifest,
  code: VendorCode,
): NonNullable<FactData['sourceCode']> {
  return {
    system: manifest.id,
    codeList: code.codeList,
    status: code.status,
    mappingVersion: manifest.mappingVersion,
    ...(code.codeListVersion === undefined ? {} : { codeListVersion: code.codeListVersion }),
    ...(code.agency === undefined ? {} : { agency: code.agency }),
    ...(code.reason === undefined ? {} : { reason: code.reason }),
    ...(code.text === undefined ? {} : { text: code.text }),
  };
}

export interface ShipmentEvent {
  /** What the fact is where its code opens no exception; a milestone when left out. */
  type?: FactType;
  manifest: ConnectorManifest;
  codes: CodeTable;
  code: VendorCode;
  time: EventTime;
  /** RFC 3339 of when the payload was received. */
  recordTime: string;
  identifiers: FactData['identifiers'];
  /** Hash from `businessKey` or `keyOf`. */
  dedupKey: string;
  place?: FactData['place'] | undefined;
  /** What the time is; ACTUAL where it is left out. */
  classifier?: FactData['time']['timeClassifier'];
  /** Details of the exception, where the code table names one. */
  details?: Omit<NonNullable<FactData['exception']>, 'code'>;
  /** More of the fact's data. */
  more?: Partial<Pick<FactData, 'context' | 'evidence' | 'lines' | 'bizStep' | 'disposition'>>;
}

/** One shipment event, classified by its own code. */
export function shipmentFact(event: ShipmentEvent): FactDraft {
  const { code, manifest } = event;
  return factOf(
    event,
    event.codes.meaning(code.codeList, code.status, code.reason),
    sourceCodeOf(manifest, code),
  );
}

function factOf(event: ShipmentEvent, meaning: CodeMeaning, sourceCode: FactData['sourceCode']): FactDraft {
  const type: FactType =
    meaning.exception === undefined
      ? (event.type ?? 'org.reroute.shipment.milestone.v1')
      : 'org.reroute.shipment.exception.v1';
  return {
    type,
    dedupKey: event.dedupKey,
    data: {
      time: factTime(event.time, event.recordTime, event.classifier),
      identifiers: event.identifiers,
      sourceCode,
      ...(meaning.milestone === undefined ? {} : { milestone: meaning.milestone }),
      ...(meaning.exception === undefined ? {} : { exception: exceptionOf(meaning.exception, event) }),
      ...(event.place === undefined ? {} : { place: event.place }),
      ...event.more,
    },
  };
}

function exceptionOf(code: NonNullable<CodeMeaning['exception']>, { details, code: vendor }: ShipmentEvent) {
  const message = details?.message ?? vendor.text?.slice(0, 2000);
  return { code, ...details, ...(message === undefined ? {} : { message }) };
}
