/** `reroute flows validate`: everything the checks say, of files or of what runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { CloneKeeper } from '../../../flowfiles/clones/keeper';
import { readFlowFolder } from '../../../flowfiles/files';
import { coreTypes, type Finding, lintFlows } from '../../../flowfiles/lint';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import { ask, findingsAnswer, findingsText, say } from './answers';

interface Options extends RuntimeOptions {
  dir?: string;
  types?: string[];
  json?: boolean;
}

const manifest = z.object({ 'node-red': z.object({ nodes: z.record(z.string(), z.string()) }) });

/** Node-RED's own nodes and ours; a runtime knows what else is installed, files do not. */
export function knownTypes(more: readonly string[] = []): ReadonlySet<string> {
  const root = join(__dirname, '..', '..', '..', '..', '..');
  const { 'node-red': own } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return new Set([...coreTypes, ...Object.keys(own.nodes), ...more]);
}

export function validateCommand(): Command {
  return runtimeOptions(new Command('validate'))
    .description('check what runs, or the files of a folder; exits with 1 when there is an error')
    .option('--dir <folder>', 'a flows folder instead of a runtime')
    .option('--types <type...>', 'node types of other palettes, with --dir')
    .option('--json', 'as JSON')
    .action(async ({ dir, types, json, ...runtime }: Options) => {
      const items =
        dir === undefined
          ? (await ask(runtime, findingsAnswer, 'GET', '/flow-findings')).items
          : await findingsIn(dir, knownTypes(types));
      const errors = items.filter(({ severity }) => severity === 'error').length;
      const counts = { errors, warnings: items.length - errors };
      say(
        json,
        { items, ...counts },
        `${findingsText(items)}${counts.errors} errors, ${counts.warnings} warnings\n`,
      );
      if (errors > 0) process.exitCode = 1;
    });
}

/** As a deploy would check them: nodes of clones that only an upgrade changes are looked at, too. */
async function findingsIn(dir: string, types: ReadonlySet<string>): Promise<Finding[]> {
  const { nodes } = await readFlowFolder(dir);
  return [...lintFlows(nodes, types), ...(await new CloneKeeper(dir).check(nodes))];
}
