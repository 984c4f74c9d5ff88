/**
 * `reroute flows deploy`: a folder, or a tagged set of another runtime, onto a runtime. It is checked and tested there, deployed,
 * and watched; the command ends when the deploy has proved its health or was taken back.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import type { z } from 'zod';
import { diffFlows } from '../../../flowfiles/diff';
import { countFindings, lintFlows } from '../../../flowfiles/lint';
import type { BroughtFile } from '../../../flowfiles/operations';
import { testsFailed, unitsOfFiles } from '../../../flowfiles/operations';
import { mergeFlows } from '../../../flowfiles/plan';
import { pathsOf } from '../../../flowfiles/units';
import { flowTagFiles } from '../../../gateway/schemas/flows';
import { FatalError, isRerouteError } from '../../../model/errors';
import { ProcessTestRunner } from '../../../runtime/flow-tests';
import { type RuntimeOptions, runtimeOptions } from '../../client';
import {
  ask,
  deployAnswer,
  deployCheck,
  deployment,
  diffOf,
  filesOf,
  filesOfFolder,
  findingsText,
  flowFiles,
  listAnswer,
  say,
  showingRefusal,
} from './answers';

interface Options extends RuntimeOptions {
  dir?: string;
  tag?: string;
  from?: string;
  fromToken?: string;
  only?: string[];
  replaceAll?: boolean;
  message?: string;
  watch: string;
  rev?: string;
  dryRun?: boolean;
  json?: boolean;
}
type Deployment = z.output<typeof deployment>;

/** How long past the watch an answer is waited for: the runtime may be restarting. */
const graceMs = 60_000;
const pollMs = 500;

export function deployCommand(): Command {
  return runtimeOptions(new Command('deploy'))
    .description('deploy the flows of a folder, or promote a tagged set, and prove that they are well')
    .option('--dir <folder>', 'a flows folder')
    .option('--tag <name>', 'a tag: of --from, else of the target itself')
    .option('--from <url>', 'the runtime that has the tag')
    .option('--from-token <token>', 'API token of that runtime; --token when absent')
    .option('--only <flow...>', 'these flows of the set alone')
    .option('--replace-all', 'remove flows that the set does not have')
    .option('--message <text>', 'why, for the history')
    .option('--watch <seconds>', 'how long health is watched; 0 for not at all', '30')
    .option('--rev <rev>', 'refuse when something else runs by now, e.g. the rev of --dry-run')
    .option('--dry-run', 'say what would change and what speaks against it')
    .option('--json', 'as JSON')
    .action(async (options: Options, command: Command) => {
      const watchSeconds = Number(options.watch);
      if (!Number.isInteger(watchSeconds) || watchSeconds < 0 || watchSeconds > 3600)
        command.error('reroute flows deploy: --watch is a number of seconds, 0 to 3600', { exitCode: 2 });
      if ((options.dir === undefined) === (options.tag === undefined))
        command.error('reroute flows deploy: name a folder with --dir or a tag with --tag', { exitCode: 2 });
      const files = chosen(await filesToDeploy(options), options.only);
      if (options.dir !== undefined) await testFolder(options, options.dir, files);
      const rev = options.rev ?? (await ask(options, listAnswer, 'GET', '/flows')).rev;
      const set = { rev, files, replaceAll: options.replaceAll === true };
      await showingRefusal(options.json, () =>
        options.dryRun ? dryRun(options, set) : deploy(options, { ...set, watchSeconds }),
      );
    });
}

async function filesToDeploy({ dir, tag, from, fromToken, target, token }: Options): Promise<BroughtFile[]> {
  if (dir !== undefined) return filesOfFolder(dir);
  const secret = from === undefined ? token : (fromToken ?? token);
  const source: RuntimeOptions = {
    target: from ?? target,
    ...(secret === undefined ? {} : { token: secret }),
  };
  return filesOf(await ask(source, flowTagFiles, 'GET', `/flow-tags/${encodeURIComponent(tag ?? '')}`));
}

/** @throws FatalError FLOW_UNKNOWN, NOTHING_TO_DEPLOY */
function chosen(files: BroughtFile[], only: string[] | undefined): BroughtFile[] {
  if (files.length === 0)
    throw new FatalError('NOTHING_TO_DEPLOY', 'the set holds no flow', {
      hint: 'Flow files are *.json below global/ and regions/ of the folder.',
    });
  if (only === undefined) return files;
  const units = unitsOfFiles(files);
  const missing = only.filter((id) => !units.some((unit) => unit.id === id));
  if (missing.length > 0) throw new FatalError('FLOW_UNKNOWN', `the set has no flow ${missing.join(', ')}`);
  return units.filter(({ id }) => only.includes(id)).map(({ path, nodes }) => ({ path, nodes }));
}

