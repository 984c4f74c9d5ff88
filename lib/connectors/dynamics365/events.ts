/**
 * Business events at an HTTPS endpoint (https://learn.microsoft.com/en-us/dynamics365/fin-ops-core/dev-itpro/business-events/home-page): one
 * JSON object an event, the envelope's members beside the event's own. Which events there are, and in which member they name the order,
 * stands in the catalog of the environment: the partner's `orderEvents` say so, nothing is guessed.
 */

import type { FactDraft } from '../../model/fact';
import { sha256Hex } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
  Secrets,
  Verification,
} from '../kit/connector';
import { keyOf, sourceCodeOf } from '../kit/draft';
import { readJson, rejected, soundly } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, object, text } from '../kit/text';
import { type EventTime, factTime, instant, isoTime, receivedTime } from '../kit/time';
import { d365Settings } from './manifest';

/** The environment signs nothing: a relay (API Management, a Logic App) adds the token. */
function verify({ headers }: InboundRequest, secrets: Secrets): Verification {
  return verifyToken(bearerOf(headers), secrets('inboundToken'));
}

/** Field that holds the order number of an event; undefined for an event that the partner does not name. */
function orderFieldOf(eventId: string, settings: NormalizeContext['settings']): string | undefined {
  const parsed = d365Settings.safeParse(settings);
  const named = parsed.success ? parsed.data.orderEvents : [];
  return named.find((entry) => entry.startsWith(`${eventId}=`))?.slice(eventId.length + 1);
}

/** `/Date(1672408275000)/`, in UTC by definition. */
function wcfTime(value: unknown): EventTime | undefined {
  const match = /^\/Date\((-?\d{1,15})\)\/$/.exec(text(value) ?? '');
  const ms = Number(match?.[1]);
  if (match === null || Math.abs(ms) > 253_402_300_799_999) return undefined;
  return { iso: instant(ms), offset: '+00:00', ms, confidence: 'SOURCE_OFFSET' };
}

function dedupKeyOf(event: Json): string | undefined {
  const id = text(event.EventId, 100);
  return id === undefined ? undefined : keyOf(['dynamics365', text(event.BusinessEventId, 200), id]);
}

function factOf(event: Json, context: NormalizeContext): NormalizeResult {
  const eventId = text(event.BusinessEventId, 200);
  const dedupKey = dedupKeyOf(event);
  if (eventId === undefined || dedupKey === undefined)
    return rejected('NOT_A_BUSINESS_EVENT', 'the payload names no BusinessEventId and EventId');
  const company = text(event.BusinessEventLegalEntity, 20);
  const field = orderFieldOf(eventId, context.settings);
  const order = field === undefined ? undefined : text(event[field], 100);
  if (field !== undefined && order === undefined)
    return rejected('ORDER_NUMBER_MISSING', `${eventId} has no order number in ${field}`, `/${field}`);
  const time =
    isoTime(text(event.EventTimeIso8601)) ?? wcfTime(event.EventTime) ?? receivedTime(context.receivedAt);
  const namespace = company === undefined ? 'dynamics365' : `dynamics365:${company.toLowerCase()}`;
  const data: FactDraft['data'] = {
    time: factTime(time, instant(context.receivedAt)),
    identifiers: order === undefined ? {} : { erpSalesOrderId: [{ namespace, value: order }] },
    sourceCode: sourceCodeOf(context.manifest, {
      codeList: 'BusinessEventId',
      agency: 'MICROSOFT',
      status: eventId,
    }),
    ...(order === undefined ? { exception: { code: 'UNMAPPED_STATUS' as const } } : {}),
  };
  const type = order === undefined ? 'org.reroute.shipment.exception.v1' : 'org.reroute.order.changed.v1';
  return { facts: [{ type, dedupKey, data }], reports: [] };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return soundly(() => {
    const event = object(parsed.value);
    return event === undefined
      ? rejected('NOT_A_BUSINESS_EVENT', 'the payload is no JSON object')
      : factOf(event, context);
  });
}

function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const event = parsed.ok ? object(parsed.value) : undefined;
  const dedupKey = event === undefined ? undefined : dedupKeyOf(event);
  return { dedupKey: dedupKey ?? sha256Hex(request.body) };
}

export const inbound: Inbound = { verify, identify, normalize };
