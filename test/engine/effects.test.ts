/** Outward actions against a partner that keeps its own book: whatever is lost on the way, the work is done once. */
import assert from 'node:assert/strict';
import type { ActionOutcome, PartnerMode } from '../../lib/engine/api';
import type { EngineLimits } from '../../lib/engine/limits';
import type { EffectRecord } from '../../lib/ledger/effects';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { waitUntil } from '../support/wait';

describe('effects', () => {
  let partner: PartnerServer;
  let test: TestEngine | undefined;
  let sink: { outcome?: ActionOutcome }[];

  beforeEach(async () => {
    partner = new PartnerServer();
    await partner.open();
    sink = [];
  });
  afterEach(async () => {
    await test?.close();
    await undeploy();
    test = undefined;
    await partner.close();
  });

  async function started(
    nodes: object[],
    options: { mode?: PartnerMode; limits?: Partial<EngineLimits> } = {},
  ): Promise<TestEngine> {
    test = await openTestEngine({ endpoint: partner.url, ...options });
    await deploy(test, sink, [...nodes, sinkNode]);
    return test;
  }

  async function finished(engine: TestEngine, id: string) {
    await engine.quiet();
    const run = await engine.ledger.run(id);
    assert.ok(run);
    return { run, effect: await effectOf(engine, id) };
  }

  async function effectOf(engine: TestEngine, id: string): Promise<EffectRecord> {
    const effects = await engine.ledger.effectsByRuns([id]);
    assert.equal(effects.length, 1, 'one effect is recorded');
    const [effect] = effects;
    assert.ok(effect);
    return effect;
  }

  async function once(operation: string, options: { mode?: PartnerMode } = {}) {
    const engine = await started([source('act'), act('act', operation, 'sink')], options);
    return finished(engine, await engine.deliver({ shipment: 'S1', seq: 1 }));
  }

  const keysOf = () => new Set(partner.posts.map(({ key }) => key));

  it('records what it sends and sends the key of the record', async () => {
    const { run, effect } = await once('keyed');
    assert.equal(run.state, 'done');
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(effect.sends, 1);
    assert.deepEqual(partner.seen, [{ method: 'POST', path: '/keyed/S1', key: effect.key }]);
    assert.deepEqual(effect.output, { done: '/keyed/S1' });
  });

  it('answers from the record when a later attempt asks again', async () => {
    const engine = await started([
      source('act'),
      act('act', 'keyed', 'f'),
      fn('f', 'if (msg.reroute.attempt === 1) throw new Error("after the action"); return msg;', ['sink']),
    ]);
    const { run } = await finished(engine, await engine.deliver({ shipment: 'S1', seq: 1 }));
    assert.equal(run.state, 'done');
    assert.equal(run.attempt, 2);
    assert.equal(partner.posts.length, 1);
    const outcome = sink[0]?.outcome;
    assert.ok(outcome?.kind === 'ok');
    assert.equal(outcome.recorded, true);
    assert.deepEqual(outcome.output, { done: '/keyed/S1' });
  });

  it('acts once when a flow sends the same message twice', async () => {
    const engine = await started([
      source('f'),
      fn('f', 'node.send(msg); node.send({ ...msg }); return null;', ['act']),
      act('act', 'once', 'sink'),
    ]);
    const { run } = await finished(engine, await engine.deliver({ shipment: 'S1', seq: 1 }));
    assert.equal(run.state, 'done');
    assert.equal(sink.length, 2);
    assert.equal(partner.posts.length, 1);
  });

  it('retries a 5xx under the same key until it is done', async () => {
    partner.next.push(503, 500);
    const { run, effect } = await once('keyed');
    assert.equal(run.state, 'done');
    assert.equal(run.attempt, 3);
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(effect.sends, 3);
    assert.equal(partner.posts.length, 3);
    assert.equal(keysOf().size, 1);
  });

  it('sends a keyed action again under the same key when its answer was lost', async () => {
    partner.next.push('lost');
    const { run, effect } = await once('keyed');
    assert.equal(run.state, 'done');
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(partner.posts.length, 2);
    assert.equal(keysOf().size, 1);
    assert.equal(partner.book.size, 1);
  });

  it('adopts what a lost answer left behind instead of sending a second time', async () => {
    partner.next.push('lost');
    const { run, effect } = await once('find');
    assert.equal(run.state, 'done');
    assert.equal(partner.posts.length, 1);
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(effect.adopted, true);
    assert.ok(sink[0]?.outcome?.kind === 'ok' && sink[0].outcome.adopted);
  });

  it('sends again when the look-up finds that nothing was done', async () => {
    partner.next.push('stuck');
    const { run, effect } = await once('find');
    assert.equal(run.state, 'done');
    assert.equal(partner.posts.length, 2);
    assert.equal(partner.book.size, 1);
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(effect.adopted, false);
  });

  it('asks a person about an irreversible action without an answer', async () => {
    partner.next.push('lost');
    const { run, effect } = await once('once');
    assert.equal(run.state, 'dead');
    assert.equal(run.attempt, 1, 'it is not tried a second time');
    assert.equal(effect.state, 'UNKNOWN');
    assert.equal(partner.posts.length, 1);
    const letters = await test?.ledger.deadLetters({}, { limit: 10 });
    assert.equal(letters?.items.length, 1);
    assert.equal(letters?.items[0]?.reason.code, 'UNKNOWN_OUTCOME');
    assert.equal(letters?.items[0]?.reason.nodeId, 'act');
  });

  it('retries while the connection is refused', async () => {
    await partner.close();
    const engine = await started([source('act'), act('act', 'once', 'sink')], {
      limits: { retryBaseMs: 400, retryCeilingMs: 400 },
    });
    const id = await engine.deliver({ shipment: 'S1', seq: 1 });
    await waitUntil(async () => ((await engine.ledger.run(id))?.attempt ?? 0) > 1, {
      what: 'the second attempt',
    });
    await partner.open();
    const { run, effect } = await finished(engine, id);
    assert.equal(run.state, 'done');
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(partner.posts.length, 1);
  });

  it('hands a business refusal on with its exception code, once', async () => {
    partner.next.push(409);
    const { run, effect } = await once('keyed');
    assert.equal(run.state, 'done');
    assert.equal(effect.state, 'REJECTED');
    assert.equal(partner.posts.length, 1);
    assert.deepEqual(sink[0]?.outcome, {
      kind: 'business',
      code: 'CARRIER_REJECTED',
      message: 'rejected',
      vendorCode: 'E409',
      key: effect.key,
    });
  });

  it('hands a fatal refusal on as a technical failure without another try', async () => {
    partner.next.push(400);
    const { run, effect } = await once('keyed');
    assert.equal(run.state, 'done');
    assert.equal(effect.state, 'FAILED');
    assert.equal(partner.posts.length, 1);
    const outcome = sink[0]?.outcome;
    assert.ok(outcome?.kind === 'technical');
    assert.equal(outcome.code, 'REFUSED');
    assert.match(outcome.message, /malformed/);
  });

  it('sends nothing in observe mode and says so', async () => {
    const { run, effect } = await once('keyed', { mode: 'observe' });
    assert.equal(run.state, 'done');
    assert.equal(effect.state, 'OBSERVED');
    assert.equal(partner.seen.length, 0);
    assert.ok(sink[0]?.outcome?.kind === 'ok' && sink[0].outcome.observed);
  });

  async function decided(state: 'APPROVED' | 'DECLINED') {
    const { run, effect } = await once('keyed', { mode: 'assist' });
    assert.ok(test);
    assert.equal(run.state, 'parked');
    assert.equal(effect.state, 'AWAITING_APPROVAL');
    assert.equal(partner.seen.length, 0);
    assert.equal(sink.length, 0);

    assert.equal(await test.ledger.decideEffect(effect.key, state, 'anna', Date.now()), true);
    assert.equal(await test.engine.waits.signal(`effect:${effect.key}`, { decision: state }, 'anna'), 1);
    await waitUntil(() => sink.length === 1, { what: 'the message after the decision' });
    await test.quiet();
    return effectOf(test, run.id);
  }

  it('parks in assist mode and sends once when a person approves', async () => {
    const effect = await decided('APPROVED');
    assert.equal(effect.state, 'CONFIRMED');
    assert.equal(partner.posts.length, 1);
    assert.equal(partner.posts[0]?.key, effect.key);
    assert.equal(sink[0]?.outcome?.kind, 'ok');
  });

  it('never sends what a person declines', async () => {
    const effect = await decided('DECLINED');
    assert.equal(effect.state, 'DECLINED');
    assert.equal(partner.seen.length, 0);
    const outcome = sink[0]?.outcome;
    assert.ok(outcome?.kind === 'technical');
    assert.equal(outcome.code, 'DECLINED');
    assert.match(outcome.message, /anna/);
  });
});
