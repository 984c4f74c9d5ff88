/** The events of a payload: an EPCISDocument, an EPCISQueryDocument, a bare list or a single event. */
import { canonicalJson, sha256Hex } from '../../model/keys';
import { checkedBy } from '../kit/payload';
import { type Json, list, object } from '../kit/text';
import { type EventType, epcisEvent, eventTypes } from './schema';

const checkedEvent = checkedBy(epcisEvent);

/** What is read of an event is worked out once, for `identify` and `normalize` of a delivery. */
export class FoundEvent {
  readonly type: EventType | undefined;
  private knownKey: string | undefined;
  private knownContent: ReturnType<typeof checkedEvent> | undefined;

  constructor(
    readonly raw: Json,
    /** JSON Pointer of the event. */
    readonly at: string,
  ) {
    this.type = typeOf(raw);
  }

  /**
   * Its eventID, else a hash of its content that neither the order of members and list elements nor the record time changes. An error
   * declaration is an event of its own, with the key of what it declares before the `#`.
   * @throws FatalError NOT_CANONICAL for a number beyond all bounds
   */
  get key(): string {
    this.knownKey ??= declarationKey(this.raw, originalKey(this.raw));
    return this.knownKey;
  }

  /** Its members against the schema. */
  get content(): ReturnType<typeof checkedEvent> {
    this.knownContent ??= checkedEvent(this.raw);
    return this.knownContent;
  }
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
  return items.map(
    (item, index) => new FoundEvent(object(item) ?? {}, pointer === undefined ? '' : `${pointer}/${index}`),
  );
}

/** `ObjectEvent`, also with the prefix or the IRI of the vocabulary before it. */
function typeOf(raw: Json): EventType | undefined {
  const name = typeof raw.type === 'string' ? raw.type : raw['@type'];
  if (typeof name !== 'string') return undefined;
  const short = name.slice(Math.max(name.lastIndexOf(':'), name.lastIndexOf('/'), name.lastIndexOf('#')) + 1);
  return eventTypes.find((type) => type === short);
}

export function originalKey(raw: Json): string {
  const { eventID } = raw;
  if (typeof eventID === 'string' && eventID !== '')
    return eventID.length <= 200 ? eventID : sha256Hex(eventID);
  const { recordTime, errorDeclaration, eventID: _, ...content } = raw;
  return sha256Hex(setText(content));
}

function declarationKey(raw: Json, key: string): string {
  const declaration = object(raw.errorDeclaration);
  return declaration === undefined
    ? key
    : `${key}#error#${String(declaration.declarationTime ?? '').slice(0, 40)}`;
}

/** `canonicalJson`, but with the elements of each list in the order of their texts: EPCIS lists are sets. */
function setText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(setText).sort().join(',')}]`;
  const members = object(value);
  if (members === undefined) return canonicalJson(value);
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${setText(members[name])}`).join(',')}}`;
}
