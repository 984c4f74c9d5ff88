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
import { type Json, object, text } from '../kit/text';
import { type EventTime, isoTime } from '../kit/time';
import { carrierOf, readParcel, readTracking } from './parcels';

const numberIn = /"tracking_number"\s*:\s*"\s*([^"\\]{1,100}?)\s*"/;
const carrierIn = /"carrier"\s*:\s*\{\s*"code"\s*:\s*"([\w-]{1,60})"/;

/** Deliveries have no id of their own; the content tells them apart. */
function identify({ body }: InboundRequest): Identified {
  const source = latin1(body);
  const value = numberIn.exec(source)?.[1];
  const carrier = carrierIn.exec(source)?.[1];
  return identifiedBy(body, value && carrier ? { carrier: carrierOf(carrier), value } : undefined);
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  return collectedFromJson(body, stranger, (value, out) => {
    const root = object(value);
    if (root !== undefined) readRoot(root, context, out);
  });
}

const stranger = { code: 'NOT_A_SENDCLOUD_PAYLOAD', message: 'JSON that is no payload of Sendcloud' };

function readRoot(root: Json, context: NormalizeContext, out: Out): void {
  const parcel = object(root.parcel);
  const action = text(root.action, 100);
  if (action !== undefined) readWebhook(action, root, parcel, context, out);
  else if (parcel !== undefined) readParcel(parcel, '/parcel', context, out);
  else if (Array.isArray(root.parcels)) readList(root.parcels, context, out);
  else if (root.statuses !== undefined) readTracking(root, '', context, out);
  else if (root.error !== undefined) {
    const error = object(root.error);
    const message = text(error?.message, 500) ?? 'the call was refused';
    out.reports.push(notAFact(`REFUSED_${text(error?.code, 20) ?? '0'}`, message, '/error'));
  } else if (root.id !== undefined && root.status !== undefined) readParcel(root, '', context, out);
}

function readList(parcels: readonly unknown[], context: NormalizeContext, out: Out): void {
  parcels.forEach((parcel, index) => {
    readParcel(object(parcel) ?? {}, `/parcels/${index}`, context, out);
  });
  if (parcels.length === 0) out.reports.push(notAFact('EMPTY_LIST', 'no parcels'));
}

/** https://sendcloud.dev/api/v2/webhooks: `action`, `timestamp`, `carrier_status_change_timestamp`, `parcel`. */
function readWebhook(
  action: string,
  root: Json,
  parcel: Json | undefined,
  context: NormalizeContext,
  out: Out,
): void {
  if (action !== 'parcel_status_changed') {
    out.reports.push(notAFact('WEBHOOK_WITHOUT_EVENT', `${action} is about no parcel`));
    return;
  }
  const time = unixTime(root.carrier_status_change_timestamp) ?? unixTime(root.timestamp);
  if (parcel === undefined)
    out.reports.push(reject('WEBHOOK_INVALID', `${action} without a parcel`, '/parcel'));
  else readParcel(parcel, '/parcel', context, out, time);
}

/** A Unix time in seconds, or in milliseconds, as both are sent. */
function unixTime(value: unknown): EventTime | undefined {
  if (typeof value !== 'number' || !(value > 0 && value < 1e14)) return undefined;
  return isoTime(new Date(value < 1e11 ? value * 1000 : value).toISOString());
}

export const inbound: Inbound = {
  verify: ({ headers, body }, secrets) =>
    verifyHmac({
      algorithm: 'sha256',
      encoding: 'hex',
      body,
      provided: headers['sendcloud-signature'],
      keys: secrets('webhookKey'),
    }),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
