/** Finds flow tests, reads them, and puts together what is deployed for one. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { isOutward } from '../engine/runs/outward';
import { isFlowPath } from '../flowfiles/files';
import type { FlowNode } from '../flowfiles/format';
import { FatalError } from '../model/errors';
import { type FlowTest, flowTest } from './format';
import { problemsOf } from './problems';

export interface TestFile {
  path: string;
  folder: string;
  test: FlowTest;
  /** The flow under test. */
  flowPath: string;
}

const testPattern = '**/*.flowtest.{yaml,yml,json}';
const isTest = (path: string): boolean => /\.flowtest\.(yaml|yml|json)$/.test(path);

/**
 * Test files below folders, or the files themselves; a flow file stands for the test beside it.
 * @throws FatalError NO_FLOW_TEST
 */
export function findTests(paths: readonly string[], region?: string): string[] {
  const found = paths.flatMap((path) => {
    if (!existsSync(path)) throw new FatalError('NO_FLOW_TEST', `there is no ${path}`);
    if (statSync(path).isDirectory())
      return globSync(testPattern, { cwd: path }).map((name) => join(path, name));
    return [isTest(path) ? path : besideFlow(path)];
  });
  const wanted = region === undefined ? found : found.filter((path) => isOfRegion(path, region));
  return [...new Set(wanted.map((path) => resolve(path)))].sort();
}

function besideFlow(flow: string): string {
  const stem = flow.replace(/\.json$/, '');
  const folder = dirname(flow);
  const candidates = globSync('*.flowtest.{yaml,yml,json}', { cwd: folder }).map((name) =>
    join(folder, name),
  );
  const own = candidates.find((path) => path.startsWith(`${stem}.flowtest.`));
  const only = basename(flow) === 'flow.json' && candidates.length === 1 ? candidates[0] : undefined;
  const found = own ?? only;
  if (found) return found;
  throw new FatalError('NO_FLOW_TEST', `there is no test beside ${flow}`, {
    hint: `Write ${basename(stem)}.flowtest.yaml; docs/flow-tests.md tells how.`,
  });
}

/** `flows/regions/<region>/…`, or `flows/global/…` for `global`. */
function isOfRegion(path: string, region: string): boolean {
  const parts = resolve(path).split(sep);
  return region === 'global' ? parts.includes('global') : parts[parts.lastIndexOf('regions') + 1] === region;
}

/** @throws FatalError FLOW_TEST_INVALID with the line or the path of everything that is wrong */
export function readTest(path: string): TestFile {
  const parsed = flowTest.safeParse(contentOf(path));
  if (!parsed.success)
    throw new FatalError(
      'FLOW_TEST_INVALID',
      `${path} is no flow test:\n${problemsOf(parsed.error)
        .map((line) => `  ${line}`)
        .join('\n')}`,
      { hint: 'docs/flow-tests.md describes the format.' },
    );
  const folder = dirname(path);
  const flowPath = resolve(folder, parsed.data.flow ?? flowBeside(path));
  refuseSameNames(path, parsed.data);
  return { path, folder, test: parsed.data, flowPath };
}

function contentOf(path: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), {
    lineCounter: lines,
    version: '1.2',
    merge: true,
  });
  if (document.errors.length === 0) return document.toJS();
  // What follows the first ones follows from them.
  const words = document.errors
    .slice(0, 3)
    .map(({ message, linePos }) => `  line ${linePos?.[0].line ?? '?'}: ${message.split('\n')[0]}`);
  throw new FatalError('FLOW_TEST_INVALID', `${path} cannot be read:\n${words.join('\n')}`);
}

/** Reports and ids go by the name. */
function refuseSameNames(path: string, { scenarios }: FlowTest): void {
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new FatalError('FLOW_TEST_INVALID', `${path}: two scenarios are called "${twice}"`);
}

function flowBeside(path: string): string {
  const stem = basename(path).replace(/\.flowtest\.(yaml|yml|json)$/, '');
  return existsSync(join(dirname(path), `${stem}.json`)) ? `${stem}.json` : 'flow.json';
}

const flowNode = z.looseObject({ id: z.string(), type: z.string() });
const flowList = z.array(flowNode);

