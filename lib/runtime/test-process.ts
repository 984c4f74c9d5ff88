/**
 * Runs flow tests in a process of their own, on a copy of the flow files: a test deploys into a Node-RED, of which a process has
 * one, and a test that runs wild must not take the runtime with it. The process gets nothing of the environment.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { FatalError } from '../model/errors';

/** All tests of one call, milliseconds; a fault matrix runs every step of a flow several times. */
const limitMs = 300_000;
const command = join(__dirname, '..', 'cli', 'main.js');

/** Of what `reroute flows test --json` prints. */
const report = z.object({
  passed: z.int(),
  failed: z.int(),
  ms: z.number(),
  files: z.array(
    z.object({
      file: z.string(),
      error: z.string().optional(),
      scenarios: z.array(
        z.object({
          name: z.string(),
          failures: z.array(z.string()),
          variants: z
            .array(
              z.object({
                fault: z.object({ step: z.string(), kind: z.string() }),
                failures: z.array(z.string()),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});
export type TestReport = z.output<typeof report>;

/** One entry a sentence that a test file had to complain about. */
export function failuresOf({ error, scenarios }: TestReport['files'][number]) {
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

export interface TestRequest {
  flowsDir: string;
  /** Test files below the flows folder. */
  files: readonly string[];
  /** Brings the copy to what is to be tested. */
  prepare(copy: string): Promise<unknown>;
  signal?: AbortSignal | undefined;
}

/** @throws FatalError FLOW_TESTS_BROKEN when they did not end, or said nothing */
export async function runTestProcess({ flowsDir, files, prepare, signal }: TestRequest): Promise<TestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'reroute-flow-tests-'));
  try {
    // The name tells a test where the flows around it begin.
    const copy = join(folder, 'flows');
    await cp(flowsDir, copy, { recursive: true });
    await prepare(copy);
    return await reportOf(
      folder,
      files.map((file) => join('flows', file)),
      signal,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function reportOf(cwd: string, files: string[], signal: AbortSignal | undefined): Promise<TestReport> {
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
  // A test that fails ends the command with 1 and prints its report all the same.
  const parsed = report.safeParse(jsonOf(out));
  if (parsed.success) return parsed.data;
  throw new FatalError(
    'FLOW_TESTS_BROKEN',
    code === null
      ? `the flow tests did not end within ${limitMs / 1000} s`
      : `the flow tests could not be run: ${errors.trim() || 'they said nothing'}`,
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
