/** An exported audit trail, checked with nothing but itself and the fingerprint of the key: NDJSON, the entries, then the signed heads. */
import { z } from 'zod';
import { verifyChain } from './audit';
import { HeadCheck, isSigned, keyFingerprint, type SignedHeads, signedHeads } from './audit-heads';

const entry = z.looseObject({
  partition: z.int().min(0),
  seq: z.int().min(1),
  previousHash: z.string(),
  hash: z.string(),
});
type Entry = z.infer<typeof entry>;

export type ExportVerdict =
  | { ok: true; entries: number; partitions: number; signedAt: number; key: string }
  | { ok: false; line: number; reason: ExportFault };

export type ExportFault =
  | 'not-json'
  | 'not-an-entry'
  | 'unsigned'
  | 'signature'
  | 'foreign-key'
  | 'gap'
  | 'previous-hash'
  | 'hash'
  | 'partition-order'
  | 'signed-head'
  | 'truncated'
  | 'beyond-signed-head';

/** @param trusted fingerprints of keys that may have signed; any key when absent, so compare the answer's */
export function verifyExport(text: string, trusted?: readonly string[]): ExportVerdict {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const last = lines.length;
  const parsed = lines.map(parse);
  const heads = headsOf(parsed.at(-1));
  if (!heads) return { ok: false, line: last, reason: 'unsigned' };
  if (!isSigned(heads)) return { ok: false, line: last, reason: 'signature' };
  const key = keyFingerprint(heads.publicKey);
  if (trusted && !trusted.includes(key)) return { ok: false, line: last, reason: 'foreign-key' };
  const tails = walk(parsed.slice(0, -1), heads);
  if (!(tails instanceof Map)) return tails;
  const [cut] = new HeadCheck([heads]).truncated(tails);
  if (cut) return { ok: false, line: last, reason: 'truncated' };
  const signed = new Map(heads.heads.map(({ partition, seq }) => [partition, seq]));
  for (const [partition, seq] of tails)
    if (signed.get(partition) !== seq) return { ok: false, line: last, reason: 'beyond-signed-head' };
  return { ok: true, entries: last - 1, partitions: tails.size, signedAt: heads.at, key };
}

function walk(
  parsed: unknown[],
  heads: SignedHeads,
): Map<number, number> | Extract<ExportVerdict, { ok: false }> {
  const check = new HeadCheck([heads]);
  const tails = new Map<number, number>();
  let before: Entry | undefined;
  for (const [index, value] of parsed.entries()) {
    const broken = (reason: ExportFault) => ({ ok: false as const, line: index + 1, reason });
    if (value === undefined) return broken('not-json');
    const { data } = entry.safeParse(value);
    if (!data) return broken('not-an-entry');
    const same = before?.partition === data.partition;
    if (before && data.partition < before.partition) return broken('partition-order');
    const after = same && before ? { hash: before.hash, seq: before.seq } : undefined;
    const verdict = verifyChain([data], after);
    if (!verdict.ok) return broken(verdict.reason);
    if (!check.fits(data)) return broken('signed-head');
    tails.set(data.partition, data.seq);
    before = data;
  }
  return tails;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}

function headsOf(value: unknown): SignedHeads | undefined {
  return signedHeads.safeParse(value).data;
}
