/** Signature scheme of Standard Webhooks 1.0.0: HMAC-SHA256 over `{id}.{timestamp}.{payload}`, one signature a key. */
import { createHmac } from 'node:crypto';
import { FatalError } from '../../model/errors';

/** @throws FatalError SIGNING_SECRET_INVALID for a key of less than 24 or more than 64 bytes, which says nothing of the key itself */
function keyOf(secret: string): Buffer {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  if (/^[A-Za-z0-9+/]+=*$/.test(encoded) && key.length >= 24 && key.length <= 64) return key;
  throw new FatalError('SIGNING_SECRET_INVALID', 'the signing secret is not 24 to 64 bytes in base64', {
    hint: 'Set signingSecret to whsec_ and the base64 of a random key.',
  });
}

export interface SignedHeaders extends Record<string, string> {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * @param id without a full stop, the same for every attempt
 * @param now epoch milliseconds of the attempt
 * @param secrets the current one first; all of them sign
 */
export function signedHeaders(
  id: string,
  now: number,
  payload: string,
  secrets: readonly string[],
): SignedHeaders {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = secrets.map(
    (secret) =>
      `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${payload}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
