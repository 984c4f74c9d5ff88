import { sha256Hex } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, parseJson, rejected, totally } from '../kit/json';
import { identifiedBy, latin1 } from '../kit/scan';
import { bearerOf, verifyToken } from '../kit/signature';
import { object, text } from '../kit/text';
import { looksLikeXml, parseXml } from '../kit/xml';
import { normalizeTracking } from './track-json';
import { normalizeXml } from './track-xml';

const numberIn =
  /"shipmentTrackingNumber"\s*:\s*"\s*([^"\\]{1,100}?)\s*"|<(?:\w+:)?AWBNumber>\s*([^<]{1,100}?)\s*</;
/** Differs with every poll and says nothing of the shipment. */
const pollIds = /<MessageTime>[^<]*<|<MessageReference>[^<]*</g;

function identify({ body }: InboundRequest): Identified {
  const source = latin1(body);
  const dedupKey = sha256Hex(source.replace(pollIds, ''));
  const found = numberIn.exec(source);
  const value = found?.[1] ?? found?.[2];
  return identifiedBy(body, value === undefined ? undefined : { carrier: 'dhl', value }, dedupKey);
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  if (looksLikeXml(body)) {
    const parsed = parseXml(body);
    return parsed.ok
      ? normalizeXml(object(parsed.value) ?? {}, context)
      : { facts: [], reports: [parsed.report] };
  }
  const parsed = parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root?.shipments !== undefined) return normalizeTracking(root, context);
  const title = text(root?.title, 200);
  if (root !== undefined && title !== undefined)
    return {
      facts: [],
      reports: [notAFact(text(root.status, 100) ?? 'PROBLEM', text(root.detail, 500) ?? title)],
    };
  return rejected('NOT_A_DHL_PAYLOAD', 'JSON with neither shipments nor a problem');
}

export const inbound: Inbound = {
  // The MyDHL API sends nothing by itself: whoever pushes tracking answers shows the partner's token.
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
