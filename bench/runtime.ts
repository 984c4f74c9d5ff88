/** Starts the measured runtimes as whole processes, and the load beside them. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadRequest, LoadResult } from './load';
import { answers, freePort, type Started, scratch, start } from './processes';

const run = promisify(execFile);

export async function startReroute(flow: object[], dataDir?: string): Promise<Started> {
  const folder = scratch();
  mkdirSync(join(folder.path, 'flows', 'global'), { recursive: true });
  writeFileSync(join(folder.path, 'flows', 'global', 'bench.json'), JSON.stringify(flow));
  const port = await freePort();
  const env = {
    PORT: String(port),
    REROUTE_DATA_DIR: dataDir ?? join(folder.path, 'data'),
    REROUTE_FLOWS_DIR: join(folder.path, 'flows'),
    REROUTE_SANDBOX: 'off',
    REROUTE_ADMIN_TOKEN: 'bench-admin-token-bench',
    BENCH_SECRET: 'bench-secret',
    LOG_LEVEL: 'error',
  };
  const started = await start(
    process.execPath,
    [join(__dirname, '..', 'lib', 'cli', 'main.js'), 'start'],
    port,
    env,
    () => answers(`http://127.0.0.1:${port}/readyz`),
  );
  return {
    ...started,
    stop: async () => {
      await started.stop();
      folder.remove();
    },
  };
}

export async function startStub(): Promise<Started & { count(): Promise<number> }> {
  const port = await freePort();
  const started = await start(
    process.execPath,
    [join(__dirname, 'stub-erp.js'), String(port)],
    port,
    {},
    () => answers(`http://127.0.0.1:${port}/`),
  );
  const count = async () =>
    ((await (await fetch(`http://127.0.0.1:${port}/`)).json()) as { count: number }).count;
  return { ...started, count };
}

/** The load generator in a process of its own, so that it shares the cores but not the event loop. */
export async function loadProcess(request: LoadRequest): Promise<LoadResult> {
  const { stdout } = await run(process.execPath, [join(__dirname, 'load.js'), JSON.stringify(request)], {
    timeout: 300_000,
  });
  return JSON.parse(stdout) as LoadResult;
}
