/** Webhook notifications: https://terminal49.com/docs/api-docs/webhooks/payloads */
import type { FactDraft, Identifiers } from '../../model/fact';
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { notAFact, readJson, rejected, totally } from '../kit/json';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { verifyHmac } from '../kit/signature';
import { idText, type Json, list, object, objects, text } from '../kit/text';
import { type EventTime, instant, isoTime } from '../kit/time';
import { attributes, type Related, relatedOf } from './document';
import { manifest } from './manifest';

const codes = loadCodes(__dirname);

interface Notice {
  id: string;
  event: string;
  createdAt: unknown;
  /** The record that caused the notification. */
  cause: Json | undefined;
  related: Related;
}

function noticeOf(value: unknown): Notice | undefined {
  const root = object(value);
  const data = object(root?.data);
  const id = idText(data?.id, 100);
  const event = text(attributes(data).event, 200);
  if (data?.type !== 'webhook_notification' || id === undefined || event === undefined) return undefined;
  const related = relatedOf(root?.included);
  return {
    id,
    event,
    createdAt: attributes(data).created_at,
    cause: related.of(data, 'reference_object'),
    related,
  };
}

/** The container leads, by its number or by Terminal49's id of it: a notification is about one container, a shipment may have many. */
function identifiersOf(
  { cause, related, event }: Notice,
  settings: Readonly<Record<string, unknown>>,
): Identifiers {
  const container = attributes(related.of(cause, 'container') ?? related.only('container'));
  const shipment = attributes(related.of(cause, 'shipment') ?? related.only('shipment'));
  const number = idText(container.number);
  const containerId = related.idOf(cause, 'container') ?? idText(related.only('container')?.id);
  const bill = idText(shipment.bill_of_lading_number);
  const line = text(shipment.shipping_line_scac, 20) ?? 'line';
  const whole = event.startsWith('shipment.') ? related.idOf(cause, 'shipment') : undefined;
  const shipmentId = [
    ...(number === undefined || whole !== undefined ? [] : [{ namespace: 'container', value: number }]),
    ...(containerId === undefined || whole !== undefined
      ? []
      : [{ namespace: 'terminal49', value: containerId }]),
    ...(whole === undefined ? [] : [{ namespace: 'terminal49', value: whole }]),
  ];
  return {
    ...referenceIdentifiers(
      settings,
      list(shipment.ref_numbers, 20).map((value) => text(value)),
    ),
    ...(shipmentId.length === 0 ? {} : { shipmentId }),
    ...(bill === undefined ? {} : { bolNumber: [{ namespace: line, value: bill }] }),
  };
}

/** Times are UTC where the place's zone is known; without one they are the source's local time written as UTC (guide "event timestamps"). */
function timeOf({ cause, createdAt }: Notice): EventTime | undefined {
  const own = attributes(cause);
  const stated = isoTime(own.timestamp ?? own.estimated_timestamp);
  if (stated === undefined) return isoTime(createdAt);
  return text(own.timezone) === undefined ? { ...stated, confidence: 'ASSUMED_UTC' } : stated;
}

interface Mapping {
  notice: Notice;
  context: NormalizeContext;
  identifiers: Identifiers;
}

function fact(
  { notice, context, identifiers }: Mapping,
  code: { codeList: string; status: string; reason?: string | undefined; text?: string | undefined },
  time: EventTime,
  identifying: readonly (string | undefined)[] = [],
): FactDraft {
  const locode = text(attributes(notice.cause).location_locode, 20);
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { ...code, agency: 'Terminal49' },
    time,
    recordTime: instant(context.receivedAt),
    classifier: notice.event.includes('.estimated.') ? 'ESTIMATED' : 'ACTUAL',
    identifiers,
    dedupKey: keyOf(['terminal49', notice.id, ...identifying]),
    place: placeOf({ locationId: locode }),
  });
}

