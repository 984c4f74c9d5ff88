/** The tests beside the flows of a deploy, run in a process of their own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFlowFolder } from '../flowfiles/files';
import type { FlowTestResult, FlowTestRunner } from '../flowfiles/test-runner';
import { runVersions } from '../flowfiles/units';
import { failuresOf, runTestProcess, type TestReport } from './test-process';

const maxFailures = 50;

type Request = Parameters<FlowTestRunner['run']>[0];

export class ProcessTestRunner implements FlowTestRunner {
  constructor(private readonly flowsDir: string) {}

  async run(request: Request): Promise<FlowTestResult | undefined> {
    const tests = testsOf(this.flowsDir, request);
    if (tests.size === 0) return undefined;
    const report = await runTestProcess({
      flowsDir: this.flowsDir,
      files: [...tests.keys()],
      prepare: (copy) => writeFlowFolder(copy, request.nodes, request.paths),
      signal: request.signal,
    });
    return resultOf(report, tests);
  }
}

/** Test file below the flows folder -> flow: of the changed flows, and of those that execute something of them. */
function testsOf(flowsDir: string, { nodes, changed, paths }: Request): Map<string, string> {
  const touched = [...runVersions(nodes)].filter(([, { uses }]) => uses.some((id) => changed.includes(id)));
  return new Map(
    touched.flatMap(([id]): [string, string][] => {
      const stem = paths.get(id)?.replace(/\.json$/, '');
      const found = ['yaml', 'yml', 'json']
        .map((kind) => `${stem}.flowtest.${kind}`)
        .find((name) => stem !== undefined && existsSync(join(flowsDir, name)));
      return found === undefined ? [] : [[found, id]];
    }),
  );
}

function resultOf(
  { passed, failed, ms, files }: TestReport,
  tests: ReadonlyMap<string, string>,
): FlowTestResult {
  const failures = files.flatMap((entry) => {
    const path = entry.file.replaceAll('\\', '/').replace(/^flows\//, '');
    return failuresOf(entry).map(({ scenario, message }) => ({
      flowId: tests.get(path) ?? path,
      test: scenario,
      message,
    }));
  });
  return { passed, failed, failures: failures.slice(0, maxFailures), durationMs: ms };
}
