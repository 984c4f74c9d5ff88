/** Polls: cursors under a lease, and the tracking numbers that facts bring along. */
import assert from 'node:assert/strict';
import { StaleFenceError } from '../../model/errors';
import type { FactSeed } from '../cases';
import type { Poll } from '../polls';
import { aCommit, aFactSeed } from './builders';
import { type Bench, type LedgerHarness, startBench, takeLease } from './harness';

const aPoll = (overrides: Partial<Poll> = {}): Poll => ({
  partner: 'ups-us',
  subject: '1Z1',
  dueAt: 1000,
  intervalMs: 60_000,
  ...overrides,
});

/** A fact about a parcel of a carrier. */
function aScan(
  carrier: string,
  number: string,
  recordedAt: number,
  subject = `trk:${carrier}:${number}`,
): FactSeed {
  const seed = aFactSeed({ subject, recordedAt });
  const token = { kind: 'trackingNumber', namespace: carrier, value: number, normalized: number };
  return { ...seed, tokens: [...seed.tokens, token] };
}

export function pollConformance(harness: LedgerHarness): void {
  describe('polls', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const save = (...polls: Poll[]) => bench.ledger.savePolls(bench.lease, polls);
    const due = async (now: number, limit = 10) =>
      (await bench.ledger.duePolls('ups-us', { now, limit })).map(({ subject }) => subject);
    const record = (...facts: FactSeed[]) => bench.ledger.record(0, aCommit({ facts }));
    const enrol = (overrides: object = {}) =>
      bench.ledger.enrolNumbers(bench.lease, {
        partner: 'ups-us',
        carriers: ['ups'],
        since: 0,
        limit: 100,
        now: 9000,
        ...overrides,
      });

    it('keep what was saved last, also after the ledger was opened again', async () => {
      const full = aPoll({
        subject: '',
        cursor: '{"page":"ü"}',
        shipment: 'trk:ups:1Z1',
        polledAt: 900,
        newsAt: 800,
        seenAt: 700,
      });
      await save(aPoll({ subject: '' }), aPoll());
      await save(full);
      const again = await harness.reopen();
      assert.deepEqual(await again.poll('ups-us', ''), full);
      assert.deepEqual(await again.poll('ups-us', '1Z1'), aPoll());
      assert.equal(await again.poll('ups-eu', '1Z1'), undefined);
    });

    it('move under the current lease only, all of a call or none', async () => {
      await save(aPoll({ cursor: 'mine' }));
      await takeLease(harness, bench.ledger, 0, 'worker-2');
      await assert.rejects(save(aPoll({ cursor: 'late' })), StaleFenceError);
      await assert.rejects(enrol(), StaleFenceError);
      assert.equal((await bench.ledger.poll('ups-us', '1Z1'))?.cursor, 'mine');
    });

    it('are due in the order of their times, the feed never among the numbers', async () => {
      await save(
        aPoll({ subject: '' }),
        aPoll({ subject: 'c', dueAt: 3000 }),
        aPoll({ subject: 'a', dueAt: 1000 }),
        aPoll({ subject: 'b', dueAt: 2000 }),
        aPoll({ partner: 'ups-eu', subject: 'd', dueAt: 1 }),
      );
      assert.deepEqual(await due(2000), ['a', 'b']);
      assert.deepEqual(await due(9000, 1), ['a']);
      assert.deepEqual(await bench.ledger.pollCount('ups-us'), { numbers: 3, dueAt: 1000 });
      assert.deepEqual(await bench.ledger.pollCount('nobody'), { numbers: 0 });
    });

    it('end when they are forgotten', async () => {
      await save(aPoll());
      await bench.ledger.savePolls(bench.lease, [{ partner: 'ups-us', subject: '1Z1', forget: true }]);
      assert.equal(await bench.ledger.poll('ups-us', '1Z1'), undefined);
    });

    it('begin for the numbers of a carrier that facts tell of, once each', async () => {
      await record(aScan('UPS', '1Z1', 5000), aScan('ups', '1Z1', 6000), aScan('fedex', '77', 5000));
      await record(aFactSeed(), aScan('ups', '1Z2', 5000));
      assert.deepEqual(await enrol(), { read: 5, enrolled: 2 });
      assert.deepEqual(await enrol(), { read: 0, enrolled: 0 });
      assert.deepEqual(await due(9000), ['1Z1', '1Z2']);
      assert.deepEqual(
        await bench.ledger.poll('ups-us', '1Z1'),
        aPoll({ dueAt: 9000, intervalMs: 0, seenAt: 6000, shipment: 'trk:ups:1Z1' }),
      );
    });

    it('begin for the numbers of any carrier that the partner named itself', async () => {
      const own = { ...aScan('dhl', 'own', 5000), partner: 'ups-us' };
      await record(own, aScan('dhl', 'other', 5000));
      assert.deepEqual(await enrol(), { read: 2, enrolled: 1 });
      assert.deepEqual(await due(9000), ['own']);
    });

    it('go on from where the last call stopped', async () => {
      await record(...['a', 'b', 'c'].map((number) => aScan('ups', number, 5000)));
      assert.deepEqual(await enrol({ limit: 2 }), { read: 2, enrolled: 2 });
      const again = await harness.reopen();
      const lease = await takeLease(harness, again, 0);
      const rest = { partner: 'ups-us', carriers: ['ups'], since: 0, limit: 2, now: 9000 };
      assert.deepEqual(await again.enrolNumbers(lease, rest), { read: 1, enrolled: 1 });
    });

    it('keep their cursor and time when another fact is seen, and learn of the shipment', async () => {
      const known = aPoll({ cursor: 'etag', dueAt: 70_000, shipment: 'trk:ups:1Z1', seenAt: 5000 });
      await save(known);
      await record(aScan('ups', '1Z1', 8000, 'trk:ups:1Z1:2026-03-02'), aScan('ups', '1Z1', 7000));
      await enrol();
      const learnt = await bench.ledger.poll('ups-us', '1Z1');
      assert.deepEqual(learnt, { ...known, seenAt: 8000, shipment: 'trk:ups:1Z1' });
    });

    it('pass over facts from before', async () => {
      await record(aScan('ups', 'old', 1000), aScan('ups', 'new', 5000));
      await enrol({ since: 2000 });
      assert.deepEqual(await due(9000), ['new']);
    });
  });
}
