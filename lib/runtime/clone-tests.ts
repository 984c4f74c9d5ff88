/** Runs the tests of a merged flow in a process of their own, on a copy of the flow files: this process may be running the flows themselves. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { FlowTestReport, FlowTestRequest } from '../flowfiles/clones/tests';
import { replaceFile } from '../flowfiles/files';
import { formatFlowFile } from '../flowfiles/format';
import { RetryableError } from '../model/errors';

/** Of what `reroute flows test --json` prints. */
const report = z.object({
  passed: z.int(),
  files: z.array(
    z.object({
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

/** Milliseconds; a fault matrix runs every step of a flow several times. */
const limitMs = 120_000;
const maxBytes = 16 * 1024 * 1024;

/** @throws RetryableError FLOW_TESTS_BROKEN when they did not end, or said nothing */
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
    const { passed, files } = report.parse(JSON.parse(await printed(join(flows, file))));
    return { file, passed, failures: files.flatMap(failuresOf) };
  } catch (cause) {
    if (!(cause instanceof z.ZodError) && !(cause instanceof SyntaxError)) throw cause;
    throw new RetryableError('FLOW_TESTS_BROKEN', `the tests in flows/${file} said nothing`, {
      hint: `Run \`reroute flows test\` on it and look.`,
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failuresOf({ error, scenarios }: z.output<typeof report>['files'][number]) {
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

/** A test that fails ends the command with 1 and prints its report all the same. */
function printed(path: string): Promise<string> {
  const command = [join(__dirname, '..', 'cli', 'main.js'), 'flows', 'test', path, '--json'];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { timeout: limitMs, maxBuffer: maxBytes }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
