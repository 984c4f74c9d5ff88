/** One outage, one incident, many owners; alerts are told once on their channel; the stricter mode counts. */
import assert from 'node:assert/strict';
import type { ActionOutcome } from '../../lib/engine/api';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { waitUntil } from '../support/wait';

const intake = [
  { id: 'in', z: 'tab', type: 'test-in', wires: [['record']] },
  { id: 'record', z: 'tab', type: 'test-record', wires: [[]] },
  sinkNode,
];
const toAct = [
  { id: 'case', z: 'tab', type: 'test-case', wires: [['shape']] },
  fn(
    'shape',
    "if (msg.case.code === 'INTEGRATION_FAILURE') return null; return { ...msg, payload: { id: msg.case.subject } };",
    ['act'],
  ),
];

describe('An outage', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  let sink: { alert?: { kind: string }; outcome?: ActionOutcome }[];

  beforeEach(async () => {
    sink = [];
    partner = new PartnerServer();
    await partner.open();
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });
  const cases = async () => (await test.ledger.cases({}, { limit: 50 })).items;
  const incident = async () => (await cases()).find(({ code }) => code === 'INTEGRATION_FAILURE');

  it('is one incident with every case that it holds up as a child, and is told once on the technical channel', async () => {
    test = await openTestEngine({ endpoint: partner.url, limits: { maxAttempts: 2, attentionMs: 10 } });
    await deploy(test, sink, [
      ...intake,
      ...toAct,
      act('act', 'keyed', 'sink'),
      { id: 'technical', z: 'tab', type: 'test-alert', channel: 'technical', wires: [['tell']] },
      { id: 'business', z: 'tab', type: 'test-alert', channel: 'business', wires: [['sink']] },
      { ...act('tell', 'keyed', 'sink'), partner: 'chat' },
    ]);
    const chat = new PartnerServer();
    await chat.open();
    test.engine.registerPartner({
      ...{ id: 'chat', connectorId: 'test', endpoint: chat.url, secrets: {}, limits: {} },
      ...{ mode: 'automate', region: '', settings: {} },
    });
    try {
      partner.next.push(...Array.from({ length: 6 }, () => 503));
      const shipments = ['S1', 'S2', 'S3'];
      for (const [seq, shipment] of shipments.entries()) {
        await test.deliver({ shipment, seq, code: 'DAMAGED' });
        await test.quiet();
      }
      const parent = await waitUntil(incident, { what: 'the incident' });
      assert.equal(parent.subject, 'incident:p/keyed');
      const children = await waitUntil(
        async () => {
          const { items } = await test.ledger.cases({ parent: parent.id }, { limit: 9 });
          return items.length === 3 && items;
        },
        { what: 'three children' },
      );
      assert.deepEqual([...new Set(children.map(({ code }) => code))], ['DAMAGED']);
      const alerts = (await test.ledger.alerts({ rule: 'incident' }, { limit: 9 })).items;
      assert.deepEqual(
        alerts.map(({ kind, caseId }) => [kind, caseId]),
        [['technical', parent.id]],
      );
      // The circuit may have opened, too: that is an alert of its own.
      const raised = async () => (await test.ledger.alerts({ kind: 'technical' }, { limit: 9 })).items.length;
      await waitUntil(async () => chat.posts.length >= (await raised()), { what: 'the messages' });
      await test.quiet();
      assert.equal(chat.posts.length, await raised());
      assert.deepEqual(
        sink.filter(({ alert }) => alert?.kind === 'technical').map(({ outcome }) => outcome?.kind),
        chat.posts.map(() => 'ok'),
        'the business channel heard nothing of it',
      );
    } finally {
      await chat.close();
    }
  });

  it('that nobody took on ends by itself when calls have not failed for a minute', async () => {
    let clock = Date.now();
    test = await openTestEngine({
      endpoint: partner.url,
      now: () => clock,
      limits: { maxAttempts: 1, attentionMs: 10 },
    });
    await deploy(test, sink, [...intake, ...toAct, act('act', 'keyed', 'sink')]);
    partner.next.push(503);
    await test.deliver({ shipment: 'S1', seq: 1, code: 'DAMAGED' });
    await waitUntil(incident, { what: 'the incident' });
    clock += 61_000;
    await waitUntil(async () => (await incident())?.state === 'SUPPRESSED', { what: 'the end' });
    await waitUntil(async () => {
      const { items } = await test.ledger.alerts({ rule: 'incident' }, { limit: 9 });
      return items.every(({ state }) => state === 'resolved');
    });
  });

  it('that a person ends lets the runs of its children go on at once', async () => {
    test = await openTestEngine({ endpoint: partner.url, limits: { attentionMs: 10 } });
    await deploy(test, sink, [...intake, ...toAct, act('act', 'keyed', 'sink')]);
    partner.next.push(...Array.from({ length: 40 }, () => 503));
    await test.deliver({ shipment: 'S1', seq: 1, code: 'DAMAGED' });
    const parent = await waitUntil(incident, { what: 'the incident', timeoutMs: 20_000 });
    const [child] = await waitUntil(async () => {
      const { items } = await test.ledger.cases({ parent: parent.id }, { limit: 9 });
      return items.length > 0 && items;
    });
    partner.next.length = 0;
    const [run] = await test.ledger.runsByCase(child?.id ?? '');
    const deferred = await waitUntil(async () => {
      const found = await test.ledger.run(run?.id ?? '');
      return found?.lastError?.code === 'CIRCUIT_OPEN' && found.state === 'queued' && found;
    });
    await test.engine.cases.act(
      parent.id,
      { action: 'cancel', expectedVersion: parent.version, reason: 'the partner is back' },
      { actor: 'ann', role: 'supervisor' },
    );
    const hastened = await waitUntil(
      async () => {
        const found = await test.ledger.run(deferred.id);
        return found && (found.dueAt < deferred.dueAt || found.state === 'done') && found;
      },
      { what: 'the run to be hastened' },
    );
    assert.ok(hastened);
    const [alert] = await waitUntil(async () => {
      const { items } = await test.ledger.alerts({ rule: 'incident', state: ['resolved'] }, { limit: 9 });
      return items.length > 0 && items;
    });
    assert.equal(alert?.caseId, parent.id);
  });
});

