/** `reroute flows move`: a message whose node a deploy has removed goes on at another. */
import { Command } from 'commander';
import { z } from 'zod';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import { ask, say } from './answers';

interface Options extends RuntimeOptions {
  to: string;
  reason: string;
  json?: boolean;
}

export function moveCommand(): Command {
  return runtimeOptions(new Command('move'))
    .description('let the message of a dead letter (NODE_GONE) go on at another node')
    .argument('<dead-letter>', 'its id')
    .requiredOption('--to <node>', 'id of a deployed node with an input')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--json', 'as JSON')
    .action(async (id: string, { to, reason, json, ...runtime }: Options) => {
      const answer = await ask(
        runtime,
        z.object({ replayId: z.string() }),
        'POST',
        `/dead-letters/${encodeURIComponent(id)}/move`,
        { node: to, reason },
      );
      say(json, answer, `moved to ${to}; replay ${answer.replayId}\n`);
    });
}
