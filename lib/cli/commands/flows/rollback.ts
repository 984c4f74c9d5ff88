/** `reroute flows rollback`: an earlier version of a flow becomes its next one. */
import { Command } from 'commander';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import { ask, deployAnswer, historyAnswer, say, showingRefusal } from './answers';
import { changesText, endOf, stateText } from './deploy';

interface Options extends RuntimeOptions {
  to?: string;
  expected?: string;
  reason: string;
  watch: string;
  json?: boolean;
}

export function rollbackCommand(): Command {
  return runtimeOptions(new Command('rollback'))
    .description('put the version before, or the one named, back')
    .argument('<flow>', 'id of the tab or subflow; global-config for the shared configuration')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--to <version>', 'the version before the latest when absent')
    .option('--expected <version>', 'refuse when another version is the latest by now')
    .option('--watch <seconds>', 'how long health is watched; 0 for not at all', '0')
    .option('--json', 'as JSON')
    .action(async (flow: string, options: Options, command: Command) => {
      const watchSeconds = Number(options.watch);
      if (!Number.isInteger(watchSeconds) || watchSeconds < 0 || watchSeconds > 3600)
        command.error('reroute flows rollback: --watch is a number of seconds, 0 to 3600', { exitCode: 2 });
      const path = `/flows/${encodeURIComponent(flow)}`;
      const { items } = await ask(options, historyAnswer, 'GET', `${path}/versions?limit=1`);
      const { deployment: begun } = await showingRefusal(options.json, () =>
        ask(options, deployAnswer, 'POST', `${path}/rollback`, {
          expectedVersion: options.expected ?? items[0]?.version ?? '',
          reason: options.reason,
          watchSeconds,
          ...(options.to === undefined ? {} : { version: options.to }),
        }),
      );
      if (begun === null)
        return say(options.json, { deployment: null }, 'that version is what runs already\n');
      const ended = await endOf(options, begun);
      say(options.json, { deployment: ended }, `${changesText(begun)}${stateText(ended)}\n`);
      if (ended.state === 'rolled-back' || ended.state === 'failed') process.exitCode = 1;
    });
}
