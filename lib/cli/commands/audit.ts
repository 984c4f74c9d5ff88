/** `reroute audit verify`: walks every partition's hash chain, in the ledger or in an export, without a running runtime. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type AuditReport, verifyAudit } from '../../gateway/views/audit';
import { openLedger } from '../../ledger/open';
import { verifyExport } from '../../model/audit-export';
import { type SignedHeads, signedHeads } from '../../model/audit-heads';
import { FatalError } from '../../model/errors';
import { readEnvironment } from '../../runtime/environment';

interface Options {
  export?: string;
  key?: string[];
  witness?: string[];
  json?: boolean;
}

const when = (at: number): string => new Date(at).toISOString();

async function checkExport(path: string, keys: string[] | undefined): Promise<string> {
  const verdict = verifyExport(await readFile(path, 'utf8'), keys);
  if (!verdict.ok)
    throw new FatalError('AUDIT_BROKEN', `the export was changed: line ${verdict.line}, ${verdict.reason}`);
  const { entries, partitions, signedAt, key } = verdict;
  return `${entries} entries in ${partitions} chains, unbroken; signed ${when(signedAt)} by key ${key}`;
}

async function checkLedger({ key, witness = [] }: Options): Promise<AuditReport> {
  const ledger = await openLedger(readEnvironment(process.env).databaseUrl, {});
  try {
    return await verifyAudit(ledger, key, await Promise.all(witness.map(lastHeads)));
  } finally {
    await ledger.close();
  }
}

/** The signed heads at the end of an earlier export. */
async function lastHeads(path: string): Promise<SignedHeads> {
  const [line] = (await readFile(path, 'utf8')).trimEnd().split('\n').slice(-1);
  const { data } = signedHeads.safeParse(JSON.parse(line ?? 'null'));
  if (data) return data;
  throw new FatalError('AUDIT_WITNESS', `${path} does not end with signed heads`);
}

function summary({ ok, entries, partitions, signed }: AuditReport): string {
  if (!ok) {
    const broken = partitions.filter((report) => !report.ok);
    throw new FatalError(
      'AUDIT_BROKEN',
      `the audit trail was changed: ${JSON.stringify({ broken, signed })}`,
    );
  }
  const by =
    signed.lastAt === undefined
      ? 'never signed yet'
      : `last signed ${when(signed.lastAt)} by key ${signed.keys.join(', ')}`;
  return `${entries} entries in ${partitions.length} chains, unbroken; ${by}`;
}

export function auditCommand(): Command {
  const verify = new Command('verify')
    .description('check the hash chains and signed heads of the audit trail')
    .option('--export <file>', 'an exported NDJSON file instead of the ledger')
    .option(
      '--key <fingerprint...>',
      'keys that may have signed; any when absent, so compare what is printed',
    )
    .option('--witness <file...>', 'earlier exports, whose signed heads the ledger must still hold')
    .option('--json', 'the whole report')
    .action(async (options: Options) => {
      if (options.export !== undefined) {
        process.stdout.write(`${await checkExport(options.export, options.key)}\n`);
        return;
      }
      const report = await checkLedger(options);
      if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
      const text = summary(report);
      if (!options.json) process.stdout.write(`${text}\n`);
    });
  return new Command('audit').description('the audit trail').addCommand(verify.exitOverride());
}
