/** `reroute audit verify`: walks every partition's hash chain, in the ledger or in an export, without a running runtime. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { openLedger } from '../../ledger/open';
import type { AuditEntry } from '../../ledger/operators';
import { verifyChain } from '../../model/audit';
import { FatalError } from '../../model/errors';
import { readEnvironment } from '../../runtime/environment';

const batch = 1_000;

async function chainsOfLedger(): Promise<AuditEntry[][]> {
  const ledger = await openLedger(readEnvironment(process.env).databaseUrl, {});
  try {
    const chains: AuditEntry[][] = [];
    for (let partition = 0; partition < ledger.partitions; partition += 1) {
      const chain: AuditEntry[] = [];
      for (;;) {
        const page = await ledger.auditChain(partition, (chain.at(-1)?.seq ?? 0) + 1, batch);
        chain.push(...page);
        if (page.length < batch) break;
      }
      chains.push(chain);
    }
    return chains;
  } finally {
    await ledger.close();
  }
}

async function chainsOfExport(path: string): Promise<AuditEntry[][]> {
  const entries = (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as AuditEntry);
  return [
    ...Map.groupBy(
      entries.filter((entry) => entry.hash !== undefined),
      (entry) => entry.partition,
    ).values(),
  ].map((chain) => chain.sort((a, b) => a.seq - b.seq));
}

export function auditCommand(): Command {
  const verify = new Command('verify')
    .description('check the hash chains of the audit trail')
    .option('--export <file>', 'an exported NDJSON file instead of the ledger')
    .action(async (options: { export?: string }) => {
      const chains =
        options.export === undefined ? await chainsOfLedger() : await chainsOfExport(options.export);
      let entries = 0;
      for (const chain of chains) {
        const result = verifyChain(chain);
        if (!result.ok)
          throw new FatalError('AUDIT_BROKEN', `the audit trail was changed: ${JSON.stringify(result)}`);
        entries += chain.length;
      }
      process.stdout.write(`${entries} entries in ${chains.length} chains, unbroken\n`);
    });
  return new Command('audit').description('the audit trail').addCommand(verify.exitOverride());
}
