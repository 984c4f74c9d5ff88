/** People decide: choices with consequences, two persons above a limit, a default in time; audited. */
import assert from 'node:assert/strict';
import type { AskOutcome, AskRequest } from '../../lib/engine/api';
import type { CaseState } from '../../lib/model/case';
import { offered } from '../../lib/model/case-question';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { sinkNode } from '../support/flow-nodes';
import { waitUntil } from '../support/wait';

const question: Omit<AskRequest, 'node'> = {
  name: 'lost',
  version: '1',
  text: 'What now?',
  choices: [
    {
      id: 'REPLACE',
      label: 'Replace',
      consequence: 'a delivery leaves',
      role: 'operator',
      then: { pieces: 5 },
    },
    { id: 'REFUND', label: 'Refund', consequence: 'the money goes back', role: 'supervisor', then: {} },
    { id: 'WAIT', label: 'Wait', consequence: 'nothing is sent', role: 'operator', then: {} },
  ],
  approvalLimit: { amountMinor: '100000', currency: 'EUR' },
};
const worth = (amountMinor: string, currency = 'EUR') => ({ orderValue: { amountMinor, currency } });

describe('A decision of people', () => {
  let test: TestEngine;
  let clock: number;
  let sink: { answer?: AskOutcome; case?: CaseState }[];

  beforeEach(async () => {
    clock = Date.parse('2026-06-01T08:00:00Z');
    sink = [];
    test = await openTestEngine({ now: () => clock });
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
  });

  async function asked(context: object, more: Partial<typeof question> = {}): Promise<CaseState> {
    await deploy(test, sink, [
      { id: 'in', z: 'tab', type: 'test-in', wires: [['record']] },
      { id: 'record', z: 'tab', type: 'test-record', wires: [[]] },
      { id: 'case', z: 'tab', type: 'test-case', wires: [['ask']] },
      { id: 'ask', z: 'tab', type: 'test-ask', question: { ...question, ...more }, wires: [['sink']] },
      sinkNode,
    ]);
    await test.deliver({ shipment: 'S1', seq: 1, code: 'LOST', context });
    await test.quiet();
    const [state] = (await test.ledger.cases({}, { limit: 9 })).items;
    assert.ok(state);
    return state;
  }
  const now = async ({ id }: CaseState) => (await test.ledger.case(id)) as CaseState;
  async function choose(state: CaseState, choice: string, actor: string, role: 'operator' | 'supervisor') {
    const { version } = await now(state);
    const outcome = await test.engine.cases.act(
      state.id,
      { action: 'decide', choice, expectedVersion: version, reason: `${actor} says so` },
      { actor, role },
    );
    await test.quiet();
    return outcome.kind === 'refused' ? outcome.code : outcome.kind;
  }

  it('waits with its choices on the case, and goes on by the one that is chosen', async () => {
    const state = await asked(worth('99999'));
    assert.equal(state.state, 'DECISION_PENDING');
    assert.deepEqual(
      offered(state, { by: 'ann', role: 'operator' }).map(({ id, consequence, allowed, needs }) => [
        id,
        consequence,
        allowed,
        needs,
      ]),
      [
        ['REPLACE', 'a delivery leaves', true, undefined],
        ['REFUND', 'the money goes back', false, 'the role supervisor'],
        ['WAIT', 'nothing is sent', true, undefined],
      ],
    );
    assert.deepEqual(sink, []);
    assert.equal(await choose(state, 'NOTHING', 'ann', 'operator'), 'CHOICE_UNKNOWN');
    assert.equal(await choose(state, 'REFUND', 'ann', 'operator'), 'ROLE_REQUIRED');
    assert.equal(await choose(state, 'REPLACE', 'ann', 'operator'), 'done');
    assert.deepEqual(
      sink.map(({ answer }) => answer),
      [{ kind: 'decided', choice: 'REPLACE', then: { pieces: 5 }, by: 'ann' }],
    );
    const { plan, policy, question: left, state: name } = await now(state);
    assert.deepEqual(
      [name, plan?.outcome, policy?.name, left],
      ['REMEDIATING', 'REPLACE', 'lost', undefined],
    );
    const audit = (await test.ledger.audit({ subject: `case:${state.id}` }, { limit: 9 })).items;
    assert.deepEqual(audit.map(({ actor, action, outcome }) => [actor, action, outcome]).reverse(), [
      ['ann', 'case.decide', 'refused'],
      ['ann', 'case.decide', 'refused'],
      ['ann', 'case.decide', 'done'],
    ]);
  });

  for (const [what, context] of [
    ['above the limit', worth('100001')],
    ['in another currency', worth('1', 'USD')],
  ] as const)
    it(`takes two persons for an order value ${what}, the second a supervisor who chooses the same`, async () => {
      const state = await asked(context);
      assert.equal(await choose(state, 'REPLACE', 'ann', 'operator'), 'done');
      const proposed = await now(state);
      assert.deepEqual([proposed.state, proposed.question?.proposal?.by], ['DECISION_PENDING', 'ann']);
      assert.deepEqual(sink, [], 'a proposal decides nothing');
      assert.equal(await choose(state, 'REPLACE', 'ann', 'supervisor'), 'FOUR_EYES_REQUIRED');
      assert.equal(await choose(state, 'REPLACE', 'ben', 'operator'), 'ROLE_REQUIRED');
      assert.equal(await choose(state, 'WAIT', 'cyd', 'supervisor'), 'done');
      assert.equal((await now(state)).question?.proposal?.choice, 'WAIT', 'another choice is a new proposal');
      assert.equal(await choose(state, 'WAIT', 'dan', 'supervisor'), 'done');
      assert.equal((await now(state)).plan?.decidedBy, 'dan');
      assert.equal(sink.length, 1);
    });

  it('takes the default when the time is up, and says so in the audit', async () => {
    const state = await asked(worth('1'), { withinMs: 3_600_000, default: 'WAIT' });
    clock += 3_600_001;
    await waitUntil(() => sink.length === 1, { what: 'the default' });
    assert.deepEqual(sink[0]?.answer, { kind: 'decided', choice: 'WAIT', then: {}, by: 'system' });
    const [entry] = (await test.ledger.audit({ subject: `case:${state.id}` }, { limit: 9 })).items;
    assert.deepEqual([entry?.actor, entry?.action], ['system', 'case.decide']);
  });

  it("takes no default that two persons would have to take: the case becomes a person's", async () => {
    const state = await asked(worth('100001'), { withinMs: 3_600_000, default: 'REPLACE' });
    clock += 3_600_001;
    await waitUntil(() => sink.length === 1, { what: 'the end of the time' });
    assert.deepEqual(sink[0]?.answer, { kind: 'no answer' });
    assert.equal((await now(state)).state, 'MANUAL');
  });

  it('is moot when a person resolves the case by hand: its message ends, and time takes nothing', async () => {
    const state = await asked({}, { withinMs: 3_600_000, default: 'WAIT' });
    const caller = { actor: 'ann', role: 'operator' as const };
    const evidence = [{ system: 'phone', description: 'the customer has it' }];
    const act = async (action: 'takeOver' | 'resolve') => {
      const common = { expectedVersion: (await now(state)).version, reason: 'found' };
      await test.engine.cases.act(
        state.id,
        action === 'takeOver' ? { action, ...common } : { action, ...common, evidence },
        caller,
      );
      await test.quiet();
    };
    await act('takeOver');
    await act('resolve');
    const resolved = await now(state);
    assert.deepEqual([resolved.state, resolved.question], ['RESOLVED', undefined]);
    assert.deepEqual(
      (await test.ledger.parkedByCase(state.id)).map((parked) => parked.state),
      ['resumed'],
    );
    clock += 4_000_000;
    await test.quiet();
    assert.equal((await now(state)).state, 'RESOLVED');
    assert.deepEqual([sink, (await test.ledger.deadLetters({}, { limit: 9 })).items], [[], []]);
  });

  it('has no answer without a default', async () => {
    await asked({}, { withinMs: 60_000 });
    clock += 60_001;
    await waitUntil(() => sink.length === 1, { what: 'the end of the time' });
    assert.deepEqual(sink[0]?.answer, { kind: 'no answer' });
  });
});
