/** `reroute ledger migrate|backup|restore`. */
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { openLedger, sqlitePath } from '../../ledger/open';
import { openSealedLedger, reencrypt } from '../../ledger/sealed/open';
import { FatalError } from '../../model/errors';
import { readEnvironment } from '../../runtime/environment';

const ledgerPath = () => sqlitePath(readEnvironment(process.env).databaseUrl);

function reencryptCommand(): Command {
  return new Command('reencrypt')
    .description(
      "put every payload's key under the first key of REROUTE_PAYLOAD_KEYS, while the ledger is in use",
    )
    .option(
      '--batch <n>',
      'keys a commit',
      (text) => Math.max(1, Math.min(5_000, Number.parseInt(text, 10) || 500)),
      500,
    )
    .action(async ({ batch }: { batch: number }) => {
      const { databaseUrl, payloadKeys } = readEnvironment(process.env);
      if (!payloadKeys)
        throw new FatalError('PAYLOAD_KEYS', 'REROUTE_PAYLOAD_KEYS is not set', {
          hint: 'Give the ring, the new key first.',
        });
      const ledger = await openSealedLedger(databaseUrl, payloadKeys);
      try {
        const ring = payloadKeys();
        const before = await ledger.dataKeyRings();
        const count = await reencrypt(ledger, ring, batch);
        await ledger.appendAudit(0, [
          {
            id: uuidv7(),
            at: Date.now(),
            actor: `cli:${userInfo().username}`,
            action: 'ledger.reencrypt',
            subject: 'ledger',
            before: { rings: before },
            after: { rings: await ledger.dataKeyRings() },
            outcome: 'done',
          },
        ]);
        process.stdout.write(`${count} keys are now under ${ring.current.id}; others are in no more use\n`);
      } finally {
        await ledger.close();
      }
    });
}

export function ledgerCommand(): Command {
  const migrate = new Command('migrate')
    .description('bring the ledger to the version of this program')
    .action(async () => {
      const ledger = await openLedger(readEnvironment(process.env).databaseUrl);
      await ledger.ready();
      await ledger.close();
      process.stdout.write('the ledger is at the current version\n');
    });
  const backupCommand = new Command('backup')
    .description('copy the ledger while it is in use')
    .argument('<file>', 'where to')
    .action(async (file: string) => {
      const { backup } = await import('../../ledger/sqlite/maintenance.js');
      await backup(ledgerPath(), file);
      process.stdout.write(`${file}\n`);
    });
  const restoreCommand = new Command('restore')
    .description('put a backup in place of a ledger that is not in use')
    .argument('<file>', 'a backup')
    .action(async (file: string) => {
      const { restore } = await import('../../ledger/sqlite/maintenance.js');
      await restore(file, ledgerPath());
      process.stdout.write(`${ledgerPath()}\n`);
    });
  return new Command('ledger')
    .description('look after the ledger')
    .addCommand(migrate.exitOverride())
    .addCommand(backupCommand.exitOverride())
    .addCommand(restoreCommand.exitOverride())
    .addCommand(reencryptCommand().exitOverride());
}
