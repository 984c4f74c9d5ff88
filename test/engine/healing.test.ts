/** A healing fact that comes late ends what nobody acted on, takes back what is under way, and leaves alone what is proved. */
import assert from 'node:assert/strict';
import type { CaseState } from '../../lib/model/case';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import type { TestDelivery } from '../support/test-partner';

const intake = [
  { id: 'in', z: 'tab', type: 'test-in', wires: [['record']] },
  { id: 'record', z: 'tab', type: 'test-record', wires: [[]] },
  sinkNode,
];
const onCase = (wire: string, updates = false) => ({
  id: 'case',
  z: 'tab',
  type: 'test-case',
  updates,
  wires: [[wire]],
});
const decide = (...wires: string[]) => ({ id: 'decide', z: 'tab', type: 'test-decide', wires: [wires] });

describe('A healing fact that comes late', () => {
  let partner: PartnerServer;
  let test: TestEngine;

  beforeEach(async () => {
    partner = new PartnerServer();
    await partner.open();
    test = await openTestEngine({ endpoint: partner.url });
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });

  let seq = 0;
  async function say(delivery: Partial<TestDelivery>): Promise<CaseState> {
    seq += 1;
    await test.deliver({ shipment: 'S1', seq, ...delivery });
    await test.quiet();
    const [state] = (await test.ledger.cases({}, { limit: 9 })).items;
    assert.ok(state);
    return state;
  }
  const posted = () => partner.posts.map(({ path }) => path);
  const notes = async ({ id }: CaseState) =>
    (await test.ledger.caseEvents(id))
      .filter(({ type }) => type === 'note')
      .map(({ detail }) => detail?.text);

  it('suppresses a case that nobody has acted on, and its runs end without a dead letter', async () => {
    await deploy(test, [], [...intake, onCase('late'), fn('late', 'return msg;', [])]);
    assert.equal((await say({ code: 'LOST' })).state, 'DETECTED');
    assert.equal((await say({ milestone: 'ARRIVED' })).state, 'SUPPRESSED');
    assert.deepEqual((await test.ledger.deadLetters({}, { limit: 9 })).items, []);
  });

  it('takes back what the plan did, newest first, keeps what has no undo, and cancels the case', async () => {
    const flow = [
      onCase('decide'),
      decide('book'),
      act('book', 'book', 'tell'),
      act('tell', 'keyed', 'sink'),
    ];
    await deploy(test, [], [...intake, ...flow]);
    const before = await say({ code: 'LOST' });
    assert.equal(before.state, 'REMEDIATING');
    const after = await say({ milestone: 'ARRIVED' });
    assert.equal(after.state, 'CANCELLED');
    assert.deepEqual(posted(), ['/book/S1', '/keyed/S1', '/unbook/S1']);
    const last = (await test.ledger.caseEvents(after.id)).at(-1);
    assert.equal(last?.reason, 'the cause is gone: 1 taken back, kept tell');
  });

  it('leaves the plan to go on behind its pivot', async () => {
    const release = { ...act('go', 'release', 'sink'), pivot: true };
    await deploy(test, [], [...intake, onCase('decide'), decide('book'), act('book', 'book', 'go'), release]);
    await say({ code: 'LOST' });
    const after = await say({ milestone: 'ARRIVED' });
    assert.equal(after.state, 'REMEDIATING');
    assert.deepEqual(posted(), ['/book/S1', '/release/S1']);
    assert.match(String((await notes(after)).at(-1)), /goods were released/);
  });

  it("makes the case a person's, and an incident of the highest severity, when an undo fails", async () => {
    await deploy(test, [], [...intake, onCase('decide'), decide('book'), act('book', 'book', 'sink')]);
    await say({ code: 'LOST' });
    partner.next.push(400);
    await say({ milestone: 'ARRIVED' });
    const states = (await test.ledger.cases({}, { limit: 9 })).items;
    assert.deepEqual(states.map(({ code, state, severity }) => [code, state, severity]).sort(), [
      ['INTEGRATION_FAILURE', 'REMEDIATING', 'S1'],
      ['LOST', 'MANUAL', 'S1'],
    ]);
  });

  it("only tells a case that is in a person's hands", async () => {
    await deploy(test, [], [...intake, onCase('decide'), decide('book'), act('book', 'book', 'sink')]);
    const { id, version } = await say({ code: 'LOST' });
    await test.engine.cases.act(
      id,
      { action: 'takeOver', expectedVersion: version, reason: 'mine' },
      { actor: 'ann', role: 'operator' },
    );
    const after = await say({ milestone: 'ARRIVED' });
    assert.equal(after.state, 'MANUAL');
    assert.deepEqual(posted(), ['/book/S1']);
    assert.match(String((await notes(after)).at(-1)), /The cause is gone/);
  });
});