/**
 * The tests that stand beside the folder's changed flows; those beside the target's own files run there.
 * @throws FatalError FLOW_TESTS_FAILED, FLOW_TESTS_BROKEN
 */
async function testFolder(options: Options, dir: string, files: BroughtFile[]): Promise<void> {
  const running = unitsOfFiles(filesOf(await ask(options, flowFiles, 'GET', '/flow-files')));
  const units = mergeFlows(running, unitsOfFiles(files), options.replaceAll === true);
  const nodes = units.flatMap((unit) => unit.nodes);
  // Which node types are installed is the target's business; what is wrong besides, it refuses in its own words.
  const findings = lintFlows(nodes, new Set(nodes.map(({ type }) => type)));
  if (countFindings(findings).errors > 0) return;
  const result = await new ProcessTestRunner(dir).run({
    nodes,
    changed: diffFlows(running, units).map(({ flowId }) => flowId),
    paths: pathsOf(units),
  });
  if (result !== undefined && result.failed > 0) throw testsFailed(result);
}

interface FlowSet {
  rev: string;
  files: BroughtFile[];
  replaceAll: boolean;
}

async function dryRun(options: Options, set: FlowSet): Promise<void> {
  const check = await ask(options, deployCheck, 'POST', '/flow-checks', set);
  const { diff, findings, tests, stranded } = check;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const failing = tests?.failed ?? 0;
  const text = [
    diff.length === 0 ? 'no difference to what runs\n' : diffOf(diff),
    findingsText(findings),
    ...stranded.map(
      ({ nodeId, waiting }) => `stranded  ${waiting} messages wait at ${nodeId}, which would be gone\n`,
    ),
    tests ? `tests    ${tests.passed} pass, ${tests.failed} fail\n` : 'tests    none were run\n',
    `${errors + failing > 0 ? 'would be refused' : 'would be deployed'}; rev ${check.rev}\n`,
  ];
  say(options.json, check, text.join(''));
  if (errors + failing > 0) process.exitCode = 1;
}

async function deploy(options: Options, set: FlowSet & { watchSeconds: number }): Promise<void> {
  const body = {
    ...set,
    source: 'cli',
    ...(options.message === undefined ? {} : { message: options.message }),
  };
  const { deployment: begun } = await ask(options, deployAnswer, 'POST', '/flow-deployments', body);
  if (begun === null)
    return say(options.json, { deployment: null }, 'no difference to what runs; nothing was deployed\n');
  if (!options.json) process.stdout.write(changesText(begun));
  const ended = await endOf(options, begun);
  say(options.json, { deployment: ended }, `${stateText(ended)}\n`);
  if (ended.state === 'rolled-back' || ended.state === 'failed') process.exitCode = 1;
}

/** @throws FatalError UNREACHABLE when the runtime does not come back */
export async function endOf(runtime: RuntimeOptions, begun: Deployment): Promise<Deployment> {
  const deadline = Date.now() + begun.watchMs + graceMs;
  for (let last = begun; ; ) {
    if (last.state !== 'watching') return last;
    await delay(pollMs);
    try {
      last = await ask(runtime, deployment, 'GET', `/flow-deployments/${begun.id}`);
    } catch (error) {
      if (!isRerouteError(error) || Date.now() > deadline) throw error;
    }
    if (last.state === 'watching' && Date.now() > deadline)
      throw new FatalError('WATCH_OPEN', `the deployment ${begun.id} is still being watched`, {
        hint: 'Ask for it again at /api/v1/flow-deployments.',
      });
  }
}

export function changesText({ changes }: Deployment): string {
  return Object.entries(changes)
    .map(([flowId, { before, after }]) => `${flowId.padEnd(24)}${before ?? '(new)'} -> ${after}\n`)
    .join('');
}

export function stateText({ state, detail }: Deployment): string {
  const reason =
    typeof detail === 'object' && detail !== null && 'reason' in detail ? `: ${String(detail.reason)}` : '';
  const words: Record<Deployment['state'], string> = {
    watching: 'being watched',
    healthy: 'deployed, and healthy',
    deployed: 'deployed',
    'rolled-back': 'unhealthy, and taken back',
    failed: 'unhealthy, and it could not be taken back',
    superseded: 'deployed; another deploy came before its health was proved',
  };
  return `${words[state]}${reason}`;
}
