/** Runs the tests of a merged flow before it stands anywhere, on a copy of the flow files. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowTestFailure, FlowTestReport, FlowTestRequest } from '../flowfiles/clones/tests';
import { replaceFile } from '../flowfiles/files';
import { formatFlowFile } from '../flowfiles/format';
import { type Report, testProcess } from './flow-tests';

/** @throws FatalError FLOW_TESTS_BROKEN when they did not end, or said nothing */
export async function runCloneTests({
  flowsDir,
  file,
  flow,
  nodes,
}: FlowTestRequest): Promise<FlowTestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'reroute-clone-tests-'));
  try {
    const flows = join(folder, 'flows');
    await cp(flowsDir, flows, { recursive: true });
    await replaceFile(join(flows, flow), formatFlowFile(nodes));
    const { passed, files } = await testProcess(folder, [join('flows', file)]);
    return { files: [file], passed, failures: files.flatMap(failuresOf) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failuresOf({ error, scenarios }: Report['files'][number]): FlowTestFailure[] {
  return [
    ...(error === undefined ? [] : [{ scenario: 'the test file', message: error }]),
    ...scenarios.flatMap(({ name, failures, variants }) => [
      ...failures.map((message) => ({ scenario: name, message })),
      ...variants.flatMap(({ fault, failures: found }) =>
        found.map((message) => ({ scenario: `${name}, when ${fault.step} fails (${fault.kind})`, message })),
      ),
    ]),
  ];
}