describe('A compensation that fails', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  before(async () => {
    partner = new PartnerServer();
    await partner.open();
    test = await openTestEngine({ endpoint: partner.url });
  });
  after(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });

  it('opens one case of the highest severity that names the step, however often it is tried again', async () => {
    const takesBack = { id: 'back', z: 'tab', type: 'test-compensate', wires: [['fail']] };
    const failsOnce = fn('fail', 'if (msg.reroute.attempt === 1) throw new Error("again"); return msg;', [
      'sink',
    ]);
    await deploy(
      test,
      [],
      [
        ...intake,
        onCase('own'),
        fn('own', "return msg.case.code === 'LOST' ? msg : null;", ['decide']),
        decide('book'),
        act('book', 'book', 'back'),
        takesBack,
        failsOnce,
      ],
    );
    partner.next.push(200, 400, 400);
    await test.deliver({ shipment: 'S1', seq: 1, code: 'LOST' });
    await test.quiet();
    const failures = (await test.ledger.cases({ code: ['INTEGRATION_FAILURE'] }, { limit: 9 })).items;
    assert.deepEqual(
      failures.map(({ severity, state }) => [severity, state]),
      [['S1', 'DETECTED']],
    );
    const [fact] = await test.ledger.factsByCase(failures[0]?.id ?? '');
    const { exception } = fact?.fact.data ?? {};
    assert.equal(exception?.errorCode, 'COMPENSATION_FAILED');
    assert.match(exception?.message ?? '', /not taken back: book \(book at p\)/);
    const [original] = (await test.ledger.cases({ code: ['LOST'] }, { limit: 9 })).items;
    assert.equal(original?.state, 'MANUAL');
  });
});

describe('A later fact of an open case', () => {
  let test: TestEngine;
  let partner: PartnerServer;
  let sink: { trigger?: string; outcome?: { recorded?: boolean } }[];
  let seq = 0;
  const say = async (code: 'TRANSIT_DELAYED') => {
    seq += 1;
    await test.deliver({ shipment: 'S1', seq, code });
    await test.quiet();
  };
  beforeEach(async () => {
    sink = [];
    partner = new PartnerServer();
    await partner.open();
    test = await openTestEngine({ endpoint: partner.url });
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });
  const flow = (updates: boolean) => [
    ...intake,
    onCase('shape', updates),
    fn('shape', "return { ...msg, payload: { id: 'S1' } };", ['sync']),
    act('sync', 'keyed', 'sink'),
  ];

  it('starts a run of its own where the flow follows open cases, and that run acts anew', async () => {
    await deploy(test, sink, flow(true));
    await say('TRANSIT_DELAYED');
    await say('TRANSIT_DELAYED');
    assert.deepEqual(
      sink.map(({ trigger, outcome }) => [trigger, outcome?.recorded]),
      [
        ['detected', false],
        ['updated', false],
      ],
    );
    assert.equal(partner.posts.length, 2);
  });

  it('starts none where it does not', async () => {
    await deploy(test, sink, flow(false));
    await say('TRANSIT_DELAYED');
    await say('TRANSIT_DELAYED');
    assert.deepEqual(
      sink.map(({ trigger }) => trigger),
      ['detected'],
    );
  });
});
