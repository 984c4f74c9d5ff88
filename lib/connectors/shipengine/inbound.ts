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
import { type Json, object, objects, text } from '../kit/text';
import { readAddresses, readBatch, readErrors, readLabel } from './objects';
import { carrierIn, carrierOf, readTracking } from './tracking';
import { verifyWebhook } from './verify';

const numberIn = /"tracking_number"\s*:\s*"\s*([^"\\]{1,100}?)\s*"/;
const carrierFieldIn = /"carrier_code"\s*:\s*"([\w-]{1,60})"/;

/** Deliveries have no id of their own; the whole history comes with each, so the content tells them apart. */
function identify({ body }: InboundRequest): Identified {
  const source = latin1(body);
  const value = numberIn.exec(source)?.[1];
  const carrier = carrierOf(carrierFieldIn.exec(source)?.[1] ?? carrierIn(source.slice(0, 1000)));
  return identifiedBy(body, value === undefined ? undefined : { carrier, value });
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  return collectedFromJson(body, stranger, (value, out) => {
    if (Array.isArray(value)) readAddresses(value, context, out);
    else readObject(object(value), context, out);
  });
}

const stranger = { code: 'NOT_A_SHIPENGINE_PAYLOAD', message: 'JSON that is no payload of ShipEngine' };

function readObject(root: Json | undefined, context: NormalizeContext, out: Out): void {
  if (root === undefined) return;
  const errors = objects(root.errors, 100);
  const data = object(root.data);
  const kind = text(root.resource_type, 100);
  if (kind !== undefined) readWebhook(kind, text(root.resource_url, 1000), data, context, out);
  else if (errors.length > 0) readErrors(errors, context, out);
  else if (Array.isArray(root.labels))
    objects(root.labels).forEach((label, at) => {
      readLabel(label, `/labels/${at}`, context, out);
    });
  else if (root.label_id !== undefined) readLabel(root, '', context, out);
  else if (root.tracking_number !== undefined) readTracking(root, undefined, '', context, out);
}

/** A webhook names the call that would answer the same: `https://api.shipengine.com/v1/tracking?...`. */
const versionIn = /^https?:\/\/[^/?#]{1,200}\/(v\d{1,4})\//;

/** The kinds are `API_` and the event's name; those that are about no parcel are reported. */
function readWebhook(
  kind: string,
  url: string | undefined,
  data: Json | undefined,
  context: NormalizeContext,
  out: Out,
): void {
  const version = versionIn.exec(url ?? '')?.[1];
  if (version !== undefined && version !== 'v1') {
    const message = `the webhook follows ${version} of the API, v1 is read`;
    out.reports.push(reject('VERSION_UNSUPPORTED', message, '/resource_url'));
  } else if (kind === 'API_TRACK') {
    if (data === undefined) out.reports.push(reject('TRACKING_INVALID', 'a webhook without data', '/data'));
    else readTracking(data, carrierIn(url), '/data', context, out);
  } else if (data?.batch_id !== undefined) readBatch(data, '/data', context, out);
  else out.reports.push(notAFact('WEBHOOK_WITHOUT_EVENT', `${kind} is about no parcel`));
}

export const inbound: Inbound = {
  verify: (request, secrets, now) => verifyWebhook(request, secrets('webhookKeys'), now),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
