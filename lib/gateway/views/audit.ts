/** Reading the audit chains: checking them, and writing them out so that they can be checked elsewhere. */
import type { AuditEntry } from '../../ledger/operators';
import type { Ledger } from '../../ledger/port';
import { chainStart, verifyChain } from '../../model/audit';

export interface ChainReport {
  partition: number;
  ok: boolean;
  /** Entries that fit, up to the first that does not. */
  entries: number;
  /** Hash of the last entry that fits: write it down elsewhere, and a chain cut short is noticed too. */
  lastHash: string;
  brokenAt?: { seq: number; reason: 'gap' | 'previous-hash' | 'hash' };
}

const pageSize = 1_000;
type Chains = Pick<Ledger, 'auditChain' | 'partitions'>;

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

export async function verifyPartition(ledger: Chains, partition: number): Promise<ChainReport> {
  let after = { hash: chainStart, seq: 0 };
  let checked = 0;
  for await (const entries of pages(ledger, partition)) {
    const verdict = verifyChain(entries, after);
    checked += verdict.checked;
    if (!verdict.ok) {
      const lastHash =
        verdict.checked === 0 ? after.hash : (entries[verdict.checked - 1]?.hash ?? after.hash);
      return {
        partition,
        ok: false,
        entries: checked,
        lastHash,
        brokenAt: { seq: verdict.seq, reason: verdict.reason },
      };
    }
    after = { hash: verdict.lastHash, seq: after.seq + verdict.checked };
  }
  return { partition, ok: true, entries: checked, lastHash: after.hash };
}

export async function verifyAudit(
  ledger: Chains,
): Promise<{ ok: boolean; entries: number; partitions: ChainReport[] }> {
  const partitions: ChainReport[] = [];
  for (let partition = 0; partition < ledger.partitions; partition += 1)
    partitions.push(await verifyPartition(ledger, partition));
  return {
    ok: partitions.every((report) => report.ok),
    entries: partitions.reduce((sum, report) => sum + report.entries, 0),
    partitions,
  };
}

/** NDJSON, one entry a line, partition by partition and oldest first, exactly as it was hashed (times in epoch milliseconds). */
export async function* exportAudit(ledger: Chains): AsyncGenerator<string> {
  for (let partition = 0; partition < ledger.partitions; partition += 1) {
    for await (const entries of pages(ledger, partition))
      yield `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`;
  }
}
