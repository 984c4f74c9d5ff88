import type { InboundRequest, Secrets, Verification } from '../kit/connector';
import { bearerOf, verifyHmac, verifyToken } from '../kit/signature';

/**
 * EPCIS leaves authentication to the transport (EPCIS 2.0, 12.7). With a webhook secret the raw body must be signed, otherwise a
 * bearer token is asked for; with neither configured nothing is let in.
 */
export function verify({ headers, body }: InboundRequest, secrets: Secrets): Verification {
  const keys = secrets('webhookSecret');
  if (keys.length === 0) return verifyToken(bearerOf(headers), secrets('inboundToken'));
  const provided = headers['x-hub-signature-256'];
  return verifyHmac({ algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=', body, provided, keys });
}
