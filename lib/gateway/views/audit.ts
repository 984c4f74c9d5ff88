/** Reading the audit chains: checking them against what was signed, and writing them out so that they can be checked elsewhere. */
import type { AuditEntry } from '../../ledger/operators';
import type { Ledger } from '../../ledger/port';
import { chainStart, verifyChain } from '../../model/audit';
import {
  checkSignedHeads,
  HeadCheck,
  type HeadsFault,
  keyFingerprint,
  type SignedHeads,
} from '../../model/audit-heads';

export const chainFaults = ['gap', 'previous-hash', 'hash', 'signed-head', 'truncated'] as const;
export type ChainFault = (typeof chainFaults)[number];

export interface ChainReport {
  partition: number;
  ok: boolean;
  /** Entries that fit, up to the first that does not. */
  entries: number;
  /** Hash of the last entry that fits. */
  lastHash: string;
  brokenAt?: { seq: number; reason: ChainFault };
}

export interface AuditReport {
  ok: boolean;
  entries: number;
  partitions: ChainReport[];
  /** How often the heads were signed, when last, and by which keys (fingerprints). */
  signed: { count: number; lastAt?: number; keys: string[]; brokenAt?: HeadsFault };
}

const pageSize = 1_000;
type Chains = Pick<Ledger, 'auditChain' | 'partitions'>;
type SignedChains = Chains & Pick<Ledger, 'signedHeads'>;

/** Every entry of one partition's chain, page by page, oldest first. */
async function* pages(ledger: Chains, partition: number): AsyncGenerator<AuditEntry[]> {
  let from = 1;
  for (;;) {
    const entries = await ledger.auditChain(partition, from, pageSize);
    if (entries.length > 0) yield entries;
    const last = entries.at(-1);
    if (!last || entries.length < pageSize) return;
    from = last.seq + 1;
  }
}

async function verifyPartition(ledger: Chains, partition: number, heads: HeadCheck): Promise<ChainReport> {
  let last = { hash: chainStart, seq: 0 };
  const broken = (seq: number, reason: ChainFault): ChainReport => ({
    partition,
    ok: false,
    entries: last.seq,
    lastHash: last.hash,
    brokenAt: { seq, reason },
  });
  for await (const entries of pages(ledger, partition)) {
    for (const entry of entries) {
      const verdict = verifyChain([entry], last);
      if (!verdict.ok) return broken(verdict.seq, verdict.reason);
      if (!heads.fits(entry)) return broken(entry.seq, 'signed-head');
      last = { hash: entry.hash, seq: entry.seq };
    }
  }
  const cut = heads.truncated(new Map([[partition, last.seq]])).find((one) => one.partition === partition);
  return cut ? broken(cut.seq, 'truncated') : { partition, ok: true, entries: last.seq, lastHash: last.hash };
}

async function readSigned(ledger: Pick<Ledger, 'signedHeads'>): Promise<SignedHeads[]> {
  const all: SignedHeads[] = [];
  for (;;) {
    const page = await ledger.signedHeads((all.at(-1)?.number ?? 0) + 1, pageSize);
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

/** @param witnesses signed heads kept elsewhere, from earlier exports: the ledger must still hold what they say */
export async function verifyAudit(
  ledger: SignedChains,
  trusted?: readonly string[],
  witnesses: readonly SignedHeads[] = [],
): Promise<AuditReport> {
  // Read before the chains: what is signed meanwhile may reach further than they were read.
  const signed = await readSigned(ledger);
  const brokenAt = checkSignedHeads(signed, trusted);
  const heads = new HeadCheck([...signed, ...witnesses]);
  const partitions: ChainReport[] = [];
  for (let partition = 0; partition < ledger.partitions; partition += 1)
    partitions.push(await verifyPartition(ledger, partition, heads));
  const last = signed.at(-1);
  return {
    ok: brokenAt === undefined && partitions.every((report) => report.ok),
    entries: partitions.reduce((sum, report) => sum + report.entries, 0),
    partitions,
    signed: {
      count: signed.length,
      keys: [...new Set(signed.map(({ publicKey }) => keyFingerprint(publicKey)))],
      ...(last && { lastAt: last.at }),
      ...(brokenAt && { brokenAt }),
    },
  };
}

/**
 * NDJSON, one entry a line, partition by partition and oldest first, exactly as it was hashed (times in epoch milliseconds); the last line is
 * the signed heads, up to which the entries go.
 */
export async function* exportAudit(ledger: Chains, signed: SignedHeads): AsyncGenerator<string> {
  for (const { partition, seq } of signed.heads.toSorted((a, b) => a.partition - b.partition)) {
    for await (const entries of pages(ledger, partition)) {
      const lines = entries.filter((entry) => entry.seq <= seq).map((entry) => `${JSON.stringify(entry)}\n`);
      if (lines.length > 0) yield lines.join('');
      if (lines.length < entries.length) break;
    }
  }
  yield `${JSON.stringify(signed)}\n`;
}
