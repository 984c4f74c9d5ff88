/** A runtime in a process of its own, impatient so that dead letters come soon, with the handlers that `reroute start` has. */
import { readEnvironment } from '../../lib/runtime/environment';
import { startRuntime } from '../../lib/runtime/start';
import { watchStrayErrors } from '../../lib/runtime/stray';

async function main(): Promise<void> {
  const runtime = await startRuntime(readEnvironment(process.env), {
    limits: { maxAttempts: 2, retryBaseMs: 10, retryCeilingMs: 20 },
  });
  watchStrayErrors(runtime.engine, runtime.log, () => process.exit(1));
  process.once('SIGTERM', () => void runtime.stop().then(() => process.exit(0)));
  process.stdout.write(`ready ${runtime.url}\n`);
}

void main();
