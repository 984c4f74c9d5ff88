/** Runs: settlement, retries, revival, fencing. */
import assert from 'node:assert/strict';
import { FatalError, StaleFenceError } from '../../model/errors';
import { aDeadLetter, aFailure, anIntent, anItem, aPark, aRun } from './builders';
import { type Bench, type LedgerHarness, startBench, takeLease } from './harness';

export function runConformance(harness: LedgerHarness): void {
  describe('runs', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const claim = (now = 9000, limit = 100) => bench.ledger.claimRuns(bench.lease, { now, limit });
    const claimedIds = async (now?: number, limit?: number) => (await claim(now, limit)).map((run) => run.id);
    const settle = (...runIds: string[]) =>
      bench.ledger.settleRuns(
        bench.lease,
        runIds.map((runId) => ({ runId, outcome: 'done', at: 9000 })),
      );
    const retry = (runId: string, dueAt: number, spent = true) =>
      bench.ledger.settleRuns(bench.lease, [
        { runId, outcome: 'retry', dueAt, spent, error: aFailure, at: 9000 },
      ]);
    const enqueue = (...seeds: ReturnType<typeof aRun>[]) => bench.ledger.enqueueRuns(0, seeds, 1000);

    describe('settling', () => {
      it('ends a run with its trace and flow version', async () => {
        await enqueue(aRun({ id: 'r' }));
        await claim();
        const trace = [{ nodeId: 'n', nodeType: 'policy', at: 8000, outputs: ['ok'] }];
        const answer = await bench.ledger.settleRuns(bench.lease, [
          { runId: 'r', outcome: 'done', flowVersion: 'v9', trace, at: 9000 },
        ]);
        assert.deepEqual(answer, [{ runId: 'r', state: 'done' }]);
        const run = await bench.ledger.run('r');
        assert.deepEqual(
          [run?.state, run?.flowVersion, run?.settledAt, run?.trace],
          ['done', 'v9', 9000, trace],
        );
      });

      it('answers the state a run had ended in and changes nothing', async () => {
        await enqueue(aRun({ id: 'r' }));
        await claim();
        await settle('r');
        const answer = await bench.ledger.settleRuns(bench.lease, [
          { runId: 'r', outcome: 'dead', error: aFailure, deadLetters: [aDeadLetter()], at: 9999 },
        ]);
        assert.deepEqual(answer, [{ runId: 'r', state: 'done' }]);
        assert.equal((await bench.ledger.run('r'))?.settledAt, 9000);
        assert.deepEqual((await bench.ledger.deadLetters({}, { limit: 10 })).items, []);
      });

      it('becomes parked while messages wait, and frees its order key', async () => {
        await enqueue(aRun({ id: 'r', orderKey: 'k' }), aRun({ id: 'next', orderKey: 'k' }));
        await claim();
        await bench.ledger.park(bench.lease, [aPark('r')]);
        assert.deepEqual(await settle('r'), [{ runId: 'r', state: 'parked' }]);
        assert.deepEqual(await claimedIds(), ['next']);
      });

      it('tries again at the due time, counting the attempt when it was spent', async () => {
        await enqueue(aRun({ id: 'r', orderKey: 'k' }), aRun({ id: 'next', orderKey: 'k' }));
        await claim();
        assert.deepEqual(await retry('r', 12_000), [{ runId: 'r', state: 'queued' }]);
        assert.deepEqual(await claimedIds(11_999), [], 'the runs behind it keep waiting');
        assert.equal(await bench.ledger.nextDueAt(0), 12_000);
        const [second] = await claim(12_000);
        assert.deepEqual([second?.id, second?.attempt, second?.lastError], ['r', 2, aFailure]);
        await retry('r', 12_000, false);
        const [third] = await claim(12_000);
        assert.deepEqual([third?.id, third?.attempt], ['r', 2]);
      });

      it('ends dead with its letters, which free the key and take the correlation id', async () => {
        await enqueue(
          aRun({ id: 'r', orderKey: 'k', correlationId: 'corr' }),
          aRun({ id: 'next', orderKey: 'k' }),
        );
        await claim();
        const letter = aDeadLetter({ runId: 'r', ref: 'r', message: { payload: 1 } });
        await bench.ledger.settleRuns(bench.lease, [
          { runId: 'r', outcome: 'dead', error: aFailure, deadLetters: [letter], at: 9000 },
        ]);
        assert.equal((await bench.ledger.run('r'))?.state, 'dead');
        assert.deepEqual((await bench.ledger.run('r'))?.lastError, aFailure);
        assert.deepEqual(await claimedIds(), ['next']);
        assert.deepEqual(await bench.ledger.deadLetter(letter.id), {
          ...letter,
          partition: 0,
          state: 'open',
          correlationId: 'corr',
        });
      });

      it('keeps a letter of a run that went on', async () => {
        await enqueue(aRun({ id: 'r' }));
        await claim();
        const letter = aDeadLetter({ runId: 'r' });
        await bench.ledger.settleRuns(bench.lease, [
          { runId: 'r', outcome: 'done', at: 9000, deadLetters: [letter] },
        ]);
        assert.equal((await bench.ledger.deadLetter(letter.id))?.state, 'open');
      });

      it('refuses a run of another partition and undoes the whole call', async () => {
        await enqueue(aRun({ id: 'r' }));
        await bench.ledger.enqueueRuns(1, [aRun({ id: 'foreign' })], 1000);
        await claim();
        await assert.rejects(settle('r', 'foreign'), FatalError);
        assert.equal((await bench.ledger.run('r'))?.state, 'running');
        assert.equal((await bench.ledger.runCounts()).running, 1);
      });
    });

    describe('reviving', () => {
      it('runs a settled run again under the same attempt', async () => {
        await enqueue(aRun({ id: 'r', orderKey: 'k' }), aRun({ id: 'next', orderKey: 'k' }));
        await claim();
        await settle('r');
        assert.equal(await bench.ledger.reviveRun(bench.lease, 'r'), true);
        const run = await bench.ledger.run('r');
        assert.deepEqual([run?.state, run?.attempt, run?.settledAt], ['running', 1, undefined]);
        assert.deepEqual(await claimedIds(), [], 'the next run of the key stands behind it again');
        await settle('r');
        assert.deepEqual(await claimedIds(), ['next']);
      });

      it('leaves dead runs and those that wait for their next attempt', async () => {
        await enqueue(aRun({ id: 'dead' }), aRun({ id: 'again' }));
        await claim();
        await bench.ledger.settleRuns(bench.lease, [
          { runId: 'dead', outcome: 'dead', error: aFailure, deadLetters: [], at: 9000 },
        ]);
        await retry('again', 12_000);
        assert.equal(await bench.ledger.reviveRun(bench.lease, 'dead'), false);
        assert.equal(await bench.ledger.reviveRun(bench.lease, 'again'), false);
      });
    });

    describe('hastening', () => {
      it('makes runs that wait for this failure due now, of one partner when asked', async () => {
        await enqueue(
          aRun({ id: 'a', partner: 'a' }),
          aRun({ id: 'b', partner: 'b' }),
          aRun({ id: 'c', partner: 'a' }),
        );
        await claim();
        await retry('a', 50_000);
        await retry('b', 50_000);
        const otherError = { ...aFailure, code: 'OTHER' };
        await bench.ledger.settleRuns(bench.lease, [
          { runId: 'c', outcome: 'retry', dueAt: 50_000, spent: true, error: otherError, at: 9000 },
        ]);
        const hasten = (partner?: string) =>
          bench.ledger.hastenRuns(0, {
            errorCode: aFailure.code,
            now: 10_000,
            ...(partner === undefined ? {} : { partner }),
          });
        assert.equal(await hasten('a'), 1);
        assert.deepEqual(await claimedIds(10_000), ['a']);
        assert.equal(await hasten(), 1);
        assert.deepEqual(await claimedIds(10_000), ['b']);
      });
    });

    it('finds runs by root, case and correlation in order of arrival', async () => {
      await enqueue(
        aRun({ id: 'root', correlationId: 'c1' }),
        aRun({ id: 'child', rootRunId: 'root', caseId: 'case-1', correlationId: 'c1' }),
        aRun({ id: 'other', caseId: 'case-1', correlationId: 'c2' }),
      );
      const item = anItem();
      await bench.ledger.accept(0, [item]);
      const ids = (runs: { id: string }[]) => runs.map((run) => run.id);
      assert.deepEqual(ids(await bench.ledger.runsByRoot('root')), ['root', 'child']);
      assert.deepEqual(ids(await bench.ledger.runsByCase('case-1')), ['child', 'other']);
      assert.deepEqual(ids(await bench.ledger.runsByCorrelation(['c2', 'c1'])), ['root', 'child', 'other']);
      assert.deepEqual(ids(await bench.ledger.runsByCorrelation([item.correlationId])), [item.id]);
    });

    it('refuses every call under an old token', async () => {
      await enqueue(aRun({ id: 'r' }));
      await claim();
      const old = bench.lease;
      await takeLease(harness, bench.ledger, 0, 'worker-2');
      const intent = anIntent();
      const refused: (() => Promise<unknown>)[] = [
        () => bench.ledger.claimRuns(old, { now: 9000, limit: 1 }),
        () => bench.ledger.settleRuns(old, [{ runId: 'r', outcome: 'done', at: 9000 }]),
        () => bench.ledger.reviveRun(old, 'r'),
        () => bench.ledger.park(old, [aPark('r')]),
        () => bench.ledger.fireTimers(old, { now: 9000, limit: 1 }),
        () => bench.ledger.intendEffects(old, [intent]),
        () => bench.ledger.resolveEffects(old, [{ key: intent.key, state: 'CONFIRMED', at: 9000 }]),
      ];
      for (const call of refused) await assert.rejects(call(), StaleFenceError);
      assert.equal((await bench.ledger.run('r'))?.state, 'queued');
      assert.equal(await bench.ledger.effect(intent.key), undefined);
    });

    it('survives being closed between claim and settlement: the next owner gets the run', async () => {
      await enqueue(aRun({ id: 'r' }));
      await claim();
      const again = await harness.reopen();
      assert.equal((await again.run('r'))?.state, 'running');
      const lease = await takeLease(harness, again, 0, 'worker-2');
      const [run] = await again.claimRuns(lease, { now: 9000, limit: 10 });
      assert.deepEqual([run?.id, run?.attempt], ['r', 2]);
    });

    it('lets either the settlement or the take-over win, never both', async () => {
      await enqueue(...Array.from({ length: 20 }, (_, index) => aRun({ id: `r${index}` })));
      const runs = await claim();
      const [settled, lease] = await Promise.all([
        Promise.allSettled(runs.map((run) => settle(run.id))),
        takeLease(harness, bench.ledger, 0, 'worker-2'),
      ]);
      const again = await bench.ledger.claimRuns(lease, { now: 9000, limit: 100 });
      const done = runs.filter((_, index) => settled[index]?.status === 'fulfilled').map((run) => run.id);
      assert.deepEqual([...done, ...again.map((run) => run.id)].sort(), runs.map((run) => run.id).sort());
    });
  });
}
