/**
 * https://docs.goshippo.com/tracking/webhook-security: a token of our own in the URL (`?token=`), or HMAC-SHA256 for accounts that have it,
 * `Shippo-Auth-Signature: t=<seconds>,v1=<hex>` over `<t>.<raw body>`. What is configured is demanded, both where both are.
 */
import type { InboundRequest, Secrets, Verification } from '../kit/connector';
import { verifyHmac, verifyToken } from '../kit/signature';

const windowMs = 5 * 60_000;

export function verifyWebhook(request: InboundRequest, secrets: Secrets, now: number): Verification {
  const keys = secrets('webhookSecret');
  const tokens = secrets('webhookToken');
  if (keys.length === 0 && tokens.length === 0)
    return { ok: false, reason: 'neither webhookSecret nor webhookToken is configured for this partner' };
  const signed: Verification = keys.length === 0 ? { ok: true } : verifySignature(request, keys, now);
  if (!signed.ok || tokens.length === 0) return signed;
  return verifyToken(new URLSearchParams(request.query).get('token') ?? undefined, tokens);
}

function verifySignature(
  { headers, body }: InboundRequest,
  keys: readonly string[],
  now: number,
): Verification {
  const header = headers['shippo-auth-signature'];
  if (header === undefined) return { ok: false, reason: 'the signature header is missing' };
  const fields = new Map(header.split(',').map((part) => part.trim().split('=', 2) as [string, string]));
  const timestamp = fields.get('t') ?? '';
  if (!/^\d{9,11}$/.test(timestamp)) return { ok: false, reason: 'the signature header has no timestamp' };
  if (Math.abs(now - Number(timestamp) * 1000) > windowMs)
    return { ok: false, reason: 'the timestamp is not recent' };
  return verifyHmac({
    algorithm: 'sha256',
    encoding: 'hex',
    body: Buffer.concat([Buffer.from(`${timestamp}.`), body]),
    provided: fields.get('v1'),
    keys,
  });
}
