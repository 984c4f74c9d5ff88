/** What asks for attention by itself: shipments to look at again, alerts, and the children of an incident. */
import assert from 'node:assert/strict';
import type { AlertSeed } from '../../model/alert';
import { StaleFenceError } from '../../model/errors';
import { aCaseWrite, aCommit, aFactSeed, aRun, aView } from './builders';
import { type Bench, type LedgerHarness, startBench, takeLease } from './harness';

let ids = 0;
const anAlert = (overrides: Partial<AlertSeed> = {}): AlertSeed => ({
  id: `alert-${++ids}`,
  key: 'cause',
  kind: 'business',
  rule: 'flow',
  severity: 'S2',
  title: 'Late',
  message: 'It is late.',
  at: 1000,
  ...overrides,
});

export function attentionConformance(harness: LedgerHarness): void {
  describe('attention', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());
    watchedShipments(() => bench);
    alerts(() => bench);
    it('finds the cases that wait for an incident', async () => {
      const child = aCaseWrite({ subject: 'ord:shop:1' });
      const waits = { ...child, state: { ...child.state, parent: 'incident-1' } };
      await bench.ledger.record(0, aCommit({ cases: [waits, aCaseWrite({ subject: 'ord:shop:2' })] }));
      const found = await bench.ledger.cases({ parent: 'incident-1' }, { limit: 10 });
      assert.deepEqual(found.items, [waits.state]);
    });
  });
}

function watchedShipments(bench: () => Bench): void {
  const watch = (key: string, watchAt?: number, expectedVersion = 0, partition = 0) => {
    const view = aView([aFactSeed({ subject: key })], key);
    const write = { key, expectedVersion, view, ...(watchAt === undefined ? {} : { watchAt }) };
    return bench().ledger.record(partition, aCommit({ shipments: [write] }));
  };
  const due = async (now: number, limit = 10, partition = 0) =>
    (await bench().ledger.dueShipments(partition, { now, limit })).map(({ key }) => key);

  it('is due by partition, the most overdue first, bounded', async () => {
    await watch('b', 2000);
    await watch('a', 1000);
    await watch('never');
    await watch('elsewhere', 1000, 0, 1);
    assert.deepEqual(await due(999), []);
    assert.deepEqual(await due(2000), ['a', 'b']);
    assert.deepEqual(await due(2000, 1), ['a']);
    assert.deepEqual(await due(2000, 10, 1), ['elsewhere']);
  });

  it('keeps the earlier of two times until somebody has looked', async () => {
    await watch('a', 2000);
    await watch('a', 3000, 1);
    await watch('a', undefined, 2);
    assert.deepEqual(await due(2000), ['a']);
    await watch('a', 500, 3);
    assert.deepEqual(await due(500), ['a']);
  });

  it('sets the next look under the lease, of a shipment that has not changed since', async () => {
    const { ledger, lease, harness } = bench();
    await watch('a', 1000);
    await watch('b', 1000);
    await watch('b', 1000, 1);
    const looked = [
      { key: 'a', expectedVersion: 1, at: 5000 },
      { key: 'b', expectedVersion: 1 },
    ];
    await ledger.watchShipments(lease, looked);
    assert.deepEqual(await due(4999), ['b'], 'b changed while it was looked at');
    await ledger.watchShipments(lease, [{ key: 'b', expectedVersion: 2 }]);
    assert.deepEqual(await due(9_000), ['a']);
    await takeLease(harness, ledger, 0, 'worker-2');
    await assert.rejects(ledger.watchShipments(lease, [{ key: 'a', expectedVersion: 1 }]), StaleFenceError);
  });
}

