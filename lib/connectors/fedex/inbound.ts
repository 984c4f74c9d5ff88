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
import { parseJson, rejected, totally } from '../kit/json';
import { identifiedBy, latin1 } from '../kit/scan';
import { bearerOf, verifyHmac, verifyToken } from '../kit/signature';
import { type Json, object } from '../kit/text';
import { looksLikeXml, parseXml } from '../kit/xml';
import { normalizeTrackJson } from './track-json';
import { normalizeTrackXml, trackReplyOf } from './track-xml';

const numberIn = /"trackingNumber"\s*:\s*"([^"\\]{1,100})"|<(?:\w+:)?TrackingNumber>\s*([^<]{1,100}?)\s*</;
/** Differs with every poll and says nothing of the shipment. */
const pollIds =
  /"(?:transactionId|customerTransactionId)"\s*:\s*"[^"]*"|<(?:\w+:)?CustomerTransactionId>[^<]*</g;

function identify({ body }: InboundRequest): Identified {
  const source = latin1(body);
  const dedupKey = sha256Hex(source.replace(pollIds, ''));
  const found = numberIn.exec(source);
  const value = (found?.[1] ?? found?.[2])?.trim();
  return identifiedBy(body, value === undefined ? undefined : { carrier: 'fedex', value }, dedupKey);
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  if (looksLikeXml(body)) {
    const parsed = parseXml(body);
    if (!parsed.ok) return { facts: [], reports: [parsed.report] };
    const version = otherVersionOf(body);
    if (version !== undefined)
      return rejected(
        'VERSION_UNSUPPORTED',
        `the reply follows version ${version} of the Track service, v5 to v20 are read`,
        '/TrackReply',
      );
    const reply = trackReplyOf(object(parsed.value) ?? {});
    return reply === undefined
      ? rejected('NOT_A_TRACK_REPLY', 'XML without a TrackReply')
      : normalizeTrackXml(reply, context);
  }
  const parsed = parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  const answer = root === undefined ? undefined : trackAnswerOf(root);
  return answer === undefined
    ? rejected('NOT_A_TRACK_ANSWER', 'JSON with neither output nor errors nor track results')
    : normalizeTrackJson(answer, context);
}

/** The namespace of the older Track service says its version (http://fedex.com/ws/track/v7); parsing drops it. */
const namespaceIn = /"http:\/\/fedex\.com\/ws\/track\/v(\d{1,4})"/;

/** Undefined for the versions that are read, and for a reply that names none. */
function otherVersionOf(body: Uint8Array): string | undefined {
  const version = namespaceIn.exec(Buffer.from(body.subarray(0, 2000)).toString('latin1'))?.[1];
  return version === undefined || (Number(version) >= 5 && Number(version) <= 20) ? undefined : `v${version}`;
}

/** A webhook message holds the track results of the Track API with or without the envelope around them. */
function trackAnswerOf(root: Json): Json | undefined {
  if (root.output !== undefined || root.errors !== undefined) return root;
  if (root.completeTrackResults !== undefined) return { output: root };
  return root.trackResults === undefined ? undefined : { output: { completeTrackResults: [root] } };
}

/**
 * Advanced Integrated Visibility signs: Base64 of the HMAC-SHA256 over the body under the project's security token, in `fdx-signature`
 * (https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs/introduction/business-rules-and-best-practices.html). Whoever else
 * pushes Track answers, e.g. a poller of the shipper's own, shows the inbound token. A signature that is there must be right.
 */
function verify({ headers, body }: InboundRequest, secrets: Secrets): Verification {
  const keys = secrets('webhookSecret');
  const provided = headers['fdx-signature'];
  if (provided !== undefined && keys.length > 0)
    return verifyHmac({ algorithm: 'sha256', encoding: 'base64', body, provided, keys });
  return verifyToken(bearerOf(headers), secrets('inboundToken'));
}

export const inbound: Inbound = {
  verify,
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
