import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, parseJson, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, object, text } from '../kit/text';
import { normalizeShipments } from './shipments';

const numberIn = /"id"\s*:\s*"?\s*([^"\\,}\s]{1,100})/;

function identify({ body }: InboundRequest): Identified {
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  const dedupKey = sha256Hex(body);
  const value = numberIn.exec(source)?.[1];
  const orderKey = value && shipmentKeyOf({ trackingNumber: [{ carrier: 'dhl', value }] });
  return orderKey ? { dedupKey, orderKey } : { dedupKey };
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root?.shipments !== undefined) return normalizeShipments(root, context);
  return root === undefined ? rejected('NOT_A_DHL_PAYLOAD', 'JSON that is no object') : other(root);
}

/** Problems (RFC 7807) of a look-up, and the messages around a push subscription. */
function other(root: Json): NormalizeResult {
  const scope = text(root.scope, 100);
  if (scope !== undefined)
    return { facts: [], reports: [notAFact('SUBSCRIPTION', `a message about a subscription: ${scope}`)] };
  const title = text(root.title, 200);
  if (title !== undefined && root.status !== undefined)
    return {
      facts: [],
      reports: [notAFact(text(root.status, 100) ?? 'PROBLEM', text(root.detail, 500) ?? title)],
    };
  return rejected('NOT_A_DHL_PAYLOAD', 'JSON with neither shipments nor a problem nor a subscription');
}

export const inbound: Inbound = {
  // Push v1: DHL sends the token of the subscription in the header that the subscription names (hook.authentication).
  verify: ({ headers }, secrets) =>
    verifyToken(headers['x-inbound-token'] ?? bearerOf(headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
