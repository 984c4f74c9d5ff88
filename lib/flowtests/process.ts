/** `node process.js TEST_FILE...`: runs flow tests without their fault matrices and prints the report; a process that a deploy starts. */
import { runFlowTests } from './run';

async function main(paths: string[]): Promise<void> {
  const report = await runFlowTests(paths, { faultMatrix: false });
  process.stdout.write(JSON.stringify(report));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
