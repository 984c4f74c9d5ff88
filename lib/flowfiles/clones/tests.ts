/** The tests of a region's flow, as an upgrade runs them: the region's own beside its flow, else those of the template. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode } from '../format';
import { globalRegion } from '../templates/region';
import { type Template, tabOf } from '../templates/template';
import { clonePath } from './record';

export interface FlowTestFailure {
  scenario: string;
  message: string;
}
export interface FlowTestReport {
  /** Test files, below the flows folder. */
  files: string[];
  passed: number;
  failures: FlowTestFailure[];
}

export interface FlowTestRequest {
  flowsDir: string;
  /** Below the flows folder. */
  file: string;
  /** The flow file that the test is about, below the flows folder. */
  flow: string;
  /** What stands in it while the test runs. */
  nodes: FlowNode[];
}
/** Runs one test file, with nothing sent; the files stay as they are. */
export type RunFlowTests = (request: FlowTestRequest) => Promise<FlowTestReport>;

export const testEnding = '.flowtest.yaml';

/**
 * What is run for a region's flow: its own tests; and where it has none, or the region changed nothing but settings, those of the
 * template, else of the global flow. The latter know nothing of the region: they get the flow with the template's settings, open for
 * cases of every region.
 */
export function testsFor(
  { flowsDir, path, changed }: { flowsDir: string; path: string; changed: boolean },
  { manifest: { id, version }, nodes: original }: Template,
  nodes: FlowNode[],
): FlowTestRequest[] {
  const has = (flow: string, name = flow.replace(/\.json$/, testEnding)) =>
    existsSync(join(flowsDir, name)) ? { flowsDir, file: name, flow } : undefined;
  const own = has(path);
  const folder = `library/${id}/${version}`;
  const general =
    has(`${folder}/flow.json`, `${folder}/${id}${testEnding}`) ?? has(clonePath(id, globalRegion));
  const open = nodes.map((node) => withoutRegion(node, tabOf(original)?.env));
  return [
    ...(own ? [{ ...own, nodes }] : []),
    ...(general && general.file !== own?.file && !(own && changed) ? [{ ...general, nodes: open }] : []),
  ];
}

function withoutRegion(node: FlowNode, settings: unknown): FlowNode {
  if (node.type === 'reroute-exception-in') return { ...node, regions: '' };
  return node.type === 'tab' ? { ...node, env: settings } : node;
}
