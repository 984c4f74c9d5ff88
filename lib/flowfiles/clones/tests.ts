/** The tests of a region's flow, as an upgrade runs them: the region's own beside its flow, else those of the template. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode } from '../format';

export interface FlowTestFailure {
  scenario: string;
  message: string;
}
export interface FlowTestReport {
  /** The test file, below the flows folder. */
  file: string;
  passed: number;
  failures: FlowTestFailure[];
}

export interface FlowTestRequest {
  flowsDir: string;
  /** Below the flows folder. */
  file: string;
  /** The flow in place of the one that stands in the files. */
  nodes: FlowNode[];
}
/** Runs one test file against a flow, with nothing sent. */
export type RunFlowTests = (request: FlowTestRequest) => Promise<FlowTestReport>;

export const testEnding = '.flowtest.yaml';

/** Below the flows folder; undefined when the flow has no tests. */
export function testFileOf(
  flowsDir: string,
  { flow, template, version }: { flow: string; template: string; version: string },
): string | undefined {
  return [
    flow.replace(/\.json$/, testEnding),
    `library/${template}/${version}/${template}${testEnding}`,
  ].find((path) => existsSync(join(flowsDir, path)));
}
