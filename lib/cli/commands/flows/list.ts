/** `reroute flows list` and `history`. */
import { Command } from 'commander';
import { readFlowFolder } from '../../../flowfiles/files';
import { contentHash, unitsOf } from '../../../flowfiles/units';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import { ask, type FlowVersion, historyAnswer, listAnswer, say } from './answers';

interface Options extends RuntimeOptions {
  dir?: string;
  limit?: string;
  json?: boolean;
}

export function listCommand(): Command {
  return runtimeOptions(new Command('list'))
    .description('every deployed flow with its version, or the flows of a folder')
    .option('--dir <folder>', 'a flows folder instead of a runtime')
    .option('--json', 'as JSON')
    .action(async ({ dir, json, ...runtime }: Options) => {
      if (dir === undefined) {
        const answer = await ask(runtime, listAnswer, 'GET', '/flows');
        say(json, answer, answer.items.map((item) => line(item, item.path)).join(''));
        return;
      }
      const { nodes, paths } = await readFlowFolder(dir);
      const items = unitsOf(nodes, paths).map(({ id, label, path, nodes: own }) => ({
        ...{ flowId: id, label, path },
        nodes: own.length,
        contentHash: contentHash(own),
      }));
      const shown = items.map(
        ({ flowId, label, path, nodes: count }) =>
          `${flowId.padEnd(24)}${label.padEnd(28)}${String(count).padStart(4)} nodes  ${path}\n`,
      );
      say(json, { items }, shown.join(''));
    });
}

export function historyCommand(): Command {
  return runtimeOptions(new Command('history'))
    .description('versions of a flow, newest first')
    .argument('<flow>', 'id of the tab or subflow; global-config for the shared configuration')
    .option('--limit <number>', 'how many', '20')
    .option('--json', 'as JSON')
    .action(async (flow: string, { limit, json, ...runtime }: Options) => {
      const path = `/flows/${encodeURIComponent(flow)}/versions?limit=${encodeURIComponent(limit ?? '20')}`;
      const answer = await ask(runtime, historyAnswer, 'GET', path);
      say(
        json,
        answer,
        answer.items.map((item) => line(item, `${item.removed ? '(removed) ' : ''}${item.message}`)).join(''),
      );
    });
}

function line(item: FlowVersion, last: string): string {
  const errors = item.lint.filter(({ severity }) => severity === 'error').length;
  const lint = `${errors}/${item.lint.length - errors}`;
  const tests = item.tests ? `${item.tests.passed}/${item.tests.passed + item.tests.failed}` : '-';
  return `${item.flowId.padEnd(24)}${item.version.padEnd(10)}${item.at.slice(0, 19)}Z  ${item.author.padEnd(18)}lint ${lint.padEnd(6)}tests ${tests.padEnd(8)}${last}\n`;
}
