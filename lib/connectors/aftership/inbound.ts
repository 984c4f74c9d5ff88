import { collectedFromJson, type Out } from '../kit/collect';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, reject, totally } from '../kit/json';
import { identifiedBy, latin1 } from '../kit/scan';
import { verifyHmac } from '../kit/signature';
import { type Json, list, object, text } from '../kit/text';
import { type EventTime, isoTime } from '../kit/time';
import { carrierOf, readTracking } from './tracking';

const eventIdIn = /"event_id"\s*:\s*"([\w-]{8,100})"/;
const numberIn = /"tracking_number"\s*:\s*"\s*([^"\\]{1,100}?)\s*"/g;
const slugIn = /"slug"\s*:\s*"([\w-]{1,60})"/;

/** A webhook has an id. A page of trackings is about many parcels and has no order of its own. */
function identify({ body }: InboundRequest): Identified {
  const source = latin1(body);
  const native = eventIdIn.exec(source)?.[1];
  const numbers = new Set([...source.matchAll(numberIn)].slice(0, 100).map((match) => match[1]));
  const [value] = numbers;
  if (value === undefined || numbers.size > 1) return identifiedBy(body, undefined, native);
  return identifiedBy(body, { carrier: carrierOf(ownSlugIn(source)), value }, native);
}

/** The slug that stands nearest to the tracking number: checkpoints name the carriers of the last mile. */
function ownSlugIn(source: string): string | undefined {
  const at = source.search(/"tracking_number"\s*:/);
  const after = slugIn.exec(source.slice(at, at + 300))?.[1];
  return after ?? slugIn.exec(source)?.[1];
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  return collectedFromJson(body, stranger, (value, out) => {
    const root = object(value);
    if (root !== undefined) readRoot(root, context, out);
  });
}

const stranger = { code: 'NOT_AN_AFTERSHIP_PAYLOAD', message: 'JSON that is no payload of AfterShip' };

function readRoot(root: Json, context: NormalizeContext, out: Out): void {
  const meta = object(root.meta);
  const data = object(root.data);
  if (root.event !== undefined) readWebhook(root, context, out);
  else if (typeof meta?.code === 'number' && meta.code >= 300)
    out.reports.push(notAFact(`REFUSED_${meta.code}`, text(meta.message, 500) ?? 'the call was refused'));
  else if (data !== undefined) readData(data, '/data', context, out);
  else if (root.tracking_number !== undefined) readTracking(root, '', context, out);
}

/** A page of trackings, one in `tracking`, or one as it is: the versions of the API differ. */
function readData(data: Json, at: string, context: NormalizeContext, out: Out): void {
  if (Array.isArray(data.trackings)) {
    list(data.trackings).forEach((tracking, index) => {
      readTracking(object(tracking) ?? {}, `${at}/trackings/${index}`, context, out);
    });
    if (data.trackings.length === 0) out.reports.push(notAFact('EMPTY_LIST', 'no trackings', at));
  } else readTracking(object(data.tracking) ?? data, at, context, out);
}

/** https://www.aftership.com/docs/tracking/2025-01/webhook/webhook-specifications: `ts`, `event`, `event_id`, `msg`. */
function readWebhook(root: Json, context: NormalizeContext, out: Out): void {
  const kind = text(root.event, 100) ?? 'unknown';
  const tracking = object(root.msg);
  if (tracking === undefined) out.reports.push(reject('WEBHOOK_INVALID', `${kind} without msg`, '/msg'));
  else readTracking(tracking, '/msg', context, out, { kind, time: secondsTime(root.ts) });
}

function secondsTime(value: unknown): EventTime | undefined {
  return typeof value === 'number' && value > 0 && value < 1e11
    ? isoTime(new Date(value * 1000).toISOString())
    : undefined;
}

export const inbound: Inbound = {
  // https://www.aftership.com/docs/tracking/webhook/webhook-signature
  verify: ({ headers, body }, secrets) =>
    verifyHmac({
      algorithm: 'sha256',
      encoding: 'base64',
      body,
      provided: headers['aftership-hmac-sha256'],
      keys: secrets('webhookSecret'),
    }),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
