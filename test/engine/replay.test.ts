/** A dead letter after the repair: previewed without a trace, replayed live without doing anything twice. */
import assert from 'node:assert/strict';
import type { ActionOutcome } from '../../lib/engine/api';
import type { PreviewEffect } from '../../lib/engine/runs/active-run';
import type { DeadLetter } from '../../lib/ledger/runs';
import { FatalError } from '../../lib/model/errors';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { waitUntil } from '../support/wait';

describe('a replay', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  let sink: { outcome?: ActionOutcome }[];
  let letter: DeadLetter;

  const broken = [
    source('first'),
    act('first', 'keyed', 'f'),
    fn('f', 'throw new Error("broken on purpose");', ['sink']),
    sinkNode,
  ];
  const repaired = [
    source('first'),
    act('first', 'keyed', 'second'),
    act('second', 'once', 'sink'),
    sinkNode,
  ];
  const reason = 'the flow was repaired';

  beforeEach(async () => {
    partner = new PartnerServer();
    await partner.open();
    sink = [];
    test = await openTestEngine({ endpoint: partner.url, limits: { maxAttempts: 2 } });
    await deploy(test, sink, broken);
    await test.deliver({ shipment: 'S1', seq: 1 });
    await test.quiet();
    const [dead] = (await test.ledger.deadLetters({ state: 'open' }, { limit: 10 })).items;
    assert.ok(dead);
    letter = dead;
    await undeploy();
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });

  const replay = (mode: 'preview' | 'live', filter: { ids?: string[]; partner?: string }) =>
    test.engine.replay({ name: 'repair', reason, by: 'anna', filter, mode });

  it('previews what would be skipped and what created, and asks the partner nothing', async () => {
    await deploy(test, sink, repaired);
    const before = await test.ledger.runCounts();
    const { id, count } = await replay('preview', { ids: [letter.id] });
    assert.equal(count, 1);
    const [item] = (await test.ledger.replayItems(id, { limit: 10 })).items;
    assert.equal(item?.outcome, 'create');
    assert.deepEqual(
      ((item?.effects ?? []) as PreviewEffect[]).map(({ operation, outcome }) => [operation, outcome]),
      [
        ['keyed', 'skip'],
        ['once', 'create'],
      ],
    );
    assert.equal(partner.seen.length, 1, 'only the request of before the replay');
    assert.deepEqual(await test.ledger.runCounts(), before);
    assert.equal((await test.ledger.deadLetter(letter.id))?.state, 'open');
    assert.equal((await test.ledger.replay(id))?.state, 'done');
  });

  it('carries out live what was missing and sends nothing confirmed again', async () => {
    await deploy(test, sink, repaired);
    const { id } = await replay('live', { ids: [letter.id] });
    await waitUntil(async () => (await test.ledger.deadLetter(letter.id))?.state === 'replayed', {
      what: 'the letter to be replayed',
    });
    const [item] = (await test.ledger.replayItems(id, { limit: 10 })).items;
    assert.equal(item?.outcome, 'done');
    assert.equal((await test.ledger.run(`${id}:0`))?.state, 'done');
    assert.deepEqual(
      partner.posts.map(({ path }) => path),
      ['/keyed/S1', '/once/S1'],
    );
    assert.equal(sink.length, 1);
    const resolved = await test.ledger.deadLetter(letter.id);
    assert.deepEqual(resolved?.resolution, { by: 'anna', reason, replayId: id });
  });

  it('that is live is done when its runs have ended, not when they are queued', async () => {
    const waits = fn('wait', 'setTimeout(() => { node.send(msg); node.done(); }, 300);', ['second']);
    const slow = [
      source('first'),
      act('first', 'keyed', 'wait'),
      waits,
      act('second', 'once', 'sink'),
      sinkNode,
    ];
    await deploy(test, sink, slow);
    const { id } = await replay('live', { ids: [letter.id] });
    await waitUntil(async () => (await test.ledger.run(`${id}:0`))?.state === 'running', { what: 'the run' });
    assert.equal((await test.ledger.replay(id))?.state, 'running');
    await waitUntil(async () => (await test.ledger.replay(id))?.state === 'done', { what: 'the end' });
    assert.equal((await test.ledger.run(`${id}:0`))?.state, 'done');
    assert.deepEqual(
      (await test.ledger.replayItems(id, { limit: 10 })).items.map(({ outcome }) => outcome),
      ['done'],
    );
  });

  it('that had ended before anybody could write it down is caught up, not run again', async () => {
    await deploy(test, sink, repaired);
    const { id } = await replay('live', { ids: [letter.id] });
    await waitUntil(async () => (await test.ledger.replay(id))?.state === 'done', { what: 'the end' });
    await test.ledger.updateReplayItem({ replayId: id, ordinal: 0, outcome: 'pending' });
    await test.ledger.setReplayState(id, ['done'], 'running', Date.now());
    await test.engine.replays.recover();
    await waitUntil(async () => (await test.ledger.replay(id))?.state === 'done', { what: 'the end again' });
    const [item] = (await test.ledger.replayItems(id, { limit: 10 })).items;
    assert.equal(item?.outcome, 'done');
    assert.equal(partner.posts.length, 2);
  });

  it('previews by what was read before: the partner is not asked again', async () => {
    const reads = [
      source('look'),
      act('look', 'look', 'f'),
      fn('f', 'throw new Error("broken on purpose");', ['sink']),
      sinkNode,
    ];
    await deploy(test, sink, reads);
    await test.deliver({ shipment: 'S2', seq: 2 });
    await test.quiet();
    const letters = (await test.ledger.deadLetters({ state: 'open' }, { limit: 10 })).items;
    const failed = letters.find(({ id }) => id !== letter.id);
    const asked = partner.seen.length;
    await undeploy();
    const mapped = "return { ...msg, payload: { id: msg.outcome.output.done.slice(1).replace('/', '-') } };";
    await deploy(test, sink, [
      source('look'),
      act('look', 'look', 'f'),
      fn('f', mapped, ['second']),
      act('second', 'once', 'sink'),
      sinkNode,
    ]);
    const { id } = await replay('preview', { ids: [failed?.id ?? ''] });
    const [item] = (await test.ledger.replayItems(id, { limit: 10 })).items;
    assert.deepEqual(
      ((item?.effects ?? []) as PreviewEffect[]).map(({ target, outcome }) => [target, outcome]),
      [['look-S2', 'create']],
      'the answer of before leads on',
    );
    assert.equal(partner.seen.length, asked);
  });

  it('that fails again leaves the letter open and says why', async () => {
    await deploy(test, sink, broken);
    const { id } = await replay('live', { partner: 'p' });
    const item = await waitUntil(
      async () =>
        (await test.ledger.replayItems(id, { limit: 10 })).items.find(({ outcome }) => outcome === 'failed'),
      { what: 'the item to fail' },
    );
    assert.match(item.message ?? '', /broken on purpose/);
    assert.equal((await test.ledger.deadLetter(letter.id))?.state, 'open');
    assert.equal(partner.posts.length, 1);
  });

  it('stops by itself once as many items have failed as were allowed, and says so in the audit', async () => {
    await deploy(test, sink, broken);
    for (const seq of [2, 3, 4]) await test.deliver({ shipment: `S${seq}`, seq });
    await test.quiet();
    const letters = (await test.ledger.deadLetters({ state: 'open' }, { limit: 10 })).items;
    assert.equal(letters.length, 4);
    const {
      replay: { id },
    } = await test.engine.replays.create({
      name: 'repair',
      reason,
      by: 'anna',
      mode: 'live',
      filter: { partner: 'p' },
      ratePerSecond: 1,
      stopAfterFailures: 2,
    });
    await test.engine.replays.start(id);
    await waitUntil(async () => (await test.ledger.replay(id))?.state === 'paused', {
      what: 'the replay to stop',
    });
    const outcomes = (await test.ledger.replayItems(id, { limit: 10 })).items.map(({ outcome }) => outcome);
    assert.equal(outcomes.filter((outcome) => outcome === 'failed').length, 2);
    assert.equal(outcomes.length, 4);
    const [stop] = (await test.ledger.audit({ subject: `replay:${id}` }, { limit: 10 })).items.filter(
      ({ action }) => action === 'replay.stop',
    );
    assert.partialDeepStrictEqual(stop, { actor: 'system', reason: '2 items failed' });
  });

  it('can be repeated from the letter that it left itself, once the flow is repaired', async () => {
    await deploy(test, sink, broken);
    const { id } = await replay('live', { ids: [letter.id] });
    const again = await waitUntil(
      async () =>
        (await test.ledger.deadLetters({ state: 'open' }, { limit: 10 })).items.find(
          ({ runId }) => runId === `${id}:0`,
        ),
      { what: 'the letter of the replay' },
    );
    await undeploy();
    await deploy(test, sink, repaired);
    await replay('live', { ids: [again.id] });
    await waitUntil(async () => (await test.ledger.deadLetter(again.id))?.state === 'replayed', {
      what: 'the letter of the replay to be replayed',
    });
    assert.deepEqual(
      partner.posts.map(({ path }) => path),
      ['/keyed/S1', '/once/S1'],
    );
  });

  it('previews that a run would fail again', async () => {
    await deploy(test, sink, broken);
    const { id } = await replay('preview', { ids: [letter.id] });
    const [item] = (await test.ledger.replayItems(id, { limit: 10 })).items;
    assert.equal(item?.outcome, 'failed');
    assert.match(item.message ?? '', /would fail: broken on purpose/);
  });

  it('of a payload that is still refused fails, although its run goes on', async () => {
    const refusing = [
      source('n'),
      { id: 'n', z: 'tab', type: 'test-normalize', report: true, wires: [['sink']] },
      sinkNode,
    ];
    await deploy(test, sink, refusing);
    await test.deliver('no json');
    await test.quiet();
    const [refused] = (
      await test.ledger.deadLetters({ state: 'open', reason: 'PAYLOAD_NOT_JSON' }, { limit: 10 })
    ).items;
    assert.ok(refused);
    const { id } = await replay('live', { ids: [refused.id] });
    await waitUntil(
      async () =>
        (await test.ledger.replayItems(id, { limit: 10 })).items.some(({ outcome }) => outcome === 'failed'),
      { what: 'the item to fail' },
    );
    assert.equal((await test.ledger.deadLetter(refused.id))?.state, 'open');
  });

  it('without a scope is refused', async () => {
    await deploy(test, sink, repaired);
    for (const filter of [{}, { ids: [] }])
      await assert.rejects(
        replay('live', filter),
        (error) => error instanceof FatalError && error.code === 'UNSCOPED_REPLAY',
      );
    assert.equal((await test.ledger.replays({ limit: 10 })).items.length, 0);
  });

  it('without a reason is refused', async () => {
    await assert.rejects(
      test.engine.replay({ name: 'r', reason: ' ', by: 'anna', filter: { ids: [letter.id] }, mode: 'live' }),
      (error) => error instanceof FatalError && error.code === 'REASON_MISSING',
    );
  });
});