/** @throws FatalError FLOW_FILE_BROKEN */
export function readFlow(path: string): FlowNode[] {
  try {
    return flowList.parse(JSON.parse(readFileSync(path, 'utf8'))) as FlowNode[];
  } catch (cause) {
    throw new FatalError('FLOW_FILE_BROKEN', `the flow file ${path} cannot be read`, {
      hint: 'Name the flow with `flow:`, or repair the file.',
      cause,
    });
  }
}

/** The `flows` folder around a file; undefined when it lies in none. */
export function flowsFolderOf(path: string): string | undefined {
  const parts = resolve(path).split(sep);
  const at = parts.lastIndexOf('flows');
  return at < 0 ? undefined : parts.slice(0, at + 1).join(sep);
}

const isContainer = (node: FlowNode): boolean => node.type === 'tab' || node.type === 'subflow';

/**
 * The flow under test with what it stands on: partners and other configuration, subflows, and the intake. Other tabs stay away: a fact
 * must not start a flow that is not under test.
 */
export function flowsFor({ test, folder, flowPath }: TestFile): FlowNode[] {
  const own = [flowPath, ...test.with.map((more) => resolve(folder, more))].flatMap(readFlow);
  const partners = Object.entries(test.partners).map(
    ([id, { connector, id: partnerId = id, settings, region }]) => ({
      ...{ id, type: 'reroute-partner', name: partnerId, partnerId, connector, settings, region },
      ...{ mode: 'automate', endpoint: '', secrets: {}, version: 1 },
    }),
  );
  return [...withShared(own, flowPath), ...partners];
}

/** Nodes of a flow and, of the files around the place where it lies, what it stands on. */
export function withShared(own: readonly FlowNode[], flowPath: string): FlowNode[] {
  const flows = new Map(own.map((node) => [node.id, node]));
  const root = flowsFolderOf(flowPath);
  for (const path of root === undefined ? [] : sharedFiles(root, flowPath))
    for (const node of supporting(readFlow(path))) if (!flows.has(node.id)) flows.set(node.id, node);
  return [...flows.values()];
}

/** Global files, and those of the flow's own region, before which the region's stand. */
function sharedFiles(root: string, flowPath: string): string[] {
  const [area, region] = relative(root, flowPath).split(sep);
  const folders = area === 'regions' ? [`regions/${region}`, 'global'] : ['global'];
  return folders.flatMap((name) =>
    globSync('**/*.json', { cwd: join(root, name) })
      .filter((file) => isFlowPath(`${name}/${file}`))
      .sort()
      .map((file) => join(root, name, file)),
  );
}

/** Of a file beside the flow: configuration, subflows, and tabs that only take deliveries in. */
function supporting(nodes: FlowNode[]): FlowNode[] {
  const wanted = nodes.filter(
    (node) => node.type === 'subflow' || (node.type === 'tab' && isIntake(node.id, nodes)),
  );
  const ids = new Set(wanted.map(({ id }) => id));
  return nodes.filter(
    (node) =>
      ids.has(node.id) || (node.z === undefined || node.z === '' ? !isContainer(node) : ids.has(node.z)),
  );
}

function isIntake(tab: string, nodes: FlowNode[]): boolean {
  const own = nodes.filter(({ z }) => z === tab).map(({ type }) => type);
  return own.includes('reroute-partner-in') && !own.includes('reroute-exception-in');
}

/** @throws FatalError OUTWARD_NODE: what acts beside the effects cannot be answered for, and must not act in a test */
export function refuseOutward(flows: readonly FlowNode[]): void {
  const found = flows.find((node) => isOutward(node.type));
  if (!found) return;
  throw new FatalError(
    'OUTWARD_NODE',
    `the node ${found.name || found.id} (${found.type}) acts on the outside beside Reroute's effects, so the flow cannot be tested`,
    { hint: 'Use an action node of a partner: what it does is recorded and answered in tests.' },
  );
}

/** @throws FatalError REGION_FILE_BROKEN: hours that nobody can read would count as round the clock */
export function refuseRegionFile(file: string, cause: unknown): never {
  throw new FatalError('REGION_FILE_BROKEN', `the calendars in ${file} cannot be used`, { cause });
}
