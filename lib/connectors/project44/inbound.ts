/**
 * Pushes and answers of `/api/v4/shipments/{id}/tracking/history`: every push holds all events of a shipment, so most of them are known already.
 */
import type { FactData, FactDraft, Identifiers } from '../../model/fact';
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
} from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { notAFact, readJson, reject, rejected, totally } from '../kit/json';
import { placeOf } from '../kit/place';
import { bearerOf, verifyToken } from '../kit/signature';
import { idText, type Json, list, object, objects, text } from '../kit/text';
import { type EventTime, instant, isoTime } from '../kit/time';
import { manifest } from './manifest';

const codes = loadCodes(__dirname);
const kinds = ['orderNumber', 'shipmentId', 'deliveryId', 'proNumber', 'bolNumber'] as const;

/** project44 logs in as its webhook was configured: an API key in a header of our choice, or basic authentication. */
function credentialOf(headers: InboundRequest['headers']): string | undefined {
  const basic = /^basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return headers['x-api-key'] ?? bearerOf(headers);
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** project44's own id leads: every push of a shipment has it. */
function identifiersOf(shipment: Json, settings: Readonly<Record<string, unknown>>): Identifiers {
  const means = object(settings.identifierTypes) ?? {};
  const id = idText(shipment.id, 200);
  const result: Identifiers = id === undefined ? {} : { shipmentId: [{ namespace: 'project44', value: id }] };
  for (const item of objects(shipment.identifiers, 50)) {
    const type = text(item.type, 100) ?? '';
    const value = idText(item.value, 200);
    const kind = kinds.find((known) => known === means[type]);
    if (kind === undefined || value === undefined) continue;
    result[kind] = [...(result[kind] ?? []), { namespace: type.toLowerCase().slice(0, 100), value }];
  }
  return result;
}

interface Stop {
  place: FactData['place'] | undefined;
  zone: string | undefined;
}

function stopsOf(shipment: Json): Map<string, Stop> {
  const stops = objects(object(shipment.routeInfo)?.stops, 500).map((stop) => {
    const location = object(stop.location) ?? {};
    const address = object(location.address);
    const place = placeOf({
      city: address?.city,
      region: address?.state,
      postalCode: address?.postalCode,
      country: address?.country,
    });
    const name = text(location.name, 200);
    const zone = text(location.timeZone, 60);
    return [
      text(stop.id, 100) ?? '',
      { place: name === undefined ? place : { ...place, name }, zone },
    ] as const;
  });
  return new Map(stops);
}

type Classified = { time: EventTime; classifier: FactData['time']['timeClassifier'] };

/** What happened wins over what is estimated, and that over what was planned. */
function timeOf(event: Json, stop: Stop | undefined): Classified | undefined {
  const where = { zone: stop?.zone };
  const actual = isoTime(event.dateTime, where);
  if (actual !== undefined) return { time: actual, classifier: 'ACTUAL' };
  const estimate = isoTime(event.estimateDateTime, where);
  if (estimate !== undefined) return { time: estimate, classifier: 'ESTIMATED' };
  const planned = isoTime(event.plannedDateTime, where);
  return planned === undefined ? undefined : { time: planned, classifier: 'PLANNED' };
}

interface Shipment {
  id: string;
  identifiers: Identifiers;
  stops: Map<string, Stop>;
  context: NormalizeContext;
}

function mapEvent(raw: unknown, at: string, shipment: Shipment): FactDraft | NormalizeReport {
  const event = object(raw);
  const type = text(event?.type, 200);
  if (event === undefined || type === undefined)
    return reject('EVENT_INVALID', 'an event without a type', at);
  const stop = shipment.stops.get(text(event.stopId, 100) ?? '');
  const when = timeOf(event, stop);
  if (when === undefined)
    return notAFact('NO_TIME', `${type} has neither happened nor a time when it should`, at);
  const { time, classifier } = when;
  const { id, context, identifiers } = shipment;
  const place = stop?.place;
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'event', status: type, agency: 'project44', text: text(event.description, 2000) },
    time,
    classifier,
    recordTime: instant(context.receivedAt),
    identifiers,
    place,
    dedupKey: businessKey({
      carrier: 'project44',
      trackingNumber: id,
      status: type,
      reason: classifier,
      eventTime: time.ms,
      place: place ?? { locationId: text(event.stopId, 100) ?? '' },
    }),
  });
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  const shipment = object(root?.shipment);
  const id = idText(shipment?.id, 200);
  if (root === undefined || shipment === undefined || id === undefined)
    return rejected('NOT_A_P44_HISTORY', 'JSON that is no tracking history of project44', '/shipment');
  const known = {
    id,
    identifiers: identifiersOf(shipment, context.settings),
    stops: stopsOf(shipment),
    context,
  };
  const facts = new Map<string, FactDraft>();
  const reports: NormalizeReport[] = [];
  list(root.events).forEach((raw, at) => {
    const mapped = mapEvent(raw, `/events/${at}`, known);
    if ('dedupKey' in mapped) facts.set(mapped.dedupKey, mapped);
    else reports.push(mapped);
  });
  if (facts.size + reports.length === 0) reports.push(notAFact('NO_EVENTS', 'a history without events'));
  return { facts: [...facts.values()], reports };
}

function identify(request: InboundRequest): Identified {
  const dedupKey = sha256Hex(request.body);
  const parsed = readJson(request);
  const shipment = parsed.ok ? object(object(parsed.value)?.shipment) : undefined;
  const orderKey = shipment && shipmentKeyOf(identifiersOf(shipment, manifest.settings.parse({})));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  verify: ({ headers }, secrets) => verifyToken(credentialOf(headers), secrets('webhookKey')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
