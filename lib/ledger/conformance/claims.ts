/** Claiming: which runs a worker gets, in which order, and that nobody else gets them. */
import assert from 'node:assert/strict';
import { aFactSeed, anItem, aPark, aRun } from './builders';
import { type Bench, type LedgerHarness, startBench, takeLease } from './harness';

export function claimConformance(harness: LedgerHarness): void {
  describe('claiming runs', () => {
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
    const enqueue = (...seeds: ReturnType<typeof aRun>[]) => bench.ledger.enqueueRuns(0, seeds, 1000);

    it('gives due runs oldest first, up to the limit', async () => {
      const late = aRun({ dueAt: 3000 });
      const early = aRun({ dueAt: 2000 });
      const future = aRun({ dueAt: 20_000 });
      await enqueue(late, early, future);
      assert.deepEqual(await claimedIds(9000, 1), [early.id]);
      assert.deepEqual(await claimedIds(), [late.id]);
      assert.deepEqual(await claimedIds(), []);
      assert.deepEqual(await claimedIds(20_000), [future.id]);
    });

    it('joins the payload to a raw run and the message to a resumed one', async () => {
      const item = anItem({ headers: { a: 'b' } });
      await bench.ledger.accept(0, [item]);
      const [raw] = await claim();
      assert.deepEqual(raw?.raw && { ...raw.raw, body: Buffer.from(raw.raw.body).toString() }, {
        partner: item.partner,
        headers: { a: 'b' },
        body: Buffer.from(item.body).toString(),
        mediaType: item.mediaType,
        receivedAt: item.receivedAt,
        contentHash: item.contentHash,
      });
      const parked = aPark(item.id);
      await bench.ledger.park(bench.lease, [parked]);
      await settle(item.id);
      await bench.ledger.fireTimers(bench.lease, { now: 5000, limit: 10 });
      const [resumed] = await claim();
      assert.equal(resumed?.kind, 'resume');
      assert.deepEqual(resumed?.parked?.message, parked.message);
      assert.equal(resumed?.parked?.resumption?.reason, 'timer');
      assert.equal(resumed?.raw, undefined);
    });

    it('never calls a shipment unseen that the ledger knows', async () => {
      const known = aFactSeed();
      const commit = { facts: [known], shipments: [], cases: [], runs: [], audit: [], now: 1000 };
      await bench.ledger.record(0, commit);
      const items = [anItem({ orderKey: known.fact.subject }), anItem({ orderKey: 'trk:fedex:new' })];
      await bench.ledger.accept(0, items);
      const [first, second] = await claim();
      assert.deepEqual([first?.id, second?.id], [items[0]?.id, items[1]?.id]);
      assert.notEqual(first?.unseen, true);
      const [again] = await bench.ledger.accept(0, [anItem({ orderKey: known.fact.subject })], bench.lease);
      assert.ok(again?.status === 'accepted' && again.unseen !== true);
    });

    it('carries every field of the seed', async () => {
      const seed = aRun({
        kind: 'case',
        partner: 'p',
        nodeId: 'n',
        flowVersion: 'v1',
        causationId: 'c',
        rootRunId: 'root',
        caseId: 'case-1',
        input: { a: [1, { b: null }] },
      });
      await enqueue(seed);
      const [run] = await claim(9000);
      assert.ok(run);
      const { partition, seq, state, attempt, createdAt, startedAt, ...rest } = run;
      assert.deepEqual(rest, seed);
      assert.deepEqual([partition, state, attempt, createdAt, startedAt], [0, 'running', 1, 1000, 9000]);
      assert.ok(Number.isInteger(seq));
    });

    it('leaves a known id as it is', async () => {
      const seed = aRun({ input: 'first' });
      await enqueue(seed);
      await enqueue({ ...seed, input: 'second' }, seed);
      const runs = await claim();
      assert.deepEqual(
        runs.map((run) => run.input),
        ['first'],
      );
      assert.equal((await bench.ledger.backlog()).total, 1);
    });

    it('holds runs back behind a live run of their key, and no others', async () => {
      const runs = ['a1', 'b1', 'a2', 'a3'].map((id) => aRun({ id, orderKey: id[0] ?? '' }));
      await enqueue(...runs);
      assert.deepEqual(await claimedIds(), ['a1', 'b1']);
      await settle('b1');
      assert.deepEqual(await claimedIds(), []);
      await settle('a1');
      assert.deepEqual(await claimedIds(), ['a2']);
      await settle('a2');
      assert.deepEqual(await claimedIds(), ['a3']);
    });

    it('keeps the order of arrival in a key, whatever is due first', async () => {
      await enqueue(
        aRun({ id: 'first', orderKey: 'k', dueAt: 8000 }),
        aRun({ id: 'second', orderKey: 'k', dueAt: 1 }),
      );
      assert.deepEqual(await claimedIds(5000), []);
      assert.deepEqual(await claimedIds(8000), ['first']);
    });

    it('keeps order keys of two partitions apart', async () => {
      const other = await takeLease(harness, bench.ledger, 1);
      await enqueue(aRun({ id: 'here', orderKey: 'k' }));
      await bench.ledger.enqueueRuns(1, [aRun({ id: 'there', orderKey: 'k' })], 1000);
      assert.deepEqual(await claimedIds(), ['here']);
      const claimed = await bench.ledger.claimRuns(other, { now: 9000, limit: 10 });
      assert.deepEqual(
        claimed.map((run) => run.id),
        ['there'],
      );
    });

    it('gives every run to exactly one of many claims at once', async () => {
      await enqueue(...Array.from({ length: 60 }, () => aRun()));
      const batches = await Promise.all(Array.from({ length: 12 }, () => claimedIds(9000, 7)));
      const ids = batches.flat();
      assert.equal(ids.length, 60);
      assert.equal(new Set(ids).size, 60);
    });

    it('says when something becomes due next', async () => {
      assert.equal(await bench.ledger.nextDueAt(0), undefined);
      await enqueue(aRun({ id: 'r', orderKey: 'k', dueAt: 7000 }), aRun({ orderKey: 'k', dueAt: 1 }));
      assert.equal(await bench.ledger.nextDueAt(0), 7000, 'a run behind another waits for that one');
      assert.equal(await bench.ledger.nextDueAt(1), undefined);
      await claim();
      await bench.ledger.park(bench.lease, [aPark('r', { dueAt: 6000 })]);
      assert.equal(await bench.ledger.nextDueAt(0), 6000);
    });
  });
}
