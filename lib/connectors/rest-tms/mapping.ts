/** Webhook events of docs/partner-rest.md to facts: one event, one fact, classified by its own type. */
import type { FactData, Identifiers } from '../../model/fact';
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
  Secrets,
  Verification,
} from '../kit/connector';
import { shipmentFact } from '../kit/draft';
import { readJson, rejected, soundly } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { verifyHmac } from '../kit/signature';
import { object } from '../kit/text';
import { instant, isoTime } from '../kit/time';
import { type WebhookEvent, webhookEvent } from './schema';

const checkedWebhookEvent = checkedBy(webhookEvent);

const codes = loadCodes(__dirname);

/** `X-Hub-Signature-256: sha256=HEX`, HMAC-SHA256 of the raw body. */
function verify({ headers, body }: InboundRequest, secrets: Secrets): Verification {
  const provided = headers['x-hub-signature-256'];
  const keys = secrets('webhookSecret');
  return verifyHmac({ algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=', body, provided, keys });
}

function identifiersOf({ data: { booking } }: WebhookEvent): Identifiers {
  const { orderNumber, shipmentId, trackingNumber, carrier } = booking;
  return {
    ...(orderNumber === undefined ? {} : { orderNumber: [{ namespace: 'order', value: orderNumber }] }),
    ...(shipmentId === undefined ? {} : { shipmentId: [{ namespace: 'tms', value: shipmentId }] }),
    ...(trackingNumber === undefined ? {} : { trackingNumber: [{ carrier, value: trackingNumber }] }),
  };
}

function detailsOf({
  data: { reason, delayMinutes },
}: WebhookEvent): Omit<NonNullable<FactData['exception']>, 'code'> {
  return {
    ...(reason === undefined ? {} : { errorCode: reason.code }),
    ...(reason?.message === undefined ? {} : { message: reason.message }),
    ...(delayMinutes === undefined ? {} : { delayMinutes }),
  };
}

function mapEvent(event: WebhookEvent, context: NormalizeContext): NormalizeResult {
  const time = isoTime(event.occurredAt);
  if (time === undefined)
    return rejected('EVENT_TIME_INVALID', 'occurredAt is no date that exists', '/occurredAt');
  const { reason, etaAt } = event.data;
  const code = { codeList: 'event', status: event.type, reason: reason?.code, text: reason?.message };
  const fact = shipmentFact({
    manifest: context.manifest,
    codes,
    code,
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(event),
    dedupKey: event.id,
    details: detailsOf(event),
    more: etaAt === undefined ? {} : { context: { etaAt } },
  });
  return { facts: [fact], reports: [] };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return soundly(() => {
    const event = checkedWebhookEvent(parsed.value);
    if (event.success) return mapEvent(event.data, context);
    const [issue] = event.error.issues;
    return rejected('NOT_A_TMS_EVENT', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  });
}

function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const value = parsed.ok ? parsed.value : undefined;
  const id = object(value)?.id;
  const dedupKey = typeof id === 'string' && id !== '' && id.length <= 200 ? id : sha256Hex(request.body);
  const event = checkedWebhookEvent(value);
  const orderKey = event.success ? shipmentKeyOf(identifiersOf(event.data)) : undefined;
  return { dedupKey, ...(orderKey === undefined ? {} : { orderKey }) };
}

export const inbound: Inbound = { verify, identify, normalize };
