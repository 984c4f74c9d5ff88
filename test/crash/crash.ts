/**
 * Kill -9 at random moments under load, on real processes: every 202 ends handled or dead-lettered, every effect stands in the
 * sandbox's own book exactly once, and each shipment's effects stand there in the order of its events.
 * Bounded: `KILLS` (50) and a ceiling of ten minutes. `npm run test:crash`; `npm test` runs it with few kills.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort, type Started, start } from '../../bench/processes';
import { crashFlow, shipmentCount } from './flow';
import { fedexDelivery } from './payload';

export interface CrashOptions {
  kills: number;
  seed: number;
  /** Milliseconds of load between two kills, at random within. */
  between: [number, number];
}

export interface CrashReport {
  kills: number;
  accepted: number;
  duplicateAnswers: number;
  done: number;
  dead: number;
  effects: number;
  doubled: string[];
  outOfOrder: string[];
  missing: string[];
  /** Milliseconds from kill to ready. */
  recovery: number[];
}

const token = 'crash-test-admin-token';
const secret = 'crash-test-secret';
const dist = join(__dirname, '..', '..');

/** mulberry32: the same seed kills at the same moments. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Scene {
  readonly dir = mkdtempSync(join(tmpdir(), 'reroute-crash-'));
  sandbox!: Started;
  runtime!: Started;
  port = 0;

  async open(): Promise<void> {
    const sandboxPort = await freePort();
    this.sandbox = await start(
      process.execPath,
      [join(dist, 'sandbox', 'main.js'), '--port', String(sandboxPort)],
      sandboxPort,
      {},
      () => answers(`http://127.0.0.1:${sandboxPort}/_book/summary`),
    );
    mkdirSync(join(this.dir, 'flows', 'global'), { recursive: true });
    writeFileSync(
      join(this.dir, 'flows', 'global', 'crash.json'),
      JSON.stringify(crashFlow(`http://127.0.0.1:${sandboxPort}/tms`)),
    );
    this.port = await freePort();
    await this.startRuntime();
  }

  async startRuntime(): Promise<void> {
    const env = {
      PORT: String(this.port),
      REROUTE_DATA_DIR: join(this.dir, 'data'),
      REROUTE_FLOWS_DIR: join(this.dir, 'flows'),
      REROUTE_SANDBOX: 'off',
      REROUTE_ADMIN_TOKEN: token,
      CRASH_SECRET: secret,
      LOG_LEVEL: process.env.CRASH_LOG ?? 'error',
    };
    this.runtime = await start(
      process.execPath,
      [join(dist, 'lib', 'cli', 'main.js'), 'start'],
      this.port,
      env,
      () => answers(`${this.url}/readyz`),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.runtime.process.once('exit', resolve));
    this.runtime.process.kill('SIGKILL');
    await gone;
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200, `${path} answered ${response.status}`);
    return response.json();
  }

  async close(): Promise<void> {
    await this.runtime?.stop();
    await this.sandbox?.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** One shipment's sender: events strictly one after the other, each repeated until it is acknowledged. */
