/**
 * The tests that a deploy runs: of the flows that change, or of all where something changes that flows share. The set is written down as it
 * would be deployed, in a folder of its own, and a process of its own plays it; fault matrices are left to `reroute flows test`.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type FlowNode, formatFlowFile, splitFlows } from '../flowfiles/format';
import type { FlowTestFailure, FlowTestResult, FlowTestRunner } from '../flowfiles/test-runner';
import type { FileResult, TestReport } from './run';

const endings = ['yaml', 'yml', 'json'];
/** Starting Node-RED takes a second; a test takes milliseconds. */
const timeoutMs = 120_000;
const maxOutputBytes = 64 * 1024 * 1024;
const run = promisify(execFile);

interface TestOf {
  flowId: string;
  /** Below the flows folder. */
  path: string;
}

export class DeployTests implements FlowTestRunner {
  constructor(private readonly flowsDir: string) {}

  async run({ nodes, changed, paths }: Parameters<FlowTestRunner['run']>[0]): Promise<FlowTestResult> {
    const tests = this.testsOf(nodes, changed, paths);
    if (tests.length === 0) return { passed: 0, failed: 0, failures: [], durationMs: 0 };
    const folder = mkdtempSync(join(tmpdir(), 'reroute-deploy-tests-'));
    try {
      const flows = join(folder, 'flows');
      this.writeSet(flows, nodes, paths);
      return resultOf(await report(tests.map(({ path }) => join(flows, path))), tests);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private testsOf(nodes: FlowNode[], changed: string[], paths: ReadonlyMap<string, string>): TestOf[] {
    const tabs = nodes.filter(({ type }) => type === 'tab').map(({ id }) => id);
    const named = changed.every((id) => tabs.includes(id)) ? changed : tabs;
    return named.flatMap((flowId) => {
      const stem = paths.get(flowId)?.replace(/\.json$/, '');
      const path = endings
        .map((ending) => `${stem}.flowtest.${ending}`)
        .find((name) => stem !== undefined && existsSync(join(this.flowsDir, name)));
      return path === undefined ? [] : [{ flowId, path }];
    });
  }

  /** What lies beside the flows (tests, payloads, calendars) as it is, the flows as they would be. */
  private writeSet(folder: string, nodes: FlowNode[], paths: ReadonlyMap<string, string>): void {
    for (const area of ['global', 'regions']) {
      const from = join(this.flowsDir, area);
      if (existsSync(from)) cpSync(from, join(folder, area), { recursive: true });
    }
    const known = new Map(paths);
    for (const path of known.values()) rmSync(join(folder, path), { force: true });
    for (const { path, nodes: own } of splitFlows(nodes, known)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, formatFlowFile(own));
    }
  }
}

/** What broke off is one failure, with its words. */
async function report(paths: string[]): Promise<TestReport | { broken: string }> {
  try {
    const { stdout } = await run(process.execPath, [join(__dirname, 'process.js'), ...paths], {
      timeout: timeoutMs,
      maxBuffer: maxOutputBytes,
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    });
    return JSON.parse(stdout) as TestReport;
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}

function resultOf(outcome: TestReport | { broken: string }, tests: TestOf[]): FlowTestResult {
  if ('broken' in outcome) {
    const failures = tests.map(({ flowId }) => ({ flowId, test: 'the whole file', message: outcome.broken }));
    return { passed: 0, failed: failures.length, failures, durationMs: 0 };
  }
  const failures = outcome.files.flatMap((file, index) => failuresOf(file, tests[index]?.flowId ?? ''));
  return { passed: outcome.passed, failed: outcome.failed, failures, durationMs: Math.round(outcome.ms) };
}

function failuresOf({ error, scenarios }: FileResult, flowId: string): FlowTestFailure[] {
  if (error !== undefined) return [{ flowId, test: 'the whole file', message: error }];
  return scenarios
    .filter(({ ok }) => !ok)
    .map(({ name, failures }) => ({ flowId, test: name, message: failures.join('; ') }));
}
