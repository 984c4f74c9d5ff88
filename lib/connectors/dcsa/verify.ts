/**
 * 2.2: `Notification-Signature: sha256=HEX` over the whole body, keyed with the decoded secret of the subscription. 3.0 leaves
 * authentication to the two parties; there a bearer token is checked.
 */
import type { InboundRequest, Secrets, Verification } from '../kit/connector';
import { bearerOf, verifyHmac, verifyToken } from '../kit/signature';

export function verify({ headers, body }: InboundRequest, secrets: Secrets): Verification {
  const provided = headers['notification-signature'];
  const keys = secrets('notificationSecret');
  const tokens = secrets('pushToken');
  if (provided === undefined && tokens.length > 0) return verifyToken(bearerOf(headers), tokens);
  return verifyHmac({
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'sha256=',
    body,
    provided,
    keys: keys.map((key) => Buffer.from(key, 'base64')).filter((key) => key.length > 0),
  });
}
