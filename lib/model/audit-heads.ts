/**
 * Signed heads: now and then the last link of every audit chain is signed (Ed25519, RFC 8032), each signature over the one before. What was
 * signed cannot be cut off, rewritten or put in another order by anybody who does not hold the key, also not from the end.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { chainStart } from './audit';
import { canonicalJson, sha256Hex } from './keys';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

export const chainHead = z.strictObject({ partition: z.int().min(0), seq: z.int().min(1), hash: hex64 });
export type ChainHead = z.infer<typeof chainHead>;

export const signedHeads = z.strictObject({
  type: z.literal('reroute.audit.heads.v1'),
  /** 1 for the first; counts up by one. */
  number: z.int().min(1),
  /** Epoch milliseconds. */
  at: z.number(),
  /** Last links of the chains that have grown since the heads before; of every chain in an export. */
  heads: z.array(chainHead),
  /** Hash of the signed heads before. */
  previous: hex64,
  /** SubjectPublicKeyInfo, DER in base64. */
  publicKey: z.string(),
  /** Over the canonical JSON of everything else, base64. */
  signature: z.string(),
});
export type SignedHeads = z.infer<typeof signedHeads>;

const type = 'reroute.audit.heads.v1';

/** How a key is named when people compare it: the first half of the SHA-256 of its public part. */
export function keyFingerprint(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 32);
}

export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

export function signHeads(
  what: { heads: ChainHead[]; at: number; before: SignedHeads | undefined },
  key: KeyObject,
): SignedHeads {
  const unsigned = {
    type,
    number: (what.before?.number ?? 0) + 1,
    at: what.at,
    heads: what.heads,
    previous: headsHash(what.before),
    publicKey: publicKeyOf(key),
  } as const;
  return { ...unsigned, signature: sign(null, Buffer.from(canonicalJson(unsigned)), key).toString('base64') };
}

/** `previous` of the first is the start of a chain. */
export function headsHash(heads: SignedHeads | undefined): string {
  return heads === undefined ? chainStart : sha256Hex(canonicalJson(heads));
}

export function isSigned({ signature, ...unsigned }: SignedHeads): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.from(unsigned.publicKey, 'base64'),
      type: 'spki',
      format: 'der',
    });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(canonicalJson(unsigned)), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

export type HeadsFault = { number: number; reason: 'signature' | 'gap' | 'previous' | 'foreign-key' };

/**
 * Checks heads that follow each other.
 * @param trusted fingerprints of the keys that may have signed; every key when absent
 */
export function checkSignedHeads(
  list: readonly SignedHeads[],
  trusted?: readonly string[],
): HeadsFault | undefined {
  let before: SignedHeads | undefined;
  for (const heads of list) {
    const { number } = heads;
    if (!isSigned(heads)) return { number, reason: 'signature' };
    if (trusted && !trusted.includes(keyFingerprint(heads.publicKey)))
      return { number, reason: 'foreign-key' };
    if (number !== (before?.number ?? 0) + 1) return { number, reason: 'gap' };
    if (heads.previous !== headsHash(before)) return { number, reason: 'previous' };
    before = heads;
  }
  return undefined;
}

/** What was signed, held against the chains as they are walked. */
export class HeadCheck {
  private readonly expected = new Map<string, string>();
  private readonly furthest = new Map<number, number>();

  constructor(list: readonly SignedHeads[]) {
    for (const { partition, seq, hash } of list.flatMap(({ heads }) => heads)) {
      this.expected.set(`${partition}/${seq}`, hash);
      this.furthest.set(partition, Math.max(seq, this.furthest.get(partition) ?? 0));
    }
  }

  /** False when the link is not the one that was signed. */
  fits({ partition, seq, hash }: ChainHead): boolean {
    return (this.expected.get(`${partition}/${seq}`) ?? hash) === hash;
  }

  /** Partitions of which more was signed than there is: their end was cut off. */
  truncated(lastSeqs: ReadonlyMap<number, number>): { partition: number; seq: number }[] {
    return [...this.furthest]
      .filter(([partition, seq]) => (lastSeqs.get(partition) ?? 0) < seq)
      .map(([partition]) => ({ partition, seq: (lastSeqs.get(partition) ?? 0) + 1 }));
  }
}
