/**
 * RSA-SHA256 over `<timestamp>.<raw body>` (https://docs.shipstation.com/apis/shipengine/docs/guides/webhooks-validation). The public keys come from a
 * secret, because a check may not go out and fetch them: a JWKS as https://api.shipengine.com/jwks serves it, or a PEM. Keys of all
 * values of the secret count, so that the set before a rotation is accepted too.
 */
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { InboundRequest, Verification } from '../kit/connector';
import { object, objects, text } from '../kit/text';

/** The vendor suggests five minutes, in both directions. */
const windowMs = 5 * 60_000;

export function verifyWebhook(
  { headers, body }: InboundRequest,
  secrets: readonly string[],
  now: number,
): Verification {
  if (secrets.length === 0) return { ok: false, reason: 'no webhook keys are configured for this partner' };
  const keyId = headers['x-shipengine-rsa-sha256-key-id'];
  const signature = headers['x-shipengine-rsa-sha256-signature'];
  const timestamp = headers['x-shipengine-timestamp'];
  if (!keyId || !signature || !timestamp) return { ok: false, reason: 'a signature header is missing' };
  const signedAt = momentOf(timestamp);
  if (Number.isNaN(signedAt)) return { ok: false, reason: 'the timestamp header cannot be read' };
  if (Math.abs(now - signedAt) > windowMs) return { ok: false, reason: 'the timestamp is not recent' };
  const keys = secrets.flatMap(keysOf).filter(({ id }) => id === undefined || id === keyId);
  if (keys.length === 0) return { ok: false, reason: 'the key of the signature is not configured' };
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
  const digest = Buffer.from(signature, 'base64');
  return keys.some(({ key }) => verify('sha256', signed, key, digest))
    ? { ok: true }
    : { ok: false, reason: 'the signature does not match the body' };
}

/** ISO 8601 or seconds since the epoch. */
function momentOf(timestamp: string): number {
  const value = timestamp.trim();
  return /^\d{9,11}$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

interface PublicKey {
  /** Absent for a PEM, which has no name. */
  id: string | undefined;
  key: KeyObject;
}

/** Parsed once: the same text is the same keys. */
const parsed = new Map<string, readonly PublicKey[]>();

function keysOf(secret: string): readonly PublicKey[] {
  const known = parsed.get(secret);
  if (known !== undefined) return known;
  const keys = readKeys(secret);
  if (parsed.size >= 100) parsed.clear();
  parsed.set(secret, keys);
  return keys;
}

function readKeys(secret: string): PublicKey[] {
  if (secret.includes('-----BEGIN')) return keyOf(undefined, secret);
  const set = jsonOf(secret);
  const keys = set?.keys === undefined ? [set] : objects(set.keys, 20);
  return keys.flatMap((jwk) =>
    jwk === undefined ? [] : keyOf(text(jwk.kid, 200), { key: jwk as JsonWebKey, format: 'jwk' }),
  );
}

function keyOf(id: string | undefined, source: Parameters<typeof createPublicKey>[0]): PublicKey[] {
  try {
    const key = createPublicKey(source);
    return key.asymmetricKeyType === 'rsa' ? [{ id, key }] : [];
  } catch {
    return [];
  }
}

function jsonOf(secret: string) {
  try {
    return object(JSON.parse(secret));
  } catch {
    return undefined;
  }
}