describe('The mode of a flow', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  const sink: { outcome?: { observed?: boolean } }[] = [];
  before(async () => {
    partner = new PartnerServer();
    await partner.open();
  });
  after(() => partner.close());
  afterEach(async () => {
    await test.close();
    await undeploy();
    sink.length = 0;
    partner.seen.length = 0;
  });
  async function run(partnerMode: 'observe' | 'assist' | 'automate', flowMode?: string) {
    test = await openTestEngine({ endpoint: partner.url, mode: partnerMode });
    const node = { ...act('act', 'keyed', 'sink'), ...(flowMode === undefined ? {} : { mode: flowMode }) };
    await deploy(test, sink, [source('act'), node, sinkNode]);
    const id = await test.deliver({ shipment: 'S1', seq: 1 });
    await test.quiet();
    const [effect] = await test.ledger.effectsByRuns([id]);
    return [effect?.state, partner.posts.length];
  }

  for (const [partnerMode, flowMode, state, posts] of [
    ['automate', undefined, 'CONFIRMED', 1],
    ['automate', 'observe', 'OBSERVED', 0],
    ['automate', 'assist', 'AWAITING_APPROVAL', 0],
    ['assist', 'automate', 'AWAITING_APPROVAL', 0],
    ['assist', 'observe', 'OBSERVED', 0],
    ['observe', 'automate', 'OBSERVED', 0],
  ] as const)
    it(`${flowMode ?? 'of none'} with a partner in ${partnerMode} leaves the action ${state}`, async () => {
      assert.deepEqual(await run(partnerMode, flowMode), [state, posts]);
    });
});
