/** Bodies of a push, of `GET /events` and of both versions: the version is told by their shape. */
import type { FactDraft } from '../../model/fact';
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
} from '../kit/connector';
import { keyOf } from '../kit/draft';
import { notAFact, readJson, reject, rejected, totally } from '../kit/json';
import { idText, type Json, list, object, text } from '../kit/text';
import { factTime, instant, isoTime, receivedTime } from '../kit/time';
import { type DcsaEvent, eventFact, identifiersOf, idKey } from './events';
import { manifest } from './manifest';
import { eventOf22 } from './v22';
import { eventOf30, partyOf } from './v30';
import { verify } from './verify';

/** 2.2 sends a list (or one event), 3.0 an object with `events`. */
function eventsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  const root = object(body);
  if (root === undefined) return undefined;
  if (Array.isArray(root.events)) return root.events;
  return root.eventType !== undefined || root.eventClassification !== undefined ? [root] : undefined;
}

const fallbackParty = (settings: Readonly<Record<string, unknown>>) =>
  text(settings.carrier, 60) ?? 'carrier';

function readEvent(event: Json, party: string): DcsaEvent | undefined {
  return event.eventClassification === undefined ? eventOf22(event, party) : eventOf30(event, party);
}

/** "The data in this and all previously transmitted events with the same eventID must be discarded." */
function retraction(event: Json, context: NormalizeContext): FactDraft | undefined {
  const eventId = idText(event.eventID, 500);
  if (eventId === undefined) return undefined;
  const party = partyOf(event, fallbackParty(context.settings));
  const time = isoTime(event.eventUpdatedDateTime) ?? receivedTime(context.receivedAt);
  const told = eventOf30(event, party);
  return {
    type: 'org.reroute.shipment.retracted.v1',
    dedupKey: keyOf(['dcsa', 'retracted', party, eventId]),
    data: {
      time: factTime(time, instant(context.receivedAt)),
      identifiers: told === undefined ? {} : identifiersOf(told, context.settings),
      retracts: { eventId: idKey({ party, eventId }) },
    },
  };
}

function mapEvent(raw: unknown, at: string, context: NormalizeContext): FactDraft | NormalizeReport {
  const event = object(raw);
  if (event === undefined) return reject('NOT_AN_EVENT', 'an item that is no object', at);
  if (event.metadata !== undefined && event.payload !== undefined)
    return reject(
      'VERSION_UNSUPPORTED',
      'an event with metadata and payload is of 3.0.0-Beta-1, this connector reads 2.2 and 3.0',
      at,
    );
  if (event.isRetracted === true)
    return retraction(event, context) ?? reject('EVENT_INVALID', 'a retraction without an eventID', at);
  const read = readEvent(event, fallbackParty(context.settings));
  if (read === undefined) return reject('EVENT_TYPE_UNKNOWN', 'an event of no known type', at);
  const fact = eventFact(read, context);
  return typeof fact === 'string' ? reject('EVENT_INVALID', fact, at) : fact;
}

/** The header is what both versions require; without it the shape alone decides. */
function unsupported(headers: InboundRequest['headers']): string | undefined {
  const version = headers['api-version']?.trim();
  return version === undefined || /^(2|3)(\.|$)/.test(version) ? undefined : version.slice(0, 40);
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const version = unsupported(request.headers);
  if (version !== undefined)
    return rejected(
      'VERSION_UNSUPPORTED',
      `the header says version ${version}, this connector reads 2.2 and 3.0`,
    );
  const events = eventsOf(parsed.value);
  if (events === undefined) return refusal(parsed.value);
  if (events.length === 0) return { facts: [], reports: [notAFact('NO_EVENTS', 'a page without events')] };
  const prefix = Array.isArray(parsed.value) ? '' : '/events';
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  list(events).forEach((raw, at) => {
    const mapped = mapEvent(raw, `${prefix}/${at}`, context);
    if ('dedupKey' in mapped) facts.push(mapped);
    else reports.push(mapped);
  });
  return { facts, reports };
}

/** An error of 2.2 (`errors`) or 3.0 (`feedbackElements`) says nothing about a shipment. */
function refusal(body: unknown): NormalizeResult {
  const root = object(body);
  const told = root?.errors ?? root?.feedbackElements;
  if (told === undefined)
    return rejected('NOT_DCSA_EVENTS', 'JSON that is neither events nor an error of the interface');
  return { facts: [], reports: [notAFact('ERROR_ANSWER', 'the carrier refused a question')] };
}

/** The order key is that of the first event, where all the events are about one shipment. */
function identify(request: InboundRequest): Identified {
  const dedupKey = sha256Hex(request.body);
  const parsed = readJson(request);
  const events = parsed.ok ? (eventsOf(parsed.value) ?? []) : [];
  if (events.length === 0 || events.length > 100) return { dedupKey };
  const settings = manifest.settings.parse({});
  const keys = new Set(
    events.map((raw) => {
      const read = readEvent(object(raw) ?? {}, fallbackParty(settings));
      return read === undefined ? undefined : shipmentKeyOf(identifiersOf(read, settings));
    }),
  );
  const [only] = keys;
  return keys.size === 1 && only !== undefined ? { dedupKey, orderKey: only } : { dedupKey };
}

export const inbound: Inbound = {
  verify,
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
