#!/usr/bin/env node
/** The `reroute` command. Exit codes: 0 done, 1 refused or failed, 2 usage. */
import { Command, CommanderError } from 'commander';
import { isRerouteError } from '../model/errors';

/** Loaded when asked for: most commands need little of the house, and the whole of it takes most of a second to load. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.js')).startCommand(),
  simulate: async () => (await import('./commands/simulate.js')).simulateCommand(),
  normalize: async () => (await import('./commands/normalize.js')).normalizeCommand(),
  connectors: async () => (await import('./commands/connectors.js')).connectorsCommand(),
  connector: async () => (await import('./commands/connector.js')).connectorCommand(),
  flows: async () => (await import('./commands/flows/index.js')).flowsCommand(),
  backtest: async () => (await import('./commands/backtest.js')).backtestCommand(),
  templates: async () => (await import('./commands/templates.js')).templatesCommand(),
  clones: async () => (await import('./commands/clones.js')).clonesCommand(),
  replay: async () => (await import('./commands/replay.js')).replayCommand(),
  parity: async () => (await import('./commands/parity.js')).parityCommand(),
  ledger: async () => (await import('./commands/ledger.js')).ledgerCommand(),
  audit: async () => (await import('./commands/audit.js')).auditCommand(),
  tokens: async () => (await import('./commands/tokens.js')).tokensCommand(),
  users: async () => (await import('./commands/users.js')).usersCommand(),
  subjects: async () => (await import('./commands/subjects.js')).subjectsCommand(),
};

const program = new Command('reroute')
  .description('Durable flows for logistics exceptions on Node-RED')
  .showHelpAfterError()
  .exitOverride();

/** The command that is called; every one of them for help, and where there is none of that name. */
async function run(): Promise<void> {
  const called = commands[process.argv[2] ?? ''];
  for (const load of called ? [called] : Object.values(commands))
    program.addCommand((await load()).exitOverride());
  await program.parseAsync();
}

// `reroute ... | head` closes the pipe: there is nobody left to write to, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

run().catch((error: unknown) => {
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
