/** https://developer.zendesk.com/documentation/webhooks/verifying/: `base64(HMACSHA256(TIMESTAMP + BODY))`. */
import type { InboundRequest, Secrets, Verification } from '../kit/connector';
import { verifyHmac } from '../kit/signature';

/** The timestamp is signed, so an old delivery is somebody's copy; Zendesk's own retries sign anew. */
const windowMs = 5 * 60_000;

export function verify({ headers, body }: InboundRequest, secrets: Secrets, now: number): Verification {
  const timestamp = headers['x-zendesk-webhook-signature-timestamp'];
  const keys = secrets('webhookSecret');
  if (timestamp === undefined && keys.length > 0)
    return { ok: false, reason: 'the timestamp header is missing' };
  const checked = verifyHmac({
    algorithm: 'sha256',
    encoding: 'base64',
    body: Buffer.concat([Buffer.from(timestamp ?? ''), body]),
    provided: headers['x-zendesk-webhook-signature'],
    keys,
  });
  if (!checked.ok) return checked;
  const age = Math.abs(now - Date.parse(timestamp ?? ''));
  return age <= windowMs ? checked : { ok: false, reason: 'the delivery is older than five minutes' };
}
