/**
 * Runs the tests beside flows in a process of their own: a test deploys into a Node-RED, of which a process has one, and a test
 * that runs wild must not take the runtime with it. The process gets a copy of the flows folder, and nothing of the environment.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFlowFolder } from '../flowfiles/files';
import type { FlowTestFailure, FlowTestResult, FlowTestRunner } from '../flowfiles/test-runner';
import { runVersions } from '../flowfiles/units';
import { FatalError } from '../model/errors';

/** All tests of one deploy, milliseconds. */
const limitMs = 300_000;
const maxFailures = 50;
const command = join(__dirname, '..', 'cli', 'main.js');

/** What `reroute flows test --json` prints. */
const report = z.object({
  passed: z.number(),
  failed: z.number(),
  ms: z.number(),
  files: z.array(
    z.object({
      file: z.string(),
      error: z.string().optional(),
      scenarios: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          failures: z.array(z.string()),
          variants: z.array(
            z.object({
              fault: z.object({ step: z.string(), kind: z.string() }),
              failures: z.array(z.string()),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type Report = z.output<typeof report>;

type Request = Parameters<FlowTestRunner['run']>[0];

export class ProcessTestRunner implements FlowTestRunner {
  constructor(private readonly flowsDir: string) {}

  async run(request: Request): Promise<FlowTestResult | undefined> {
    const tests = testsOf(this.flowsDir, request);
    if (tests.size === 0) return undefined;
    const folder = await mkdtemp(join(tmpdir(), 'reroute-flow-tests-'));
    try {
      const root = join(folder, 'flows');
      // The name tells a test where the flows around it begin.
      await cp(this.flowsDir, root, { recursive: true });
      await writeFlowFolder(root, request.nodes, request.paths);
      const printed = await testProcess(folder, [...tests.keys()], request.signal);
      return resultOf(printed, tests);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Test file -> flow: of the changed flows, and of those that execute something of them. */
function testsOf(flowsDir: string, { nodes, changed, paths }: Request): Map<string, string> {
  const touched = [...runVersions(nodes)].filter(([, { uses }]) => uses.some((id) => changed.includes(id)));
  return new Map(
    touched.flatMap(([id]): [string, string][] => {
      const stem = paths.get(id)?.replace(/\.json$/, '');
      const found = ['yaml', 'yml', 'json']
        .map((kind) => `${stem}.flowtest.${kind}`)
        .find((name) => stem !== undefined && existsSync(join(flowsDir, name)));
      return found === undefined ? [] : [[join('flows', found), id]];
    }),
  );
}

/**
 * @param files below `cwd`, in which the flows folder is called `flows`
 * @throws FatalError FLOW_TESTS_BROKEN
 */
export async function testProcess(cwd: string, files: string[], signal?: AbortSignal): Promise<Report> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [command, 'flows', 'test', '--json', ...files], {
    cwd,
    env: { PATH, HOME, TMPDIR },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    ...(signal === undefined ? {} : { signal }),
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // 1 says that a test failed, which the report tells better.
  const parsed = code === 0 || code === 1 ? report.safeParse(jsonOf(out)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new FatalError(
    'FLOW_TESTS_BROKEN',
    code === null
      ? `the flow tests did not end within ${limitMs / 1000} s`
      : `the flow tests could not be run: ${errors.trim() || 'no report'}`,
    { hint: 'Run `reroute flows test` by hand to see why; REROUTE_FLOW_TESTS=off deploys untested.' },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function resultOf({ passed, failed, ms, files }: Report, tests: ReadonlyMap<string, string>): FlowTestResult {
  const failures = files.flatMap(({ file, error, scenarios }): FlowTestFailure[] => {
    const flowId = tests.get(file) ?? file;
    return [
      ...(error === undefined ? [] : [{ flowId, test: file, message: error }]),
      ...scenarios
        .filter(({ ok }) => !ok)
        .map(({ name, failures: own, variants }) => ({
          flowId,
          test: name,
          message: [...own, ...variants.flatMap((variant) => variant.failures)].slice(0, 3).join('; '),
        })),
    ];
  });
  return { passed, failed, failures: failures.slice(0, maxFailures), durationMs: ms };
}
