/** VERIFIED is what the owning systems show; what they do not show in time goes back, and after the third time to a person. */
import assert from 'node:assert/strict';
import type { VerifyOutcome } from '../../lib/engine/api';
import type { CaseState } from '../../lib/model/case';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { fn, sinkNode } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { waitUntil } from '../support/wait';

const hour = 3_600_000;

describe('A verification', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  let clock: number;
  let sink: { verified?: VerifyOutcome }[];

  beforeEach(async () => {
    clock = Date.parse('2026-06-01T08:00:00Z');
    sink = [];
    partner = new PartnerServer();
    await partner.open();
    test = await openTestEngine({ endpoint: partner.url, now: () => clock });
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });

  async function act(expect: string, also?: { partnerId: string; operation: string }): Promise<void> {
    const request = {
      ...{
        partnerId: 'p',
        operation: 'look',
        input: { id: 'S1' },
        expect,
        everyMs: hour / 4,
        withinMs: hour,
      },
      ...(also ? { also } : {}),
    };
    await deploy(test, sink, [
      { id: 'in', z: 'tab', type: 'test-in', wires: [['record']] },
      { id: 'record', z: 'tab', type: 'test-record', wires: [[]] },
      { id: 'case', z: 'tab', type: 'test-case', wires: [['decide']] },
      { id: 'decide', z: 'tab', type: 'test-decide', wires: [['verify']] },
      { id: 'verify', z: 'tab', type: 'test-verify', request, wires: [['again', 'sink']] },
      fn('again', "return msg.verified.kind === 'failed' && !msg.verified.manual ? msg : null;", ['verify']),
      sinkNode,
    ]);
    await test.deliver({ shipment: 'S1', seq: 1, code: 'LOST' });
    await test.quiet();
  }
  const now = async (): Promise<CaseState> => {
    const [state] = (await test.ledger.cases({}, { limit: 9 })).items;
    assert.ok(state);
    return state;
  };

  it('keeps the systems that showed the intended state as evidence', async () => {
    await act('output.done = "/look/S1"', { partnerId: 'wms', operation: 'getStock' });
    const { state, evidence } = await now();
    assert.equal(state, 'VERIFIED');
    assert.deepEqual(
      evidence.map(({ system, description }) => [system, description]),
      [
        ['p', 'look shows the intended state'],
        ['wms', 'getStock shows the intended state'],
      ],
    );
  });

  it('that misses its deadline goes back to remediation, and the third time to a person, never to an end', async () => {
    await act('output.done = "something else"');
    assert.equal((await now()).state, 'RESOLVED', 'it is read again until the time is up');
    for (const failures of [1, 2, 3]) {
      const before = partner.posts.length;
      clock += 5 * hour;
      await waitUntil(() => sink.length === failures, { what: `failure ${failures}` });
      await test.quiet();
      assert.ok(partner.posts.length > before, 'it is read once more before it counts as failed');
    }
    const state = await now();
    assert.deepEqual([state.state, state.verifyFailures, state.manualFrom], ['MANUAL', 3, 'REMEDIATING']);
    const moves = (await test.ledger.caseEvents(state.id)).filter(({ type }) => type === 'verifyFailed');
    assert.deepEqual(
      moves.map(({ from, to }) => [from, to]),
      [
        ['RESOLVED', 'REMEDIATING'],
        ['RESOLVED', 'REMEDIATING'],
        ['RESOLVED', 'MANUAL'],
      ],
    );
    clock += 60 * 24 * hour;
    await test.quiet();
    assert.equal((await now()).state, 'MANUAL');
  });
});
