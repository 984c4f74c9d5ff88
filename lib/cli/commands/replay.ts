/** `reroute replay`: plans a replay at a running runtime, previewed unless `--live` is given. */
import { Command } from 'commander';
import { call, runtimeOptions } from '../client';

interface Options {
  target: string;
  token?: string;
  name: string;
  reason: string;
  ids?: string[];
  partner?: string;
  fingerprint?: string;
  live?: boolean;
}

export function replayCommand(): Command {
  return runtimeOptions(new Command('replay'))
    .description('replay dead letters: a preview first, then --live')
    .requiredOption('--name <name>', 'what the plan is called')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--ids <id...>', 'dead letters')
    .option('--partner <id>', 'all open ones of a partner')
    .option('--fingerprint <fingerprint>', 'all open ones of a kind')
    .option('--live', 'carry it out')
    .action(async (options: Options) => {
      const select = options.ids
        ? { ids: options.ids }
        : { filter: { partner: options.partner, fingerprint: options.fingerprint } };
      const mode = options.live ? 'live' : 'preview';
      const { replay } = (await call(options, 'POST', '/replays', {
        name: options.name,
        reason: options.reason,
        select,
        mode,
      })) as { replay: { id: string } };
      if (options.live)
        await call(options, 'POST', `/replays/${replay.id}/start`, { reason: options.reason });
      process.stdout.write(`${JSON.stringify(await call(options, 'GET', `/replays/${replay.id}`))}\n`);
    });
}
