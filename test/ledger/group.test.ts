import assert from 'node:assert/strict';
import { join } from 'node:path';
import { aRun } from '../../lib/ledger/conformance/builders';
import { maxQueuedCalls } from '../../lib/ledger/sqlite/channel';
import type { Database } from '../../lib/ledger/sqlite/database';
import { SqliteDatabase } from '../../lib/ledger/sqlite/file-database';
import { runGroup } from '../../lib/ledger/sqlite/group';
import { writerOperations } from '../../lib/ledger/sqlite/operations';
import { fixPartitions, migrate } from '../../lib/ledger/sqlite/schema';
import { type Call, type Outcome, rebuildError } from '../../lib/ledger/sqlite/wire';
import { FatalError, RetryableError } from '../../lib/model/errors';
import { SqliteHarness } from './sqlite-harness';

const errorOf = (outcome: Outcome | undefined) =>
  outcome && 'error' in outcome ? rebuildError(outcome.error) : undefined;

describe('Group commit', () => {
  const harness = new SqliteHarness();
  let db: Database;
  beforeEach(() => {
    db = new SqliteDatabase(join(harness.folder, 'group.db'));
    migrate(db, 1);
    fixPartitions(db, 4);
  });
  afterEach(async () => {
    db.close();
    await harness.close();
  });

  const enqueue = (id: string): Call => ['enqueueRuns', [0, [aRun({ id })], 1000]];
  /** Writes one run, then fails: the second seed lacks what its column needs. */
  const halfway = (id: string): Call => [
    'enqueueRuns',
    [0, [aRun({ id }), { ...aRun(), orderKey: null }], 1000],
  ];
  const ids = () => db.all<{ id: string }>('SELECT id FROM runs ORDER BY id').map((row) => row.id);
  const counted = () =>
    db.get<{ n: number }>("SELECT n FROM counters WHERE kind = 'runs' AND key = 'queued'")?.n;

  it('undoes a call that fails half-way and keeps the others, counters included', () => {
    const outcomes = runGroup(db, writerOperations, [enqueue('a'), halfway('b'), enqueue('c')]);
    assert.deepEqual(
      outcomes.map((outcome) => 'error' in outcome),
      [false, true, false],
    );
    assert.ok(errorOf(outcomes[1]) instanceof FatalError);
    assert.deepEqual(ids(), ['a', 'c']);
    assert.equal(counted(), 2);
  });

  it('answers an unknown operation as a refusal of that call', () => {
    const outcomes = runGroup(db, writerOperations, [enqueue('a'), ['nonsense', []]]);
    assert.equal(errorOf(outcomes[1])?.code, 'LEDGER_REFUSED');
    assert.deepEqual(ids(), ['a']);
  });

  it('rejects every call as LEDGER_UNAVAILABLE when the disk is full, and goes on when there is room', () => {
    db.exec('PRAGMA max_page_count = 1');
    const large = aRun({ input: 'x'.repeat(2_000_000) });
    const outcomes = runGroup(db, writerOperations, [
      enqueue('a'),
      ['enqueueRuns', [0, [large], 1000]],
      enqueue('c'),
    ]);
    for (const outcome of outcomes) {
      const error = errorOf(outcome);
      assert.ok(error instanceof RetryableError);
      assert.equal(error.code, 'LEDGER_UNAVAILABLE');
    }
    assert.equal(outcomes.length, 3);
    assert.deepEqual(ids(), []);
    db.exec('PRAGMA max_page_count = 1000000');
    assert.deepEqual(errorOf(runGroup(db, writerOperations, [enqueue('a')])[0]), undefined);
    assert.deepEqual([ids(), counted()], [['a'], 1]);
  });

  it('rejects every call as LEDGER_UNAVAILABLE when another process holds the file', () => {
    const other = new SqliteDatabase(join(harness.folder, 'group.db'));
    other.exec('BEGIN IMMEDIATE');
    const impatient = new SqliteDatabase(join(harness.folder, 'group.db'), { busyTimeoutMs: 1 });
    const outcomes = runGroup(impatient, writerOperations, [enqueue('a')]);
    assert.equal(errorOf(outcomes[0])?.code, 'LEDGER_UNAVAILABLE');
    other.exec('ROLLBACK');
    assert.equal(errorOf(runGroup(impatient, writerOperations, [enqueue('a')])[0]), undefined);
    impatient.close();
    other.close();
  });

  it('refuses calls beyond the limit as LEDGER_BUSY and answers those within', async () => {
    const ledger = await harness.open();
    const calls = Array.from({ length: maxQueuedCalls + 5 }, () => ledger.nextDueAt(0));
    const results = await Promise.allSettled(calls);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    assert.equal(refused.length, 5);
    for (const error of refused) assert.ok(error instanceof RetryableError && error.code === 'LEDGER_BUSY');
    assert.equal(await ledger.nextDueAt(0), undefined);
  });

  it('fails only the call whose argument is not plain data', async () => {
    const ledger = await harness.open();
    const good = ledger.enqueueRuns(0, [aRun({ id: 'good' })], 1000);
    const bad = ledger.setPartnerControl({
      partner: 'p',
      held: true,
      draining: false,
      by: 'ada',
      reason: Symbol('not data') as unknown as string,
      at: 1,
    });
    await assert.rejects(bad, (error) => error instanceof FatalError && error.code === 'LEDGER_REFUSED');
    await good;
    assert.equal((await ledger.run('good'))?.state, 'queued');
  });
});
