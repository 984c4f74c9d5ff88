/** What nobody reports is noticed by the clock: deadlines, service clocks, cut-offs, outages; each is stated and told once. */
import assert from 'node:assert/strict';
import { regionCalendars } from '../../lib/model/calendar';
import type { CaseState } from '../../lib/model/case';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { sinkNode } from '../support/flow-nodes';
import type { TestDelivery } from '../support/test-partner';
import { waitUntil } from '../support/wait';

const hour = 3_600_000;
const monday = Date.parse('2026-06-01T06:00:00Z');
const recording = [
  { id: 'in', z: 'tab', type: 'test-in', wires: [['record']] },
  { id: 'record', z: 'tab', type: 'test-record', wires: [['sink']] },
  sinkNode,
];
const berlin = regionCalendars.parse({
  default: {
    name: 'berlin',
    zone: 'Europe/Berlin',
    hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['08:00', '17:00']]])),
    holidays: ['2026-06-02'],
    cutOffs: [{ name: '17:00 pickup', time: '17:00' }],
  },
});

describe('What nobody reports', () => {
  let test: TestEngine;
  let clock: number;

  beforeEach(async () => {
    clock = monday;
    test = await openTestEngine({
      now: () => clock,
      limits: { attentionMs: 10 },
      calendars: new Map([['DE', berlin]]),
      partner: { patience: { stalledAfterMs: 10 * hour } },
    });
    await deploy(test, [], recording);
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
  });

  let seq = 0;
  async function say(delivery: Partial<TestDelivery>): Promise<void> {
    seq += 1;
    await test.deliver({ shipment: 'S1', seq, at: new Date(clock).toISOString(), ...delivery });
    await test.quiet();
  }
  const cases = async () => (await test.ledger.cases({}, { limit: 50 })).items;
  const oneCase = (code: string): Promise<CaseState> =>
    waitUntil(async () => (await cases()).find((state) => state.code === code), { what: code });
  const due = async () => {
    const found = [];
    for (let partition = 0; partition < test.ledger.partitions; partition += 1)
      found.push(...(await test.ledger.dueShipments(partition, { now: clock, limit: 10 })));
    return found;
  };
  const settled = () =>
    waitUntil(async () => (await due()).length === 0, { what: 'every deadline looked at' });
  const alerts = async (filter: Parameters<TestEngine['ledger']['alerts']>[0] = {}) =>
    (await test.ledger.alerts(filter, { limit: 50 })).items;

  it('opens a case for a promise that passed, with a fact of ours about the shipment, once', async () => {
    await say({ context: { promisedDeliveryAt: new Date(monday + 2 * hour).toISOString(), region: 'DE' } });
    clock += 2 * hour;
    await settled();
    assert.deepEqual(await cases(), [], 'the grace has not passed');
    clock += 2 * hour;
    const state = await oneCase('TRANSIT_DELAYED');
    await settled();
    assert.deepEqual([state.partner, state.region, state.onsetAt], ['p', 'DE', monday + 2 * hour]);
    const [stored] = (await test.ledger.factsByCase(state.id)).map(({ fact }) => fact);
    assert.equal(stored?.source, '/test/reroute/timer');
    assert.equal(stored?.subject, state.subject);
    assert.equal((await test.ledger.factsBySubjects([state.subject], 10)).length, 2);
  });

  it('opens a case for silence longer than the lane is used to, and the next scan ends it', async () => {
    await say({});
    clock += 10 * hour + 1000;
    const state = await oneCase('TRACKING_STALLED');
    clock += hour;
    await say({ milestone: 'ARRIVED' });
    assert.equal((await test.ledger.case(state.id))?.state, 'SUPPRESSED');
    clock += 10 * hour + 1000;
    await waitUntil(async () => (await test.ledger.case(state.id))?.state === 'DETECTED');
    assert.equal((await test.ledger.case(state.id))?.reopenCount, 1);
  });

  it('opens a case for announced goods that nobody received, with their lines', async () => {
    const line = { lineId: '10', item: 'SKU', fulfilled: { value: '5', uom: 'EA' } };
    await say({ asn: 'A1', milestone: 'DELIVERED', lines: [line] });
    clock += 49 * hour;
    const state = await oneCase('ASN_MISMATCH');
    const exception = (await test.ledger.factsByCase(state.id))[0]?.fact.data.exception;
    assert.deepEqual(exception?.discrepancies, [
      { lineId: '10', item: 'SKU', expected: { value: '5', uom: 'EA' }, actual: { value: '0', uom: 'EA' } },
    ]);
  });

  it('states a deadline once, however often it is found', async () => {
    await say({});
    clock += 11 * hour;
    const { subject } = await oneCase('TRACKING_STALLED');
    await settled();
    const partition = (await test.ledger.factsBySubjects([subject], 9))[0]?.partition ?? 0;
    const shipment = await test.ledger.shipment(subject);
    assert.ok(shipment);
    // As after a crash between the fact and the next deadline.
    await test.ledger.record(partition, {
      ...{ facts: [], cases: [], runs: [], audit: [], now: clock },
      shipments: [{ key: subject, expectedVersion: shipment.version, view: shipment.view, watchAt: clock }],
    });
    await settled();
    assert.equal((await test.ledger.factsBySubjects([subject], 9)).length, 2);
    assert.equal((await cases()).length, 1);
  });

  it('counts service clocks in business hours, escalates each once and tells the business channel', async () => {
    clock = Date.parse('2026-06-01T14:30:00Z');
    await say({ code: 'CARRIER_REJECTED', context: { region: 'DE' } });
    const { id, clocks } = await oneCase('CARRIER_REJECTED');
    // Half an hour is left of Monday in Berlin, Tuesday is a holiday: the other half is Wednesday's.
    assert.equal(new Date(clocks.acknowledgeDueAt ?? 0).toISOString(), '2026-06-03T06:30:00.000Z');
    clock = Date.parse('2026-06-03T06:31:00Z');
    const level = async () => (await test.ledger.case(id))?.level;
    await waitUntil(async () => (await level()) === 1, { what: 'the escalation' });
    await test.quiet();
    const [alert] = await alerts({ kind: 'business', rule: 'clock.acknowledge' });
    assert.deepEqual([alert?.state, alert?.caseId, alert?.region, alert?.count], ['firing', id, 'DE', 1]);
    assert.deepEqual(await alerts({ kind: 'technical' }), []);
    const state = await test.ledger.case(id);
    const caller = { actor: 'ann', role: 'operator' as const };
    await test.engine.cases.act(
      id,
      { action: 'assign', assignee: 'ann', expectedVersion: state?.version ?? 0, reason: 'mine' },
      caller,
    );
    await waitUntil(async () => (await alerts())[0]?.state === 'resolved', { what: 'the end of the alert' });
    assert.equal(await level(), 1);
  });

  it('warns before a cut-off in local time, with the orders that would stay behind', async () => {
    clock = Date.parse('2026-06-01T14:00:00Z');
    for (const shipment of ['S1', 'S2'])
      await say({ shipment, code: 'LABEL_GENERATION_FAILED', context: { region: 'DE' } });
    await say({ shipment: 'S3', code: 'DAMAGED', context: { region: 'FR' } });
    assert.deepEqual(await alerts({ rule: 'cut-off' }), []);
    clock = Date.parse('2026-06-01T14:20:00Z');
    const [alert] = await waitUntil(async () => {
      const found = await alerts({ rule: 'cut-off' });
      return found.length > 0 && found;
    });
    assert.equal(alert?.title, '17:00 pickup in 40 min: 2 orders');
    assert.deepEqual(
      [alert?.kind, alert?.detail?.localTime, alert?.detail?.zone],
      ['business', '17:00', 'Europe/Berlin'],
    );
    clock = Date.parse('2026-06-01T15:00:00Z');
    await waitUntil(async () => (await alerts({ rule: 'cut-off' }))[0]?.state === 'resolved');
    assert.equal((await alerts({ rule: 'cut-off' })).length, 1);
  });

  it('closes a verified case when it has cooled down, and no other for its age', async () => {
    await say({ code: 'DAMAGED' });
    const { id } = await oneCase('DAMAGED');
    const act = async (action: 'takeOver' | 'resolve' | 'verify') => {
      const { version = 0 } = (await test.ledger.case(id)) ?? {};
      const evidence = [{ system: 'wms', description: 'replaced' }];
      const common = { expectedVersion: version, reason: 'by hand' };
      await test.engine.cases.act(
        id,
        action === 'takeOver' ? { action, ...common } : { action, ...common, evidence },
        { actor: 'ann', role: 'operator' },
      );
    };
    await act('takeOver');
    await act('resolve');
    clock += 40 * 24 * hour;
    await waitUntil(async () => (await due()).length === 0);
    assert.equal((await test.ledger.case(id))?.state, 'RESOLVED');
    await act('verify');
    clock += 24 * hour;
    await waitUntil(async () => (await test.ledger.case(id))?.state === 'CLOSED', { what: 'the closure' });
  });
});
