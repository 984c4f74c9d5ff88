/** Intake and leases. */
import assert from 'node:assert/strict';
import { StaleFenceError } from '../../model/errors';
import { anItem, aRun } from './builders';
import { type Bench, type LedgerHarness, leaseMs, partitions, startBench, takeLease } from './harness';

export function intakeConformance(harness: LedgerHarness): void {
  describe('intake', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    it('journals a payload byte for byte and queues a run of the same id', async () => {
      const item = anItem({ body: new Uint8Array([0, 255, 13, 10, 128]), headers: { 'x-a': 'é' } });
      const [answer] = await bench.ledger.accept(0, [item]);
      assert.ok(answer?.status === 'accepted');
      assert.deepEqual([answer.id, answer.runId, answer.claimed], [item.id, item.id, false]);
      const stored = await bench.ledger.rawPayload(item.id);
      assert.ok(stored);
      assert.deepEqual([...stored.body], [0, 255, 13, 10, 128]);
      assert.deepEqual({ ...stored, body: null }, { ...item, partition: 0, body: null });
      const run = await bench.ledger.run(item.id);
      assert.equal(run?.state, 'queued');
      assert.deepEqual([run?.kind, run?.ref, run?.rootRunId, run?.attempt], ['raw', item.id, item.id, 1]);
    });

    it('counts its commits and calls, and that nothing waits afterwards', async () => {
      const before = bench.ledger.work();
      await Promise.all([bench.ledger.accept(0, [anItem()]), bench.ledger.accept(0, [anItem()])]);
      const after = bench.ledger.work();
      assert.equal(after.calls - before.calls, 2);
      assert.ok(after.commits > before.commits && after.commits - before.commits <= 2);
      assert.ok(after.busyMs >= before.busyMs);
      assert.equal(after.waiting, 0);
    });

    it('keeps a body that is a view on a larger buffer', async () => {
      const whole = Buffer.from('before|the body|after');
      const item = anItem({ body: whole.subarray(7, 15) });
      await bench.ledger.accept(0, [item]);
      const stored = await bench.ledger.rawPayload(item.id);
      assert.equal(Buffer.from(stored?.body ?? []).toString(), 'the body');
    });

    it('answers the first id and correlation id for the same key with the same content', async () => {
      const first = anItem();
      await bench.ledger.accept(0, [first]);
      const again = anItem({ dedupKey: first.dedupKey, contentHash: first.contentHash });
      assert.deepEqual(await bench.ledger.accept(0, [again]), [
        { status: 'duplicate', id: first.id, correlationId: first.correlationId },
      ]);
      assert.equal(await bench.ledger.rawPayload(again.id), undefined);
      assert.equal(await bench.ledger.run(again.id), undefined);
    });

    it('finds a duplicate within one call', async () => {
      const first = anItem();
      const answers = await bench.ledger.accept(0, [first, { ...first, id: 'other' }]);
      assert.deepEqual(
        answers.map((answer) => answer.status),
        ['accepted', 'duplicate'],
      );
    });

    it('keeps other content under a known key as its own payload and dead letter, once', async () => {
      const first = anItem();
      const other = anItem({ dedupKey: first.dedupKey, receivedAt: 1500 });
      await bench.ledger.accept(0, [first]);
      assert.deepEqual(await bench.ledger.accept(0, [other]), [
        { status: 'conflict', id: other.id, firstId: first.id },
      ]);
      const repeated = anItem({ dedupKey: first.dedupKey, contentHash: other.contentHash });
      assert.deepEqual(await bench.ledger.accept(0, [repeated]), [
        { status: 'conflict', id: other.id, firstId: first.id },
      ]);
      assert.equal((await bench.ledger.rawPayload(other.id))?.contentHash, other.contentHash);
      const letters = await bench.ledger.deadLetters({ reason: 'DEDUP_CONFLICT' }, { limit: 10 });
      assert.deepEqual(
        letters.items.map((letter) => [letter.kind, letter.ref, letter.partner, letter.state]),
        [['raw', other.id, first.partner, 'open']],
      );
      assert.equal(await bench.ledger.run(other.id), undefined);
    });

    it('keeps keys of two partners apart', async () => {
      const first = anItem({ partner: 'a' });
      const second = anItem({ partner: 'b', dedupKey: first.dedupKey });
      const answers = await bench.ledger.accept(0, [first, second]);
      assert.deepEqual(
        answers.map((answer) => answer.status),
        ['accepted', 'accepted'],
      );
    });

    it('hands a run to the claimer in the same commit when its order key is free, and only then', async () => {
      const first = anItem({ orderKey: 'o1' });
      const second = anItem({ orderKey: 'o1' });
      const third = anItem({ orderKey: 'o2' });
      const answers = await bench.ledger.accept(0, [first, second, third], { fence: bench.lease.fence });
      assert.deepEqual(
        answers.map((answer) => answer.status === 'accepted' && answer.claimed),
        [true, false, true],
      );
      assert.equal((await bench.ledger.run(first.id))?.state, 'running');
      assert.equal((await bench.ledger.run(second.id))?.state, 'queued');
      const claimed = await bench.ledger.claimRuns(bench.lease, { now: 9000, limit: 10 });
      assert.deepEqual(claimed, []);
    });

    it('refuses a claim under an old token and keeps nothing of the call', async () => {
      await takeLease(harness, bench.ledger, 0, 'worker-2');
      const item = anItem();
      await assert.rejects(bench.ledger.accept(0, [item], { fence: bench.lease.fence }), StaleFenceError);
      assert.equal(await bench.ledger.rawPayload(item.id), undefined);
    });

    it('counts live runs, all and by partner, until they have ended', async () => {
      const items = [anItem({ partner: 'a' }), anItem({ partner: 'a' }), anItem({ partner: 'b' })];
      await bench.ledger.accept(0, items);
      await bench.ledger.enqueueRuns(0, [aRun()], 1000);
      assert.deepEqual(await bench.ledger.backlog(), { total: 4, byPartner: { a: 2, b: 1 } });
      const claimed = await bench.ledger.claimRuns(bench.lease, { now: 2000, limit: 10 });
      assert.equal((await bench.ledger.backlog()).total, 4);
      await bench.ledger.settleRuns(
        bench.lease,
        claimed.map((run) => ({ runId: run.id, outcome: 'done', at: 2000 })),
      );
      assert.deepEqual(await bench.ledger.backlog(), { total: 0, byPartner: {} });
      assert.equal((await bench.ledger.runCounts()).done, 4);
    });

    it('has what it acknowledged after it was opened again', async () => {
      const items = Array.from({ length: 50 }, () => anItem());
      await Promise.all(items.map((item) => bench.ledger.accept(0, [item])));
      const again = await harness.reopen();
      for (const item of items) assert.ok(await again.rawPayload(item.id), `${item.id} is missing`);
      assert.equal((await again.backlog()).total, 50);
      assert.equal(again.partitions, partitions);
    });
  });

  describe('leases', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const ask = (owner: string, force = false) =>
      bench.ledger.acquire({ owner, partitions: [1, 2], now: harness.now(), leaseMs, force });

    it('gives free partitions with rising tokens and leaves held ones alone', async () => {
      const first = await ask('a');
      assert.deepEqual(
        first.map((lease) => lease.partition),
        [1, 2],
      );
      assert.deepEqual(await ask('b'), []);
      const forced = await ask('b', true);
      assert.deepEqual(
        forced.map((lease, index) => lease.fence > (first[index]?.fence ?? 0)),
        [true, true],
      );
    });

    it('gives a partition away when its lease has expired or was released', async () => {
      const first = await ask('a');
      harness.advance(leaseMs - 1);
      assert.deepEqual(await ask('b'), []);
      harness.advance(1);
      assert.equal((await ask('b')).length, 2);
      await bench.ledger.release({ owner: 'a', leases: first });
      assert.deepEqual(await ask('c'), [], 'an old owner cannot release for the new one');
      const held = await ask('b', true);
      await bench.ledger.release({ owner: 'b', leases: held });
      assert.equal((await ask('c')).length, 2);
    });

    it('renews what is still held and says what is not', async () => {
      const leases = await ask('a');
      await takeLease(harness, bench.ledger, 2, 'b');
      const renewed = await bench.ledger.renew({
        owner: 'a',
        leases,
        now: harness.now() + leaseMs - 1,
        leaseMs,
      });
      assert.deepEqual(renewed, [1]);
      harness.advance(leaseMs + 1);
      const taken = await ask('c');
      assert.deepEqual(
        taken.map((lease) => lease.partition),
        [2],
      );
    });

    it('queues what the old owner left running, with its next attempt and in its place', async () => {
      const items = [anItem({ orderKey: 'o' }), anItem({ orderKey: 'o' })];
      await bench.ledger.accept(0, items, { fence: bench.lease.fence });
      const lease = await takeLease(harness, bench.ledger, 0, 'worker-2');
      const [again, ...rest] = await bench.ledger.claimRuns(lease, { now: 9000, limit: 10 });
      assert.deepEqual([again?.id, again?.attempt, rest.length], [items[0]?.id, 2, 0]);
    });

    it('lets exactly one of two owners win a free partition', async () => {
      const answers = await Promise.all([
        bench.ledger.acquire({ owner: 'a', partitions: [3], now: harness.now(), leaseMs }),
        bench.ledger.acquire({ owner: 'b', partitions: [3], now: harness.now(), leaseMs }),
      ]);
      assert.equal(answers.flat().length, 1);
    });
  });
}
