/** Parked messages and dead letters. */
import assert from 'node:assert/strict';
import { FatalError } from '../../model/errors';
import { aDeadLetter, aFailure, aPark, aRun } from './builders';
import { type Bench, type LedgerHarness, readAll, startBench } from './harness';

export function waitConformance(harness: LedgerHarness): void {
  describe('parked messages', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
      await bench.ledger.enqueueRuns(
        0,
        [aRun({ id: 'r', orderKey: 'k', correlationId: 'c', partner: 'p' })],
        1000,
      );
      await bench.ledger.claimRuns(bench.lease, { now: 2000, limit: 1 });
    });
    afterEach(() => harness.close());

    const settle = (runId = 'r') =>
      bench.ledger.settleRuns(bench.lease, [{ runId, outcome: 'done', flowVersion: 'v1', at: 2000 }]);
    const fire = (now: number, limit = 10) => bench.ledger.fireTimers(bench.lease, { now, limit });

    it('parks once, however often the attempt is repeated', async () => {
      const seed = aPark('r', { signal: 'booked:4711', caseId: 'case-1' });
      assert.deepEqual(await bench.ledger.park(bench.lease, [seed, seed]), ['waiting', 'waiting']);
      assert.deepEqual(await bench.ledger.parkedByRun('r'), [{ ...seed, partition: 0, state: 'waiting' }]);
      assert.deepEqual(await bench.ledger.parkedByCase('case-1'), await bench.ledger.parkedByRun('r'));
      await settle();
      assert.equal(await fire(5000), 1);
      assert.deepEqual(await bench.ledger.park(bench.lease, [seed]), ['resumed']);
      assert.equal(await fire(9000), 0, 'parking again does not fire again');
    });

    it('fires due timers oldest first, up to the limit, each into one resume run', async () => {
      await bench.ledger.park(bench.lease, [
        aPark('r', { id: 'late', dueAt: 4000 }),
        aPark('r', { id: 'early', dueAt: 3000, nodeId: 'n2' }),
        aPark('r', { id: 'future', dueAt: 9000 }),
      ]);
      await settle();
      assert.equal(await fire(2999), 0);
      assert.equal(await fire(5000, 1), 1);
      const run = await bench.ledger.run('early:r');
      assert.deepEqual(
        [run?.kind, run?.ref, run?.orderKey, run?.nodeId, run?.rootRunId, run?.causationId, run?.dueAt],
        ['resume', 'early', 'k', 'n2', 'r', 'r', 5000],
      );
      assert.deepEqual([run?.correlationId, run?.partner, run?.flowVersion], ['c', 'p', 'v1']);
      assert.equal(await fire(5000), 1);
      assert.equal(await fire(5000), 0);
      assert.equal((await bench.ledger.run('r'))?.state, 'parked');
      assert.equal(await fire(9000), 1);
      assert.equal((await bench.ledger.run('r'))?.state, 'done', 'nothing waits any more');
    });

    it('fires a timer whose run has not settled yet', async () => {
      await bench.ledger.park(bench.lease, [aPark('r', { dueAt: 2500 })]);
      assert.equal(await fire(3000), 1);
      assert.deepEqual(await settle(), [{ runId: 'r', state: 'done' }]);
    });

    it('resumes what waits for a signal, with its payload', async () => {
      await bench.ledger.park(bench.lease, [
        aPark('r', { id: 'a', kind: 'signal', signal: 'booked:1', dueAt: 90_000 }),
        aPark('r', { id: 'b', kind: 'signal', signal: 'booked:2' }),
      ]);
      await settle();
      const request = { signal: 'booked:1', payload: { ref: 'B-1' }, by: 'ada', now: 4000 };
      assert.deepEqual(await bench.ledger.signal(0, request), ['a:r']);
      assert.deepEqual(await bench.ledger.signal(0, request), [], 'it waits no more');
      assert.deepEqual(await bench.ledger.signal(1, { ...request, signal: 'booked:2' }), []);
      const [first] = await bench.ledger.parkedByRun('r');
      assert.equal(first?.state, 'resumed');
      assert.deepEqual(first?.resumption, { reason: 'signal', payload: { ref: 'B-1' }, by: 'ada', at: 4000 });
      assert.equal(await fire(90_000), 1, 'only the one that still waits times out');
    });

    it('times a signal out', async () => {
      await bench.ledger.park(bench.lease, [aPark('r', { kind: 'signal', signal: 's', dueAt: 3000 })]);
      await settle();
      await fire(3000);
      const [parked] = await bench.ledger.parkedByRun('r');
      assert.deepEqual(parked?.resumption, { reason: 'timeout', at: 3000 });
    });

    it('lets either the signal or the time-out resume a message, never both', async () => {
      await bench.ledger.park(bench.lease, [
        aPark('r', { id: 'p', kind: 'signal', signal: 's', dueAt: 3000 }),
      ]);
      await settle();
      const [fired, signalled] = await Promise.all([
        fire(3000),
        bench.ledger.signal(0, { signal: 's', now: 3000 }),
      ]);
      assert.equal(fired + signalled.length, 1);
      assert.equal((await bench.ledger.runsByRoot('r')).length, 2);
    });

    it('queues the resumed run behind live runs of its key', async () => {
      await bench.ledger.park(bench.lease, [aPark('r', { id: 'p', dueAt: 3000 })]);
      await settle();
      await bench.ledger.enqueueRuns(0, [aRun({ id: 'next', orderKey: 'k' })], 1000);
      await fire(3000);
      const claimed = await bench.ledger.claimRuns(bench.lease, { now: 9000, limit: 10 });
      assert.deepEqual(
        claimed.map((run) => run.id),
        ['next'],
      );
    });

    it('refuses to park for a run that does not exist', async () => {
      await assert.rejects(bench.ledger.park(bench.lease, [aPark('nobody')]), FatalError);
    });
  });

  describe('dead letters', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const list = (filter: Parameters<Bench['ledger']['deadLetters']>[0], limit = 50) =>
      readAll((cursor) =>
        bench.ledger.deadLetters(filter, { limit, ...(cursor === undefined ? {} : { cursor }) }),
      );
    const ids = (letters: { id: string }[]) => letters.map((letter) => letter.id);

    it('keeps a letter once by its id', async () => {
      const letter = aDeadLetter({ id: 'd', attempt: 1 });
      await bench.ledger.addDeadLetters(0, [letter, { ...letter, attempt: 2 }]);
      await bench.ledger.addDeadLetters(0, [letter]);
      assert.deepEqual(
        (await list({})).map((found) => found.attempt),
        [1],
      );
    });

    it('filters by each field and lists the newest first', async () => {
      await bench.ledger.addDeadLetters(0, [
        aDeadLetter({ id: 'a', partner: 'p1', at: 1000, fingerprint: 'f1', runId: 'r1' }),
        aDeadLetter({ id: 'b', partner: 'p2', at: 3000, reason: { ...aFailure, code: 'BAD' } }),
        aDeadLetter({ id: 'c', partner: 'p1', at: 2000 }),
      ]);
      assert.deepEqual(ids(await list({})), ['b', 'c', 'a']);
      assert.deepEqual(ids(await list({ partner: 'p1' })), ['c', 'a']);
      assert.deepEqual(ids(await list({ reason: 'BAD' })), ['b']);
      assert.deepEqual(ids(await list({ since: 2000 })), ['b', 'c']);
      assert.deepEqual(ids(await list({ fingerprint: 'f1' })), ['a']);
      assert.deepEqual(ids(await list({ ids: ['a', 'b', 'x'] })), ['b', 'a']);
      assert.deepEqual(ids(await list({ runIds: ['r1'] })), ['a']);
      assert.deepEqual(ids(await list({ ids: [] })), []);
    });

    it('is resolved once', async () => {
      await bench.ledger.addDeadLetters(0, [aDeadLetter({ id: 'a' }), aDeadLetter({ id: 'b' })]);
      const resolution = { by: 'ada', reason: 'repaired', replayId: 'rep' };
      assert.equal(await bench.ledger.resolveDeadLetters(['a', 'x'], 'replayed', resolution, 5000), 1);
      assert.equal(await bench.ledger.resolveDeadLetters(['a', 'b'], 'discarded', resolution, 6000), 1);
      const letter = await bench.ledger.deadLetter('a');
      assert.deepEqual(
        [letter?.state, letter?.resolvedAt, letter?.resolution],
        ['replayed', 5000, resolution],
      );
      assert.deepEqual(ids(await list({ state: 'open' })), []);
      assert.deepEqual(ids(await list({ state: 'discarded' })), ['b']);
    });

    it('groups alike failures, with the latest as the sample', async () => {
      await bench.ledger.addDeadLetters(0, [
        aDeadLetter({ id: 'a', fingerprint: 'f1', at: 1000 }),
        aDeadLetter({ id: 'b', fingerprint: 'f1', at: 3000 }),
        aDeadLetter({ id: 'c', fingerprint: 'f1', at: 2000 }),
        aDeadLetter({ id: 'd', fingerprint: 'f2', at: 9000, partner: 'p' }),
      ]);
      const groups = await bench.ledger.deadLetterGroups({});
      assert.deepEqual(
        groups.map((group) => [group.fingerprint, group.count, group.latestAt, group.sample.id]),
        [
          ['f1', 3, 3000, 'b'],
          ['f2', 1, 9000, 'd'],
        ],
      );
      assert.equal((await bench.ledger.deadLetterGroups({ partner: 'p' })).length, 1);
    });

    it('pages without a gap or a repetition while letters are added', async () => {
      const letters = Array.from({ length: 10 }, (_, index) =>
        aDeadLetter({ at: 1000 + Math.floor(index / 3) }),
      );
      await bench.ledger.addDeadLetters(0, letters);
      const seen = await readAll(async (cursor) => {
        const page = await bench.ledger.deadLetters(
          {},
          { limit: 3, ...(cursor === undefined ? {} : { cursor }) },
        );
        await bench.ledger.addDeadLetters(0, [aDeadLetter({ at: 5000 })]);
        return page;
      });
      assert.deepEqual(ids(seen).sort(), ids(letters).sort());
    });

    it('refuses a cursor that is none of its own', async () => {
      await assert.rejects(bench.ledger.deadLetters({}, { limit: 3, cursor: 'nonsense' }), FatalError);
    });
  });
}
