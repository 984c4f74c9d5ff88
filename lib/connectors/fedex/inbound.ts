import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { parseJson, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { object } from '../kit/text';
import { looksLikeXml, parseXml } from '../kit/xml';
import { normalizeTrackJson } from './track-json';
import { normalizeTrackXml, trackReplyOf } from './track-xml';

const numberIn = /"trackingNumber"\s*:\s*"([^"\\]{1,100})"|<(?:\w+:)?TrackingNumber>\s*([^<]{1,100}?)\s*</;
/** Differs with every poll and says nothing of the shipment. */
const pollIds =
  /"(?:transactionId|customerTransactionId)"\s*:\s*"[^"]*"|<(?:\w+:)?CustomerTransactionId>[^<]*</g;

function identify({ body }: InboundRequest): Identified {
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  const dedupKey = sha256Hex(source.replace(pollIds, ''));
  const found = numberIn.exec(source);
  const value = (found?.[1] ?? found?.[2])?.trim();
  const orderKey = value && shipmentKeyOf({ trackingNumber: [{ carrier: 'fedex', value }] });
  return orderKey ? { dedupKey, orderKey } : { dedupKey };
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  if (looksLikeXml(body)) {
    const parsed = parseXml(body);
    if (!parsed.ok) return { facts: [], reports: [parsed.report] };
    const reply = trackReplyOf(object(parsed.value) ?? {});
    return reply === undefined
      ? rejected('NOT_A_TRACK_REPLY', 'XML without a TrackReply')
      : normalizeTrackXml(reply, context);
  }
  const parsed = parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root === undefined || (root.output === undefined && root.errors === undefined))
    return rejected('NOT_A_TRACK_ANSWER', 'JSON with neither output nor errors');
  return normalizeTrackJson(root, context);
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
