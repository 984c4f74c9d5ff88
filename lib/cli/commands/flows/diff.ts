/** `reroute flows diff`: two versions of a flow, a folder against what runs, or a folder against another. */
import { Command } from 'commander';
import { z } from 'zod';
import { diffFlows } from '../../../flowfiles/diff';
import { readFlowFolder } from '../../../flowfiles/files';
import { unitsOfFiles } from '../../../flowfiles/operations';
import { type FlowUnit, unitsOf } from '../../../flowfiles/units';
import { nodeChange } from '../../../gateway/schemas/flows';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import { ask, diffOf, filesOf, flowFiles, historyAnswer, say } from './answers';

interface Options extends RuntimeOptions {
  from?: string;
  to?: string;
  dir?: string;
  against?: string;
  json?: boolean;
}

const versionsAnswer = z.object({
  flowId: z.string(),
  from: z.string(),
  to: z.string(),
  nodes: z.array(nodeChange),
});

export function diffCommand(): Command {
  return runtimeOptions(new Command('diff'))
    .description('what changed, node by node: between versions of a flow, or from what runs to a folder')
    .argument('[flow]', 'id of the flow whose versions are compared')
    .option('--from <version>', 'older version; the one before the latest when absent')
    .option('--to <version>', 'newer version; the latest when absent')
    .option('--dir <folder>', 'a flows folder: what a deploy of it would change')
    .option('--against <folder>', 'compare --dir with this folder instead of what runs')
    .option('--json', 'as JSON')
    .action(async (flow: string | undefined, options: Options, command: Command) => {
      if ((flow === undefined) === (options.dir === undefined))
        command.error('reroute flows diff: name a flow, or a folder with --dir', { exitCode: 2 });
      if (flow !== undefined) return versions(flow, options);
      const { dir = '', against, json, ...runtime } = options;
      const before = against === undefined ? await running(runtime) : await unitsOfFolder(against);
      const diff = diffFlows(before, await unitsOfFolder(dir));
      say(json, { diff }, diff.length === 0 ? 'no difference\n' : diffOf(diff));
    });
}

async function versions(flow: string, { from, to, json, ...runtime }: Options): Promise<void> {
  const id = encodeURIComponent(flow);
  const { items } = await ask(runtime, historyAnswer, 'GET', `/flows/${id}/versions?limit=2`);
  const newer = to ?? items[0]?.version ?? '';
  const older = from ?? items[1]?.version ?? newer;
  const query = new URLSearchParams({ from: older, to: newer });
  const answer = await ask(runtime, versionsAnswer, 'GET', `/flows/${id}/diff?${query}`);
  const { label = flow, path = '' } = items[0] ?? {};
  const diff = diffOf([{ flowId: flow, label, path, change: 'changed', nodes: answer.nodes }]);
  say(json, answer, `${older} -> ${newer}\n${answer.nodes.length === 0 ? 'no difference\n' : diff}`);
}

async function running(runtime: RuntimeOptions): Promise<FlowUnit[]> {
  return unitsOfFiles(filesOf(await ask(runtime, flowFiles, 'GET', '/flow-files')));
}

async function unitsOfFolder(folder: string): Promise<FlowUnit[]> {
  const { nodes, paths } = await readFlowFolder(folder);
  return unitsOf(nodes, paths);
}
