/** What a deploy asks of whoever runs the tests that stand beside flows; without one, flows are deployed untested. */
import type { FlowNode } from './format';

export interface FlowTestFailure {
  flowId: string;
  test: string;
  message: string;
}

export interface FlowTestResult {
  passed: number;
  failed: number;
  failures: FlowTestFailure[];
  durationMs: number;
}

export interface FlowTestRunner {
  /**
   * Runs the tests of the changed flows against the whole set as it would be deployed. Nothing is sent anywhere.
   * @param paths file of each flow, below the flows folder: a test stands beside it
   * @returns undefined when no test stands beside any of them
   * @throws FatalError FLOW_TESTS_BROKEN when they cannot be run, or not in time
   */
  run(request: {
    nodes: FlowNode[];
    changed: string[];
    paths: ReadonlyMap<string, string>;
    signal?: AbortSignal;
  }): Promise<FlowTestResult | undefined>;
}