const holdsOf = (value: unknown) =>
  new Map(objects(value, 50).map((hold) => [text(hold.name, 100) ?? '', hold] as const));

/** `changeset.holds_at_pod_terminal` is the list before and after: what came, changed or went is an event each. */
function holdFacts(mapping: Mapping, time: EventTime): FactDraft[] {
  const change = list(object(attributes(mapping.notice.cause).changeset)?.holds_at_pod_terminal, 2);
  const before = holdsOf(change[0]);
  const after = holdsOf(change[1]);
  const facts: FactDraft[] = [];
  for (const [name, hold] of after) {
    const status = text(hold.status, 40) ?? '';
    if (name === '' || before.get(name)?.status === hold.status) continue;
    const words = text(hold.description, 500);
    facts.push(fact(mapping, { codeList: 'hold', status: name, reason: status, text: words }, time, [name]));
  }
  for (const name of before.keys()) {
    if (name === '' || after.has(name)) continue;
    facts.push(fact(mapping, { codeList: 'hold', status: name, reason: 'released' }, time, [name]));
  }
  return facts;
}

/** Events about Terminal49's own records, deadlines and documents: understood, and no event of a shipment's way. */
const quiet =
  /^(tracking_request\.(succeeded|awaiting_manifest|tracking_stopped)|container\.(created|pod_terminal_changed|pickup_lfd(_line|_terminal|_rail)?\.changed|pickup_appointment\.changed)|document\..+)$/;

/** A request that failed names the number it was made for. */
function requestIdentifiers({ cause }: Notice): Identifiers {
  const { request_number: number, request_type: type, scac } = attributes(cause);
  const value = idText(number);
  const namespace = text(scac, 20) ?? 'line';
  if (value === undefined) return {};
  if (type === 'container') return { shipmentId: [{ namespace: 'container', value }] };
  return type === 'bill_of_lading'
    ? { bolNumber: [{ namespace, value }] }
    : { shipmentId: [{ namespace, value }] };
}

function mapNotice(notice: Notice, context: NormalizeContext): NormalizeResult {
  const { event } = notice;
  if (quiet.test(event)) return { facts: [], reports: [notAFact('NO_SHIPMENT_EVENT', event)] };
  const time = timeOf(notice);
  if (time === undefined) return rejected('EVENT_TIME_INVALID', `${event} without a time that can be read`);
  if (event === 'tracking_request.failed') {
    const reason = text(attributes(notice.cause).failed_reason, 200);
    const mapping = { notice, context, identifiers: requestIdentifiers(notice) };
    return { facts: [fact(mapping, { codeList: 'event', status: event, text: reason }, time)], reports: [] };
  }
  const mapping = { notice, context, identifiers: identifiersOf(notice, context.settings) };
  if (event !== 'container.updated')
    return { facts: [fact(mapping, { codeList: 'event', status: event }, time)], reports: [] };
  const facts = holdFacts(mapping, time);
  return facts.length > 0 ? { facts, reports: [] } : { facts, reports: [notAFact('NO_HOLD_CHANGED', event)] };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const notice = noticeOf(parsed.value);
  if (notice === undefined)
    return rejected('NOT_A_T49_NOTIFICATION', 'JSON that is no webhook_notification of Terminal49', '/data');
  return mapNotice(notice, context);
}

/** "Use `data.id` on the notification as the idempotency key." */
function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const notice = parsed.ok ? noticeOf(parsed.value) : undefined;
  if (notice === undefined) return { dedupKey: sha256Hex(request.body) };
  const orderKey = shipmentKeyOf(identifiersOf(notice, manifest.settings.parse({})));
  return { dedupKey: notice.id, ...(orderKey === undefined ? {} : { orderKey }) };
}

export const inbound: Inbound = {
  verify: ({ headers, body }, secrets) =>
    verifyHmac({
      algorithm: 'sha256',
      encoding: 'hex',
      body,
      provided: headers['x-t49-webhook-signature'],
      keys: secrets('webhookSecret'),
    }),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
