import { sha256Hex } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { parseJson, rejected, soundly } from '../kit/json';
import { identifiedBy, latin1 } from '../kit/scan';
import { askedNumberHeader } from '../kit/shipment-poll';
import { bearerOf, verifyToken } from '../kit/signature';
import { object } from '../kit/text';
import { looksLikeXml, parseXml } from '../kit/xml';
import { normalizeError, normalizeTrackJson } from './track-json';
import { normalizeXml } from './track-xml';

const numberIn = /"trackingNumber"\s*:\s*"\s*([^"\\]{1,100}?)\s*"|<TrackInfo ID="\s*([^"]{1,100}?)\s*"/;

function identify({ headers, body }: InboundRequest): Identified {
  const source = latin1(body);
  const asked = headers[askedNumberHeader];
  // An answer that does not name its number is another one for another number.
  const dedupKey = sha256Hex(asked === undefined ? source : `${asked}\n${source}`);
  const found = numberIn.exec(source);
  const value = found?.[1] ?? found?.[2] ?? asked;
  return identifiedBy(body, value === undefined ? undefined : { carrier: 'usps', value }, dedupKey);
}

function normalize({ headers, body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  if (looksLikeXml(body)) {
    const parsed = parseXml(body, { attributes: true });
    return parsed.ok
      ? normalizeXml(object(parsed.value) ?? {}, context)
      : { facts: [], reports: [parsed.report] };
  }
  const parsed = parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  const error = object(root?.error);
  if (error !== undefined) return normalizeError(error);
  if (root !== undefined && (root.trackingEvents !== undefined || root.eventSummaries !== undefined))
    return normalizeTrackJson(root, headers[askedNumberHeader], context);
  if (root?.trackingNumber !== undefined) return normalizeTrackJson(root, undefined, context);
  return rejected('NOT_A_TRACKING_ANSWER', 'JSON that is neither a tracking answer nor an error');
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => soundly(() => normalize(request, context)),
};
