#!/usr/bin/env node
/** The `reroute` command. Exit codes: 0 done, 1 refused or failed, 2 usage. */
import { Command, CommanderError } from 'commander';
import { isRerouteError } from '../model/errors';
import { auditCommand } from './commands/audit';
import { backtestCommand } from './commands/backtest';
import { clonesCommand } from './commands/clones';
import { connectorCommand } from './commands/connector';
import { connectorsCommand } from './commands/connectors';
import { flowsCommand } from './commands/flows';
import { ledgerCommand } from './commands/ledger';
import { normalizeCommand } from './commands/normalize';
import { parityCommand } from './commands/parity';
import { replayCommand } from './commands/replay';
import { simulateCommand } from './commands/simulate';
import { startCommand } from './commands/start';
import { subjectsCommand } from './commands/subjects';
import { templatesCommand } from './commands/templates';
import { tokensCommand } from './commands/tokens';
import { usersCommand } from './commands/users';

const program = new Command('reroute')
  .description('Durable flows for logistics exceptions on Node-RED')
  .showHelpAfterError()
  .exitOverride();

for (const command of [
  startCommand(),
  simulateCommand(),
  normalizeCommand(),
  connectorsCommand(),
  connectorCommand(),
  flowsCommand(),
  backtestCommand(),
  templatesCommand(),
  clonesCommand(),
  replayCommand(),
  parityCommand(),
  ledgerCommand(),
  auditCommand(),
  tokensCommand(),
  usersCommand(),
  subjectsCommand(),
]) {
  program.addCommand(command.exitOverride());
}

// `reroute ... | head` closes the pipe: there is nobody left to write to, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  if (isRerouteError(error))
    process.stderr.write(`reroute: ${error.message}${error.hint ? `\n  ${error.hint}` : ''}\n`);
  else
    process.stderr.write(
      `reroute: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  // What a failed start has open already (sandbox, ledger) would keep the process alive for ever.
  process.exit(1);
});
