/** `reroute flows tag` and `tags`: names for sets of versions. */
import { Command } from 'commander';
import { z } from 'zod';
import { flowTag } from '../../../gateway/schemas/flows';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import { ask, say } from './answers';

interface Options extends RuntimeOptions {
  message?: string;
  json?: boolean;
}
type Tag = z.output<typeof flowTag>;

const text = ({ name, at, author, versions, message }: Tag): string =>
  `${name.padEnd(24)}${at.slice(0, 19)}Z  ${author.padEnd(18)}${Object.keys(versions).length} flows  ${message}\n`;

export function tagCommand(): Command {
  return runtimeOptions(new Command('tag'))
    .description('name the versions that run now; a tag never moves')
    .argument('<name>', 'of the tag')
    .argument('[flows...]', 'all flows when absent')
    .option('--message <text>', 'what it is')
    .option('--json', 'as JSON')
    .action(async (name: string, flows: string[], { message, json, ...runtime }: Options) => {
      const tag = await ask(runtime, flowTag, 'POST', '/flow-tags', {
        name,
        ...(message === undefined ? {} : { message }),
        ...(flows.length === 0 ? {} : { flows }),
      });
      say(json, tag, text(tag));
    });
}

export function tagsCommand(): Command {
  return runtimeOptions(new Command('tags'))
    .description('the latest tags')
    .option('--json', 'as JSON')
    .action(async ({ json, ...runtime }: Options) => {
      const answer = await ask(runtime, z.object({ items: z.array(flowTag) }), 'GET', '/flow-tags');
      say(json, answer, answer.items.map(text).join(''));
    });
}
