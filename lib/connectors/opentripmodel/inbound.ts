/** Events and entities as a sender puts them to `/api/v5/events`, `/trips`, `/consignments` and `/transportOrders`. */
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
import { keyOf, shipmentFact } from '../kit/draft';
import { notAFact, readJson, reject, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { idText, type Json, list, object, objects, text } from '../kit/text';
import { type EventTime, instant, isoTime } from '../kit/time';
import { type Around, entityOf, type Found, walk } from './walk';

const codes = loadCodes(__dirname);

/** https://www.opentripmodel.org/docs/fundamentals/lifecycles */
const classifiers: Readonly<Record<string, FactData['time']['timeClassifier']>> = {
  requested: 'REQUESTED',
  planned: 'PLANNED',
  projected: 'ESTIMATED',
  actual: 'ACTUAL',
  realized: 'ACTUAL',
};

/** The consignment is the shipment; where there is none the trip stands for what is on it. */
function identifiersOf(
  { consignment, tripId }: Around,
  settings: Readonly<Record<string, unknown>>,
): Identifiers {
  const id = idText(consignment?.id, 200);
  const order = entityOf(consignment?.transportOrder);
  const attribute = text(settings.orderAttribute, 100);
  const stated =
    attribute === undefined ? undefined : idText(object(consignment?.externalAttributes)?.[attribute], 200);
  const orderId = idText(order?.id, 200);
  const shipmentId =
    id !== undefined
      ? [{ namespace: 'otm-consignment', value: id }]
      : tripId !== undefined
        ? [{ namespace: 'otm-trip', value: tripId }]
        : [];
  const orderNumber = [
    ...(stated === undefined ? [] : [{ namespace: 'shipper', value: stated }]),
    ...(orderId === undefined ? [] : [{ namespace: 'otm-transport-order', value: orderId }]),
  ];
  return {
    ...(shipmentId.length === 0 ? {} : { shipmentId }),
    ...(orderNumber.length === 0 ? {} : { orderNumber }),
  };
}

interface Moment {
  codeList: string;
  status: string;
  reason?: string | undefined;
  time: EventTime | undefined;
}

/** `failed:damage`: the result's status, and the reason where there is one. */
function resultOf(action: Json): string | undefined {
  const result = object(action.result);
  const status = text(result?.status, 60);
  const reason = text(result?.reason, 60);
  return status === undefined || reason === undefined ? status : `${status}:${reason}`;
}

/** A stop is an arrival and a departure; loading, unloading and handing over are done when they end. */
function momentsOf(action: Json): Moment[] {
  const type = text(action.actionType, 60) ?? '';
  const start = isoTime(action.startTime);
  const end = isoTime(action.endTime);
  if (type === 'stop') {
    const arrival = { codeList: 'action', status: type, reason: 'start', time: start };
    const departure = { codeList: 'action', status: type, reason: 'end', time: end };
    return [arrival, departure].filter(({ time }) => time !== undefined);
  }
  return [
    { codeList: 'action', status: statusOf(type, action), reason: resultOf(action), time: end ?? start },
  ];
}

/** Who takes it over decides what a handover means. */
function statusOf(type: string, action: Json): string {
  if (type !== 'handOver') return type;
  const roles = list(object(action.to)?.roles, 20);
  return roles.includes('consignee') ? 'handOver.consignee' : type;
}

/** Kinds of action that move no consignment from one hand or place to another. */
const quiet = new Set([
  'move',
  'genericAction',
  'wait',
  'break',
  'refuel',
  'attachTransportEquipment',
  'detachTransportEquipment',
]);

interface Mapping {
  context: NormalizeContext;
  /** Of the event around it; an action has its own. */
  lifecycle: string | undefined;
  eventTime: EventTime | undefined;
  eventId: string | undefined;
}

function factOf(
  moment: Moment,
  thing: Json,
  around: Around,
  mapping: Mapping,
  lifecycle: string,
): FactDraft | string {
  const classifier = classifiers[lifecycle];
  const time = moment.time ?? mapping.eventTime;
  if (classifier === undefined) return `the lifecycle of ${moment.status} is none of OTM 5`;
  if (time === undefined) return `${moment.status} has no time that can be read`;
  const { codeList, status, reason } = moment;
  const id = text(thing.id, 200) ?? mapping.eventId;
  const consignment = text(around.consignment?.id, 200);
  const place = text(around.location?.name, 200);
  const locationId = text(around.location?.id, 200);
  const remark = text(object(thing.result)?.remark, 2000);
  return shipmentFact({
    manifest: mapping.context.manifest,
    codes,
    code: { codeList, codeListVersion: '5', agency: 'OTM', status, reason, text: remark },
    time,
    classifier,
    recordTime: instant(mapping.context.receivedAt),
    identifiers: identifiersOf(around, mapping.context.settings),
    dedupKey: keyOf(['otm', codeList, id, consignment, status, reason, classifier, time.ms]),
    place:
      place === undefined && locationId === undefined
        ? undefined
        : {
            ...(place === undefined ? {} : { name: place }),
            ...(locationId === undefined ? {} : { locationId }),
          },
  });
}

function mapFound(found: Found, mapping: Mapping): (FactDraft | NormalizeReport)[] {
  const { around, at } = found;
  if (found.kind === 'status') {
    const type = text(found.entity.entityType, 60) ?? '';
    const status = text(found.entity.status, 100);
    if (type !== 'trip' && type !== 'consignment')
      return [notAFact('OTHER_ENTITY', `the status of a ${type}`, at)];
    if (status === undefined) return [reject('STATUS_INVALID', `a ${type} whose status is no word`, at)];
    const stated = isoTime(found.entity.lastModified) ?? isoTime(found.entity.creationDate);
    const moment = { codeList: type, status, time: mapping.eventTime ?? stated };
    return [outcome(factOf(moment, found.entity, around, mapping, 'actual'), at)];
  }
  const { action } = found;
  const type = text(action.actionType, 60) ?? '';
  if (quiet.has(type)) return [notAFact('OTHER_ACTION', `an action ${type}`, at)];
  const lifecycle = text(action.lifecycle, 40) ?? mapping.lifecycle ?? '';
  const moments = momentsOf(action);
  if (moments.length === 0) return [notAFact('NO_TIME', `a ${type} without a time`, at)];
  return moments.map((moment) => outcome(factOf(moment, action, around, mapping, lifecycle), at));
}

const outcome = (fact: FactDraft | string, at: string): FactDraft | NormalizeReport =>
  typeof fact === 'string' ? reject('EVENT_INVALID', fact, at) : fact;

/** Of events only `updateEvent` changes an entity; the others tell of vehicles, sensors and associations. */
function read(message: Json, at: string, context: NormalizeContext): (FactDraft | NormalizeReport)[] {
  const nothing = { tripId: undefined, consignment: undefined, location: undefined };
  const found: Found[] = [];
  const type = text(message.eventType, 60);
  if (type !== undefined && type !== 'updateEvent')
    return [notAFact('OTHER_EVENT', `an event ${type} changes no shipment`, at)];
  const entity = type === undefined ? message : entityOf(message.entity);
  if (entity === undefined || (entity.entityType === undefined && entity.actionType === undefined))
    return [reject('NOT_AN_OTM_MESSAGE', 'neither an event nor an entity of OTM 5', at)];
  walk(entity, nothing, type === undefined ? at : `${at}/entity`, found);
  const mapping = {
    context,
    lifecycle: text(message.lifecycle, 40),
    eventTime:
      type === undefined ? undefined : (isoTime(message.lastModified) ?? isoTime(message.creationDate)),
    eventId: text(message.id, 200),
  };
  if (found.length === 0) return [notAFact('NOTHING_NEW', 'no action and no status', at)];
  return found.flatMap((one) => mapFound(one, mapping));
}

function messagesOf(value: unknown): Json[] {
  const root = object(value);
  return root === undefined ? objects(value) : [root];
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const messages = messagesOf(parsed.value);
  if (messages.length === 0) return rejected('NOT_AN_OTM_MESSAGE', 'JSON that is no message of OTM 5');
  const facts = new Map<string, FactDraft>();
  const reports: NormalizeReport[] = [];
  messages.forEach((message, index) => {
    for (const mapped of read(message, messages.length === 1 ? '' : `/${index}`, context)) {
      if ('dedupKey' in mapped) facts.set(mapped.dedupKey, mapped);
      else reports.push(mapped);
    }
  });
  return { facts: [...facts.values()], reports };
}

function identify(request: InboundRequest): Identified {
  const dedupKey = sha256Hex(request.body);
  const parsed = readJson(request);
  const [message, another] = parsed.ok ? messagesOf(parsed.value) : [];
  if (message === undefined || another !== undefined) return { dedupKey };
  const entity = message.eventType === undefined ? message : (entityOf(message.entity) ?? {});
  const trip = entity.entityType === 'trip' ? idText(entity.id, 200) : undefined;
  const consignment = entity.entityType === 'consignment' ? entity : entityOf(entity.consignment);
  const orderKey = shipmentKeyOf(identifiersOf({ tripId: trip, consignment, location: undefined }, {}));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  verify: ({ headers }, secrets) => verifyToken(bearerOf(headers), secrets('pushToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
