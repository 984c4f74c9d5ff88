/** What a later attempt goes by: the record of the plan, not a world that the plan itself has changed. */
import assert from 'node:assert/strict';
import type { ActionOutcome, Compensated } from '../../lib/engine/api';
import type { EngineLimits } from '../../lib/engine/limits';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { tempDir } from '../support/temp';

const failsFirst = 'if (msg.reroute.attempt === 1) throw new Error("after the action"); return msg;';

describe('A plan', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  let sink: { outcome?: ActionOutcome; compensation?: Compensated }[];

  beforeEach(async () => {
    partner = new PartnerServer();
    await partner.open();
    sink = [];
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });

  async function run(nodes: object[], limits: Partial<EngineLimits> = {}) {
    test = await openTestEngine({ endpoint: partner.url, limits });
    test.engine.registerPartner({
      id: 'watched',
      connectorId: 'test',
      endpoint: partner.url,
      secrets: {},
      limits: {},
      mode: 'observe',
      region: '',
      settings: {},
    });
    await deploy(test, sink, [...nodes, sinkNode]);
    const id = await test.deliver({ shipment: 'S1', seq: 1 });
    await test.quiet();
    const record = await test.ledger.run(id);
    assert.ok(record);
    return record;
  }
  const posted = () => partner.posts.map(({ path }) => path);
  const outcome = () => sink[0]?.outcome;

  describe('whose step cannot be mapped again', () => {
    const nodes = (second: object) => [
      source('act'),
      { ...act('act', 'keyed', 'f'), breaksLater: true },
      fn('f', failsFirst, ['sink']),
      second,
    ];

    it('goes by what the step has recorded', async () => {
      const { state, attempt } = await run(nodes(act('unused', 'keyed')));
      assert.deepEqual([state, attempt], ['done', 2]);
      assert.deepEqual(posted(), ['/keyed/S1']);
      const answer = outcome();
      assert.ok(answer?.kind === 'ok' && answer.recorded);
      assert.deepEqual(answer.output, { done: '/keyed/S1' });
    });

    it('sends what was recorded again when that was not answered', async () => {
      partner.next.push('lost');
      const { state } = await run([source('act'), { ...act('act', 'keyed', 'sink'), breaksLater: true }]);
      assert.equal(state, 'done');
      assert.deepEqual(posted(), ['/keyed/S1', '/keyed/S1']);
      assert.equal(partner.book.size, 1);
    });

    it('fails where nothing was recorded', async () => {
      partner.next.push(503);
      const { state, lastError } = await run([
        source('f'),
        fn('f', failsFirst, ['act']),
        { ...act('act', 'keyed', 'sink'), breaksLater: true },
      ]);
      assert.equal(state, 'dead');
      assert.equal(lastError?.code, 'INPUT_INVALID');
      assert.deepEqual(posted(), []);
    });
  });

  describe('that reads', () => {
    it('sees at a later attempt what it saw at the first', async () => {
      const { state } = await run([source('look'), act('look', 'look', 'f'), fn('f', failsFirst, ['sink'])]);
      assert.equal(state, 'done');
      assert.deepEqual(posted(), ['/look/S1']);
      assert.ok(outcome()?.kind === 'ok');
      assert.partialDeepStrictEqual(outcome(), { recorded: true, output: { done: '/look/S1' } });
    });

    it('reads anew where one attempt reads twice', async () => {
      await run([source('a'), act('a', 'look', 'b'), act('b', 'look', 'sink')]);
      assert.deepEqual(posted(), ['/look/S1', '/look/S1']);
    });

    it('records the reads of a loop one by one', async () => {
      await run([
        source('look'),
        act('look', 'look', 'f'),
        fn(
          'f',
          'msg.round = (msg.round || 0) + 1; return msg.round < 3 ? [msg, null] : [null, msg];',
          ['look'],
          ['g'],
        ),
        fn('g', failsFirst, ['sink']),
      ]);
      assert.equal(posted().length, 3);
    });
  });

  describe('whose attempts are used up', () => {
    it('says that a refused step failed', async () => {
      partner.next.push(503, 503);
      await run([source('act'), act('act', 'keyed', 'sink')], { maxAttempts: 2 });
      assert.partialDeepStrictEqual(outcome(), { kind: 'technical', code: 'ATTEMPTS_EXHAUSTED' });
    });

    it('says that nobody knows of a step without an answer', async () => {
      partner.next.push('lost', 'lost');
      const { state, lastError } = await run([source('act'), act('act', 'keyed', 'sink')], {
        maxAttempts: 2,
      });
      assert.deepEqual([state, lastError?.code], ['dead', 'UNKNOWN_OUTCOME']);
    });

    it('is given up when each attempt took the process with it', async () => {
      const dir = tempDir('crashes');
      test = await openTestEngine({ endpoint: partner.url, dir, limits: { maxAttempts: 3 } });
      await deploy(test, sink, [source('act'), act('act', 'keyed', 'sink'), sinkNode]);
      await test.engine.drain();
      const id = await test.deliver({ shipment: 'S1', seq: 1 });
      const record = await test.ledger.run(id);
      assert.ok(record);
      const { partition } = record;
      for (let crash = 1; crash <= 4; crash += 1) {
        const [lease] = await test.ledger.acquire({
          owner: `gone-${crash}`,
          partitions: [partition],
          now: Date.now(),
          leaseMs: 1,
          force: true,
        });
        assert.ok(lease);
        await test.ledger.claimRuns(lease, { now: Date.now() + 60_000, limit: 1 });
      }
      await test.close();
      await undeploy();
      assert.equal((await reasonAfterwards(dir, id)).code, 'CRASHED');
      assert.deepEqual(posted(), []);
    });
  });

  describe('whose verification has failed', () => {
    const doubting = fn('f', 'msg.reroute.verifyFailures = 1; return msg;', ['again']);
    const twice = (operation: string) => [
      source('act'),
      act('act', operation, 'f'),
      doubting,
      { ...act('again', operation, 'sink'), step: 'act' },
    ];

    it('sends again what was only accepted and is not found', async () => {
      partner.next.push(202);
      await run(twice('find'));
      assert.deepEqual(posted(), ['/find/S1', '/find/S1']);
    });

    it('takes what the look-up finds, and sends nothing', async () => {
      partner.next.push('taken');
      await run(twice('find'));
      assert.deepEqual(posted(), ['/find/S1']);
      assert.partialDeepStrictEqual(outcome(), { kind: 'ok', adopted: true });
    });

    it('lets a confirmed step stand', async () => {
      await run(twice('find'));
      assert.deepEqual(posted(), ['/find/S1']);
      assert.partialDeepStrictEqual(outcome(), { kind: 'ok', recorded: true });
    });
  });

  describe('of which a part is only observed', () => {
    it('observes what comes after it, too', async () => {
      await run([source('a'), { ...act('a', 'keyed', 'b'), partner: 'watched' }, act('b', 'book', 'sink')]);
      assert.deepEqual(partner.seen, []);
      assert.partialDeepStrictEqual(outcome(), { kind: 'ok', observed: true });
    });
  });

  describe('that is taken back', () => {
    const compensating = (pivot: object) => [
      source('book'),
      act('book', 'book', 'pivot'),
      { ...pivot, pivot: true },
      { id: 'catch', type: 'catch', z: 'tab', scope: null, uncaught: false, wires: [['undo']] },
      { id: 'undo', type: 'test-compensate', z: 'tab', wires: [['sink']] },
    ];

    it('finds by a look-up that the pivot was passed, and takes nothing back', async () => {
      partner.next.push(200, 'lost');
      await run(compensating(act('pivot', 'release', 'sink')), { maxAttempts: 1 });
      assert.deepEqual(posted(), ['/book/S1', '/release/S1']);
      assert.deepEqual(sink[0]?.compensation, { undone: 0, failed: 0, pivotPassed: true, unclear: [] });
    });

    it('finds by a look-up that the pivot was not passed, and takes the rest back', async () => {
      partner.next.push(200, 'stuck');
      await run(compensating(act('pivot', 'release', 'sink')), { maxAttempts: 1 });
      assert.deepEqual(posted(), ['/book/S1', '/release/S1', '/unbook/S1']);
      assert.deepEqual(sink[0]?.compensation, { undone: 1, failed: 0, pivotPassed: false, unclear: [] });
    });

    it('takes nothing back while nobody knows whether the pivot was passed', async () => {
      partner.next.push(200, 'lost');
      await run(compensating(act('pivot', 'once', 'sink')), { maxAttempts: 1 });
      assert.deepEqual(posted(), ['/book/S1', '/once/S1']);
      assert.deepEqual(sink[0]?.compensation, {
        undone: 0,
        failed: 1,
        pivotPassed: false,
        unclear: ['pivot'],
      });
    });
  });

  /** Why the run died in the engine that comes after the crashes. */
  async function reasonAfterwards(dir: string, id: string) {
    test = await openTestEngine({ endpoint: partner.url, dir, limits: { maxAttempts: 3 } });
    await deploy(test, sink, [source('act'), act('act', 'keyed', 'sink'), sinkNode]);
    await test.quiet();
    const letters = (await test.ledger.deadLetters({}, { limit: 10 })).items;
    assert.equal(letters[0]?.runId, id);
    return letters[0].reason;
  }
});
