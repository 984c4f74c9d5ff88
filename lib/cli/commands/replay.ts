/** `reroute replay`: plans a replay at a running runtime, previewed unless `--live` is given. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { FatalError } from '../../model/errors';

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

async function call(
  options: Options,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${options.target}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok)
    throw new FatalError(
      'REFUSED',
      `${method} ${path}: ${String(answer.detail ?? answer.title ?? response.status)}`,
    );
  return answer;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('replay dead letters: a preview first, then --live')
    .option('--target <url>', 'the runtime', `http://127.0.0.1:${process.env.PORT ?? 1880}`)
    .option('--token <token>', 'API token; REROUTE_ADMIN_TOKEN when absent', process.env.REROUTE_ADMIN_TOKEN)
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
      const replay = await call(options, 'POST', '/replays', {
        name: options.name,
        reason: options.reason,
        select,
        mode,
      });
      if (options.live) await call(options, 'POST', `/replays/${String(replay.id)}/start`, {});
      process.stdout.write(
        `${JSON.stringify(await call(options, 'GET', `/replays/${String(replay.id)}`))}\n`,
      );
    });
}
