import assert from 'node:assert/strict';
import { openMemoryLedger } from '../../lib/ledger/sqlite/memory';
import { StaleFenceError } from '../../lib/model/errors';

const seed = {
  id: 'r1',
  kind: 'case',
  ref: 'c1',
  orderKey: 'k',
  correlationId: 'x',
  rootRunId: 'r1',
  dueAt: 0,
} as const;
const acquire = { owner: 'me', partitions: [0], now: 0, leaseMs: 1_000, force: true };

describe('the ledger in memory', () => {
  it('answers as the one in a file does: leases, runs and their end', async () => {
    const ledger = openMemoryLedger();
    const [lease] = await ledger.acquire(acquire);
    assert.ok(lease);
    await ledger.enqueueRuns(0, [seed], 0);
    const [run] = await ledger.claimRuns(lease, { now: 0, limit: 10 });
    assert.equal(run?.id, 'r1');
    const settled = await ledger.settleRuns(lease, [{ runId: 'r1', outcome: 'done', at: 1 }]);
    assert.deepEqual(settled, [{ runId: 'r1', state: 'done' }]);
    assert.equal((await ledger.run('r1'))?.state, 'done');
    await ledger.close();
  });

  it('refuses an old fence with the same error', async () => {
    const ledger = openMemoryLedger();
    const [lease] = await ledger.acquire(acquire);
    assert.ok(lease);
    await ledger.acquire({ ...acquire, owner: 'other' });
    await assert.rejects(ledger.claimRuns(lease, { now: 0, limit: 1 }), StaleFenceError);
    await ledger.close();
  });

  it('forgets everything when it is reset, and goes on', async () => {
    const ledger = openMemoryLedger();
    await ledger.acquire(acquire);
    await ledger.enqueueRuns(0, [seed], 0);
    ledger.reset();
    assert.equal(await ledger.run('r1'), undefined);
    assert.deepEqual(
      Object.values(await ledger.runCounts()).filter((count) => count > 0),
      [],
    );
    const [lease] = await ledger.acquire(acquire);
    assert.ok(lease);
    await ledger.enqueueRuns(0, [seed], 0);
    assert.equal((await ledger.claimRuns(lease, { now: 0, limit: 10 })).length, 1);
    await ledger.close();
  });
});
