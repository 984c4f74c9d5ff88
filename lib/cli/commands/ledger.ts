/** `reroute ledger migrate|backup|restore`. */
import { Command } from 'commander';
import { openLedger, sqlitePath } from '../../ledger/open';
import { readEnvironment } from '../../runtime/environment';

const ledgerPath = () => sqlitePath(readEnvironment(process.env).databaseUrl);

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
    .addCommand(restoreCommand.exitOverride());
}
