/** (b) End to end against three baselines, interleaved in one run: completed runs a second, the drain included. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { benchFlow } from '../flow';
import { freePort, type Started, scratch, start } from '../processes';
import { loadProcess, startReroute, startStub } from '../runtime';

export interface EndToEndRow {
  name: string;
  /** Runs completed a second from the first request to the last effect. */
  perSecond: number;
  acceptP50: number;
  acceptP99: number;
  residentMb: number;
}

const count = Number(process.env.BENCH_RUNS ?? 10_000);
const drainMs = 120_000;

type Stub = Awaited<ReturnType<typeof startStub>>;

async function measure(
  name: string,
  started: Started,
  path: string,
  stub: Stub,
  series: string,
): Promise<EndToEndRow> {
  const before = await stub.count();
  const startedAt = performance.now();
  const load = await loadProcess({
    origin: `http://127.0.0.1:${started.port}`,
    path,
    connections: 64,
    count,
    series,
  });
  if (load.accepted === 0) throw new Error(`${name} took none of the deliveries`);
  while ((await stub.count()) - before < load.accepted) {
    if (performance.now() - startedAt > drainMs)
      throw new Error(
        `${name} lost ${load.accepted - (await stub.count()) + before} of ${load.accepted} runs`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    name,
    perSecond: load.accepted / seconds,
    acceptP50: load.p50,
    acceptP99: load.p99,
    residentMb: started.residentMb(),
  };
}

async function startScript(
  script: string,
  args: string[],
  ready: (port: number) => string,
): Promise<Started> {
  const port = await freePort();
  return start(process.execPath, [join(__dirname, script), String(port), ...args], port, {}, async () => {
    const response = await fetch(ready(port), { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status < 500;
  });
}

/** Redis as BullMQ needs it to lose nothing: appendfsync always. */
async function startRedis(): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = scratch();
  const port = await freePort();
  const child = spawn(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder.path,
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--save',
      '',
    ],
    { stdio: 'ignore' },
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  return {
    port,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      folder.remove();
    },
  };
}

/** Each round runs every contender once, in turn: a machine that slows down slows all of them. */
export async function endToEndRounds(rounds: number): Promise<EndToEndRow[][]> {
  const stub = await startStub();
  const erp = `http://127.0.0.1:${stub.port}`;
  const redis = await startRedis();
  const contenders: { name: string; path: string; started: Started }[] = [
    { name: 'reroute', path: '/in/fedex', started: await startReroute(benchFlow(erp)) },
    {
      name: 'bare node, not durable',
      path: '/',
      started: await startScript('bare.js', [erp], (port) => `http://127.0.0.1:${port}/`),
    },
    {
      name: 'node-red core nodes, not durable',
      path: '/fedex',
      started: await startScript('core-nodes.js', [erp], (port) => `http://127.0.0.1:${port}/fedex`),
    },
    {
      name: 'bullmq, appendfsync always',
      path: '/',
      started: await startScript(
        'bullmq.js',
        [erp, String(redis.port)],
        (port) => `http://127.0.0.1:${port}/`,
      ),
    },
  ];
  const results: EndToEndRow[][] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const rows: EndToEndRow[] = [];
      for (const { name, path, started } of contenders)
        rows.push(await measure(name, started, path, stub, `e${round}`));
      results.push(rows);
    }
  } finally {
    for (const { started } of contenders) await started.stop();
    await redis.stop();
    await stub.stop();
  }
  return results;
}