async function sendShipment(
  scene: Scene,
  shipment: number,
  going: () => boolean,
  sent: Map<string, string>,
  counts: { duplicates: number },
): Promise<void> {
  for (let event = 0; going(); event += 1) {
    const { body, headers, effect } = fedexDelivery(shipment, event, secret);
    for (;;) {
      const answer = await fetch(`${scene.url}/in/fedex`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(5_000),
      }).catch(() => undefined);
      if (answer?.status === 202 || answer?.status === 200) {
        const { id, duplicate } = (await answer.json()) as { id: string; duplicate: boolean };
        if (duplicate) counts.duplicates += 1;
        sent.set(id, effect);
        break;
      }
      await answer?.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const scene = new Scene();
  try {
    await scene.open();
    return await underFire(scene, options);
  } finally {
    await scene.close();
  }
}

async function underFire(scene: Scene, options: CrashOptions): Promise<CrashReport> {
  const random = randomOf(options.seed);
  const sent = new Map<string, string>();
  const counts = { duplicates: 0 };
  const recovery: number[] = [];
  let going = true;
  const senders = Promise.all(
    Array.from({ length: shipmentCount }, (_, shipment) =>
      sendShipment(scene, shipment, () => going, sent, counts),
    ),
  );
  const deadline = Date.now() + 600_000;
  for (let kill = 0; kill < options.kills && Date.now() < deadline; kill += 1) {
    const [least, most] = options.between;
    await new Promise((resolve) => setTimeout(resolve, least + random() * (most - least)));
    await scene.kill();
    const at = Date.now();
    await scene.startRuntime();
    recovery.push(Date.now() - at);
  }
  going = false;
  await senders;
  await drained(scene);
  return {
    kills: recovery.length,
    accepted: sent.size,
    duplicateAnswers: counts.duplicates,
    recovery,
    ...(await compare(scene, sent)),
  };
}

/** No run is queued or running any more. */
async function drained(scene: Scene): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const text = await (await fetch(`${scene.url}/metrics`)).text();
    const live = ['queued', 'running'].map((state) =>
      Number(new RegExp(`reroute_runs\\{state="${state}"\\} (\\d+)`).exec(text)?.[1] ?? 0),
    );
    if (live.every((count) => count === 0)) return;
    assert.ok(Date.now() < deadline, `runs are still live: ${live.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface BookEntry {
  seq: number;
  system: string;
  operation: string;
  target: string;
  outcome: 'effect' | 'deduplicated' | 'unchanged';
  body?: { etaAt?: string; asOf?: string };
}

async function compare(
  scene: Scene,
  sent: Map<string, string>,
): Promise<Pick<CrashReport, 'done' | 'dead' | 'effects' | 'doubled' | 'outOfOrder' | 'missing'>> {
  const book = (await (await fetch(`http://127.0.0.1:${scene.sandbox.port}/_book?system=tms`)).json()) as {
    items: BookEntry[];
    dropped: number;
  };
  assert.equal(book.dropped, 0, 'the book kept every entry');
  const effects = book.items.filter((entry) => entry.outcome === 'effect');
  const seen = new Map<string, number>();
  const lastOf = new Map<string, number>();
  const outOfOrder: string[] = [];
  for (const { target, body } of effects) {
    const at = Date.parse(body?.asOf ?? '');
    const name = `${/\d{12}/.exec(target)?.[0] ?? target}@${at}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if ((lastOf.get(target) ?? 0) > at) outOfOrder.push(name);
    lastOf.set(target, at);
  }
  const states = { done: 0, dead: 0 };
  const missing: string[] = [];
  for (const [id, effect] of sent) {
    const { run } = (await scene.get(`/api/v1/runs/${id}`)) as { run: { state: string } };
    if (run.state === 'dead') states.dead += 1;
    else if (run.state === 'done' && seen.has(effect)) states.done += 1;
    else missing.push(`${id} ${run.state} ${effect}`);
  }
  return {
    ...states,
    effects: effects.length,
    doubled: [...seen].filter(([, count]) => count > 1).map(([name]) => name),
    outOfOrder,
    missing,
  };
}

if (require.main === module) {
  const kills = Number(process.env.KILLS ?? 50);
  crashRun({ kills, seed: Number(process.env.SEED ?? 1), between: [150, 900] }).then(
    (report) => {
      const { recovery, ...rest } = report;
      recovery.sort((a, b) => a - b);
      process.stdout.write(
        `${JSON.stringify({ ...rest, recoveryMedianMs: recovery[Math.floor(recovery.length / 2)], recoveryMaxMs: recovery.at(-1) }, null, 2)}\n`,
      );
      process.exitCode =
        report.doubled.length + report.outOfOrder.length + report.missing.length === 0 ? 0 : 1;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
