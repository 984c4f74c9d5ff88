import type { InboundRequest, Verification } from '../kit/connector';
import { verifyHmac } from '../kit/signature';

/**
 * HMAC-SHA256 over the raw body, hexadecimal behind `hmac-sha256-hex=`, in `X-Hmac-Signature`. The secret is Unicode NFKD
 * normalised before use, as EasyPost's own client libraries do (https://docs.easypost.com/guides/webhooks-guide).
 */
export function verifyWebhook({ headers, body }: InboundRequest, secrets: readonly string[]): Verification {
  return verifyHmac({
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'hmac-sha256-hex=',
    body,
    provided: headers['x-hmac-signature'],
    keys: secrets.map((secret) => secret.normalize('NFKD')),
  });
}
