/** Checks of inbound deliveries in constant time; during a rotation the key before the current one still counts. */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Verification } from './connector';

export interface HmacCheck {
  algorithm: 'sha256' | 'sha1' | 'sha512';
  encoding: 'hex' | 'base64';
  /** What stands before the digest in the header, e.g. `hmac-sha256-hex=`. */
  prefix?: string;
  /** Raw bytes that were signed. */
  body: Uint8Array;
  /** The header's value; undefined when it is missing. */
  provided: string | undefined;
  /** Current key first, then the one before it; bytes where the vendor encodes its keys. */
  keys: readonly (string | Uint8Array)[];
}

/** Verifies an HMAC over the raw bytes. */
export function verifyHmac({
  algorithm,
  encoding,
  prefix = '',
  body,
  provided,
  keys,
}: HmacCheck): Verification {
  if (keys.length === 0) return { ok: false, reason: 'no signing secret is configured for this partner' };
  if (provided === undefined || provided === '')
    return { ok: false, reason: 'the signature header is missing' };
  const given = encoding === 'hex' ? provided.trim().toLowerCase() : provided.trim();
  let matched = false;
  for (const key of keys) {
    const expected = prefix + createHmac(algorithm, key).update(body).digest(encoding);
    // No early end: the time taken does not tell which key matched.
    matched = sameText(expected, given) || matched;
  }
  return matched ? { ok: true } : { ok: false, reason: 'the signature does not match the body' };
}

/** Verifies a shared token that stands in a header as it is. */
export function verifyToken(provided: string | undefined, tokens: readonly string[]): Verification {
  if (tokens.length === 0) return { ok: false, reason: 'no inbound token is configured for this partner' };
  if (provided === undefined || provided === '') return { ok: false, reason: 'the token header is missing' };
  let matched = false;
  for (const token of tokens) matched = sameText(token, provided.trim()) || matched;
  return matched ? { ok: true } : { ok: false, reason: 'the token does not match' };
}

/** Value of an `Authorization: Bearer` header. */
export function bearerOf(headers: Readonly<Record<string, string>>): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
}

/** Compares texts of any length in constant time, by their digests. */
export function sameText(expected: string, given: string): boolean {
  return timingSafeEqual(hash('sha256', expected, 'buffer'), hash('sha256', given, 'buffer'));
}
