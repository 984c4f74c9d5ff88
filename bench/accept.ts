/** (a) Accept over HTTP against a bare Node server that reads the body and answers 202: same load, same run, in turn. */
import { join } from 'node:path';
import { benchFlow, fedexPartner } from './flow';
import { answers, freePort, start } from './processes';
import { loadProcess, startReroute } from './runtime';

export interface AcceptRound {
  reroute: { perSecond: number; p50: number; p99: number };
  bare: { perSecond: number; p50: number; p99: number };
}

const count = Number(process.env.BENCH_ACCEPT ?? 20_000);

/** The accepted runs stay queued: no flow takes them, so that accepting alone is measured. */
export async function acceptRounds(rounds: number): Promise<AcceptRound[]> {
  const reroute = await startReroute([
    ...benchFlow('').filter((node) => (node as { type: string }).type === 'tab'),
    fedexPartner(),
  ]);
  const port = await freePort();
  const bare = await start(
    process.execPath,
    [join(__dirname, 'bare-accept.js'), String(port)],
    port,
    {},
    () => answers(`http://127.0.0.1:${port}/`),
  );
  const results: AcceptRound[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const ours = await loadProcess({
        origin: `http://127.0.0.1:${reroute.port}`,
        path: '/in/fedex',
        connections: 64,
        count,
        series: `a${round}`,
      });
      const theirs = await loadProcess({
        origin: `http://127.0.0.1:${port}`,
        path: '/',
        connections: 64,
        count,
        series: `a${round}`,
      });
      const row = (load: typeof ours) => ({
        perSecond: load.accepted / load.seconds,
        p50: load.p50,
        p99: load.p99,
      });
      results.push({ reroute: row(ours), bare: row(theirs) });
    }
  } finally {
    await bare.stop();
    await reroute.stop();
  }
  return results;
}
