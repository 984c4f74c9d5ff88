/** Runs the tests of a merged flow in a process of their own, on a copy of the flow files: this process may be running the flows themselves. */
import { join } from 'node:path';
import type { FlowTestReport, FlowTestRequest } from '../flowfiles/clones/tests';
import { replaceFile } from '../flowfiles/files';
import { formatFlowFile } from '../flowfiles/format';
import { failuresOf, runTestProcess } from './test-process';

/** @throws FatalError FLOW_TESTS_BROKEN when they did not end, or said nothing */
export async function runCloneTests({
  flowsDir,
  file,
  flow,
  nodes,
}: FlowTestRequest): Promise<FlowTestReport> {
  const { passed, files } = await runTestProcess({
    flowsDir,
    files: [file],
    prepare: (copy) => replaceFile(join(copy, flow), formatFlowFile(nodes)),
  });
  return { files: [file], passed, failures: files.flatMap(failuresOf) };
}
