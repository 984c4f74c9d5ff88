/** The events of a payload: an EPCISDocument, an EPCISQueryDocument, a bare list or a single event. */
import { canonicalJson, sha256Hex } from '../../model/keys';
import { type Json, list, object } from '../kit/text';
import { type EventType, eventTypes } from './schema';

export interface FoundEvent {
  type: EventType | undefined;
  raw: Json;
  /** JSON Pointer of the event. */
  at: string;
}

export interface FoundEvents {
  events: FoundEvent[];
  /** `@context` of the document. */
  context: unknown;
  /** False when the payload is no EPCIS at all. */
  recognised: boolean;
}

export function eventsOf(payload: unknown): FoundEvents {
  const root = object(payload);
  const context = root?.['@context'];
  if (root === undefined) {
    const events = Array.isArray(payload) ? found(payload, '') : [];
    return { events, context: undefined, recognised: events.some((event) => event.type !== undefined) };
  }
  if (typeOf(root) !== undefined) return { events: found([root], undefined), context, recognised: true };
  const body = object(root.epcisBody);
  const results = object(object(body?.queryResults)?.resultsBody);
  if (results !== undefined) {
    return {
      events: found(list(results.eventList), '/epcisBody/queryResults/resultsBody/eventList'),
      context,
      recognised: true,
    };
  }
  if (body === undefined) return { events: [], context, recognised: false };
  if (body.event !== undefined)
    return { events: found(list(body.event), '/epcisBody/event'), context, recognised: true };
  return {
    events: found(list(body.eventList), '/epcisBody/eventList'),
    context,
    recognised: body.eventList !== undefined,
  };
}

function found(items: readonly unknown[], pointer: string | undefined): FoundEvent[] {
  return items.map((item, index) => ({
    raw: object(item) ?? {},
    type: typeOf(object(item) ?? {}),
    at: pointer === undefined ? '' : `${pointer}/${index}`,
  }));
}

/** `ObjectEvent`, also with the prefix or the IRI of the vocabulary before it. */
function typeOf(raw: Json): EventType | undefined {
  const name = typeof raw.type === 'string' ? raw.type : raw['@type'];
  if (typeof name !== 'string') return undefined;
  const short = name.slice(Math.max(name.lastIndexOf(':'), name.lastIndexOf('/'), name.lastIndexOf('#')) + 1);
  return eventTypes.find((type) => type === short);
}

/**
 * Key of an event: its eventID, else a hash of its content that neither the order of members and list elements nor the record time
 * changes. An error declaration is an event of its own, with the key of what it declares before the `#`.
 */
export function eventKey(raw: Json): string {
  return declarationKey(raw, originalKey(raw));
}

export function originalKey(raw: Json): string {
  const { eventID } = raw;
  if (typeof eventID === 'string' && eventID !== '')
    return eventID.length <= 200 ? eventID : sha256Hex(eventID);
  const { recordTime, errorDeclaration, eventID: _, ...content } = raw;
  return sha256Hex(canonicalJson(sorted(content)));
}

function declarationKey(raw: Json, key: string): string {
  const declaration = object(raw.errorDeclaration);
  return declaration === undefined
    ? key
    : `${key}#error#${String(declaration.declarationTime ?? '').slice(0, 40)}`;
}

/** EPCIS lists are sets. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted).sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  const members = object(value);
  if (members === undefined) return value;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, sorted(member)]));
}