function alerts(bench: () => Bench): void {
  const raise = (alert: AlertSeed, run = aRun({ id: alert.id, kind: 'alert', ref: alert.id })) =>
    bench().ledger.raiseAlerts(0, [{ alert, run }]);

  it('fires once for a cause, counts the rest, and queues a run with the first only', async () => {
    const { ledger } = bench();
    const first = anAlert({ detail: { orders: 3 }, caseId: 'c', subject: 's', partner: 'p', region: 'DE' });
    const [fired] = await raise(first);
    const again = anAlert({ at: 2000 });
    const [counted] = await raise(again);
    const { at: _at, ...seed } = first;
    assert.deepEqual(fired, {
      fired: true,
      alert: { ...seed, state: 'firing', count: 1, firedAt: 1000, lastAt: 1000 },
    });
    assert.deepEqual([counted?.fired, counted?.alert.id, counted?.alert.count], [false, first.id, 2]);
    assert.ok(await ledger.run(first.id));
    assert.equal(await ledger.run(again.id), undefined);
    assert.equal((await ledger.alert(first.id))?.lastAt, 2000);
  });

  it('fires anew for a cause that was over, and never twice under one id', async () => {
    const { ledger } = bench();
    const first = anAlert();
    await raise(first);
    assert.equal(await ledger.resolveAlerts([first.key, 'other'], 3000), 1);
    const [repeated] = await raise(first);
    assert.deepEqual([repeated?.fired, repeated?.alert.state], [false, 'resolved']);
    const [anew] = await raise(anAlert({ at: 4000 }));
    assert.deepEqual([anew?.fired, anew?.alert.count], [true, 1]);
    assert.equal(await ledger.resolveAlerts([first.key], 5000), 1);
    assert.equal(await ledger.resolveAlerts([first.key], 5000), 0);
  });

  it('is acknowledged by the first who says so, as long as it is open', async () => {
    const { ledger } = bench();
    const alert = anAlert();
    await raise(alert);
    const known = await ledger.acknowledgeAlert(alert.id, 'ann', 2000);
    assert.deepEqual(
      [known?.state, known?.acknowledgedBy, known?.acknowledgedAt],
      ['acknowledged', 'ann', 2000],
    );
    assert.equal((await ledger.acknowledgeAlert(alert.id, 'ben', 3000))?.acknowledgedBy, 'ann');
    assert.equal((await raise(anAlert()))[0]?.fired, false, 'it stays the alert of its cause');
    await ledger.resolveAlerts([alert.key], 4000);
    assert.equal(await ledger.acknowledgeAlert(alert.id, 'ben', 5000), undefined);
    assert.equal(await ledger.acknowledgeAlert('nobody', 'ben', 5000), undefined);
  });

  it('is listed within regions and partners', async () => {
    const { ledger } = bench();
    await raise(anAlert({ id: 'here', key: 'here', region: 'DE-BY', partner: 'p' }));
    await raise(anAlert({ id: 'there', key: 'there', region: 'US', partner: 'p' }));
    await raise(anAlert({ id: 'nowhere', key: 'nowhere' }));
    const within = await ledger.alerts({ scope: { regions: ['DE'], partners: ['p'] } }, { limit: 10 });
    assert.deepEqual(
      within.items.map((alert) => alert.id),
      ['here'],
    );
  });

  it('is listed by channel and state, newest first, page by page', async () => {
    const { ledger } = bench();
    const names = ['a', 'b', 'c'];
    for (const key of names) await raise(anAlert({ key }));
    await raise(anAlert({ key: 'd', kind: 'technical', partner: 'ups', rule: 'incident' }));
    await ledger.resolveAlerts(['b'], 2000);
    const keys = async (filter: Parameters<typeof ledger.alerts>[0]) =>
      (await ledger.alerts(filter, { limit: 10 })).items.map(({ key }) => key);
    assert.deepEqual(await keys({ kind: 'business' }), ['c', 'b', 'a']);
    assert.deepEqual(await keys({ kind: 'business', state: ['firing', 'acknowledged'] }), ['c', 'a']);
    assert.deepEqual(await keys({ partner: 'ups', rule: 'incident' }), ['d']);
    const first = await ledger.alerts({}, { limit: 3 });
    const rest = await ledger.alerts({}, { limit: 3, cursor: first.nextCursor ?? '' });
    assert.deepEqual(
      [first.items.length, rest.items.map(({ key }) => key), rest.nextCursor],
      [3, ['a'], null],
    );
  });
}
