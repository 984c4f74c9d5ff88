import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, parseJson, rejected, totally } from '../kit/json';
import { identifiedBy, latin1 } from '../kit/scan';
import { verifyToken } from '../kit/signature';
import { object } from '../kit/text';
import { looksLikeXml, parseXml } from '../kit/xml';
import { normalizeAddress, normalizeErrors, readErrors } from './refusals';
import { errorsOf, normalizeAlert, normalizeTrack } from './track-json';
import { normalizeXml } from './track-xml';

const numberIn =
  /"(?:trackingNumber|inquiryNumber)"\s*:\s*"\s*([^"\\]{1,100}?)\s*"|<(?:\w+:)?TrackingNumber>\s*([^<]{1,100}?)\s*</;

function identify({ body }: InboundRequest): Identified {
  const found = numberIn.exec(latin1(body));
  const value = found?.[1] ?? found?.[2];
  return identifiedBy(body, value === undefined ? undefined : { carrier: 'ups', value });
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
  if (root === undefined) return rejected('NOT_A_UPS_PAYLOAD', 'JSON that is no object');
  const tracked = object(root.trackResponse);
  if (tracked !== undefined) return normalizeTrack(tracked, context);
  if (root.activityStatus !== undefined) return normalizeAlert(root, context);
  const errors = errorsOf(root);
  if (errors.length > 0) return normalizeErrors(readErrors(errors), undefined, context);
  const address = object(root.XAVResponse);
  if (address !== undefined) return normalizeAddress(address, context);
  if (root.validTrackingNumbers !== undefined || root.invalidTrackingNumbers !== undefined)
    return { facts: [], reports: [notAFact('SUBSCRIPTION', 'the answer to a Track Alert subscription')] };
  return rejected(
    'NOT_A_UPS_PAYLOAD',
    'JSON that is neither a Track answer, a Track Alert message nor an error',
  );
}

export const inbound: Inbound = {
  // UPS signs nothing: it sends back the credential of the subscription (UPSTrackAlert.yaml, TrackingEvent).
  verify: (request, secrets) => verifyToken(request.headers.credential, secrets('webhookCredential')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
