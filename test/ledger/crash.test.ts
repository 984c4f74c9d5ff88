import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { takeLease } from '../../lib/ledger/conformance/harness';
import { openSqliteLedger } from '../../lib/ledger/sqlite/engine';
import { SqliteHarness } from './sqlite-harness';

const kills = 5;
/** The kill comes when so many lines were printed, another number each time. */
const linesBeforeKill = (kill: number) => 1500 + 777 * kill;

interface Acknowledged {
  accepted: Set<string>;
  settled: Set<string>;
}

/** Starts a writer on the file, kills it in mid-load, answers what it had acknowledged. */
async function writeUntilKilled(path: string, kill: number): Promise<Acknowledged> {
  const child = spawn(process.execPath, [join(__dirname, 'crash-writer.js'), path, `g${kill}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: Acknowledged = { accepted: new Set(), settled: new Set() };
  const lines = await collect(child, linesBeforeKill(kill));
  for (const line of lines) {
    const [what, id] = line.split(' ');
    if (what === 'accepted' && id) acknowledged.accepted.add(id);
    if (what === 'settled' && id) acknowledged.settled.add(id);
  }
  return acknowledged;
}

async function collect(child: ChildProcess, limit: number): Promise<string[]> {
  const exited = once(child, 'exit');
  let text = '';
  let lines = 0;
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    lines += chunk.split('\n').length - 1;
    if (lines >= limit) child.kill('SIGKILL');
  });
  await Promise.all([exited, once(child, 'close')]);
  assert.ok(lines >= limit, 'the writer ended by itself');
  // The last line may have been cut by the kill.
  return text.slice(0, text.lastIndexOf('\n')).split('\n');
}

describe('A ledger whose process is killed', () => {
  const harness = new SqliteHarness();
  afterEach(() => harness.close());

  it('has everything it acknowledged, and hands what was running to the next owner', async function () {
    this.timeout(30_000);
    const path = join(harness.folder, 'crash.db');
    const accepted = new Set<string>();
    const settled = new Set<string>();
    for (let kill = 0; kill < kills; kill++) {
      const round = await writeUntilKilled(path, kill);
      for (const id of round.accepted) accepted.add(id);
      for (const id of round.settled) settled.add(id);
    }
    const db = new DatabaseSync(path);
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    const states = new Map(
      db
        .prepare('SELECT runs.id AS id, state FROM runs JOIN raw ON raw.seq = runs.raw_seq')
        .all()
        .map((row) => [row.id, row.state]),
    );
    const counted = db.prepare("SELECT sum(n) AS n FROM counters WHERE kind = 'runs'").get();
    const total = db.prepare('SELECT count(*) AS n FROM runs').get();
    db.close();
    const missing = [...accepted].filter((id) => !states.has(id));
    const unsettled = [...settled].filter((id) => states.get(id) !== 4);
    assert.deepEqual({ missing, unsettled }, { missing: [], unsettled: [] });
    assert.deepEqual(counted?.n, total?.n, 'the counters match the rows');
    const ledger = await openSqliteLedger(path);
    const lease = await takeLease(harness, ledger, 0, 'survivor');
    const left = [...states].filter(([, state]) => Number(state) < 3).map(([id]) => String(id));
    const claimed = await ledger.claimRuns(lease, { now: Date.now() + 1000, limit: 10_000 });
    assert.deepEqual(claimed.map((run) => run.id).sort(), left.sort());
    assert.ok(claimed.every((run) => run.attempt > 1 && run.raw));
    await ledger.close();
  });
});
