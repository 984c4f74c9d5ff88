/** Load from a process of its own: a bounded number of distinct FedEx deliveries over kept-alive connections. Prints one JSON line. */
import { parentPort } from 'node:worker_threads';
import { Pool } from 'undici';
import { fedexDelay } from './payloads';

export interface LoadResult {
  sent: number;
  accepted: number;
  refused: number;
  seconds: number;
  /** Milliseconds from request to answer. */
  p50: number;
  p99: number;
}

export interface LoadRequest {
  origin: string;
  path: string;
  connections: number;
  count: number;
  /** Tells the runs of one bench apart: payloads never repeat. */
  series: string;
}

/** Bounded by `count`; loopback only. */
export async function runLoad(request: LoadRequest): Promise<LoadResult> {
  if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(request.origin))
    throw new Error('the bench talks to loopback only');
  const pool = new Pool(request.origin, { connections: request.connections, pipelining: 1 });
  const latencies: number[] = [];
  const result = { accepted: 0, refused: 0 };
  let next = 0;
  const lane = async () => {
    while (next < request.count) {
      const body = fedexDelay(request.series, next++);
      const startedAt = performance.now();
      const answer = await pool.request({
        method: 'POST',
        path: request.path,
        headers: { 'content-type': 'application/json', authorization: 'Bearer bench-secret' },
        body,
      });
      await answer.body.dump();
      latencies.push(performance.now() - startedAt);
      if (answer.statusCode < 300) result.accepted += 1;
      else result.refused += 1;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: request.connections }, lane));
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { sent: latencies.length, ...result, seconds, p50: at(0.5), p99: at(0.99) };
}

if (require.main === module && !parentPort) {
  runLoad(JSON.parse(process.argv[2] ?? '{}') as LoadRequest).then(
    (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
