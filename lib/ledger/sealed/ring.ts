/**
 * The key ring of `REROUTE_PAYLOAD_KEYS`: `id:base64key,id:base64key`, AES-256 keys. The first wraps new data keys, all of them unwrap.
 */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { FatalError } from '../../model/errors';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

export interface RingKey {
  id: string;
  key: Buffer;
}

export interface KeyRing {
  current: RingKey;
  byId: ReadonlyMap<string, RingKey>;
}

/** @throws FatalError PAYLOAD_KEYS, never with a key in the text */
export function parseKeyRing(text: string): KeyRing {
  const keys = text
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map(parseKey);
  const [current] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (!current || byId.size !== keys.length) throw malformed('needs at least one key, and each id once');
  return { current, byId };
}

function parseKey(part: string): RingKey {
  const [, id, encoded] = /^([A-Za-z0-9._-]{1,40}):([A-Za-z0-9+/_-]{43}=?)$/.exec(part) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (id === undefined || key.byteLength !== keyBytes) throw malformed('holds a part that is no id:key');
  return { id, key };
}

function malformed(what: string): FatalError {
  return new FatalError('PAYLOAD_KEYS', `REROUTE_PAYLOAD_KEYS ${what}`, {
    hint: 'Write id:key,id:key, each key 32 random bytes in base64, as `openssl rand -base64 32` makes them.',
  });
}

/** IV, tag, ciphertext; `bound` says what it belongs to, so that it opens nowhere else. */
export function seal(key: Uint8Array, plain: Uint8Array, bound: string): Uint8Array {
  const iv = random(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(bound));
  const sealed = new Uint8Array(ivBytes + tagBytes + plain.byteLength);
  sealed.set(iv);
  // GCM is a stream: as many bytes come out as go in, and the end adds none.
  sealed.set(cipher.update(plain), ivBytes + tagBytes);
  cipher.final();
  sealed.set(cipher.getAuthTag(), ivBytes);
  return sealed;
}

/** @throws FatalError SEAL_BROKEN when a byte of it was changed, or it belongs elsewhere */
export function unseal(key: Uint8Array, sealed: Uint8Array, bound: string): Uint8Array {
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(Buffer.from(bound))
      .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
    return new Uint8Array(
      Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]),
    );
  } catch (cause) {
    throw new FatalError('SEAL_BROKEN', `what was kept of ${bound} does not open under its key`, {
      hint: 'It was changed in storage, or belongs to another ledger. Restore it from a backup.',
      cause,
    });
  }
}

export function newDataKey(): Uint8Array {
  return new Uint8Array(random(keyBytes));
}

const pool = new Uint8Array(4_096);
let at = pool.length;

/** Drawn in blocks: asking the system each time costs more than a small cipher. What was handed out is wiped from the block. */
function random(bytes: number): Uint8Array {
  if (at + bytes > pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const drawn = pool.slice(at, at + bytes);
  pool.fill(0, at, at + bytes);
  at += bytes;
  return drawn;
}
