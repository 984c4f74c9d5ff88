/** `reroute subjects shred`: makes what was sent about one subject unreadable for good. */
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { shredSubject } from '../../engine/privacy/shred';
import { openSealedLedger } from '../../ledger/sealed/open';
import { readEnvironment } from '../../runtime/environment';

export function subjectsCommand(): Command {
  const shred = new Command('shred')
    .description(
      'destroy the keys of everything that partners sent about a shipment; facts, cases and audit stay',
    )
    .argument('<id>', 'shipment key, or an identifier of exactly one shipment')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--include-shared', 'also payloads that speak of other shipments too')
    .action(async (id: string, { reason, includeShared }: { reason: string; includeShared?: boolean }) => {
      const { databaseUrl, payloadKeys } = readEnvironment(process.env);
      const ledger = await openSealedLedger(databaseUrl, payloadKeys);
      try {
        const request = { id, by: `cli:${userInfo().username}`, reason, now: Date.now(), newId: uuidv7 };
        const result = await shredSubject(ledger, {
          ...request,
          ...(includeShared ? { includeShared } : {}),
        });
        process.stdout.write(`${JSON.stringify(result)}\n`);
      } finally {
        await ledger.close();
      }
    });
  return new Command('subjects')
    .description('what is kept about a shipment')
    .addCommand(shred.exitOverride());
}
