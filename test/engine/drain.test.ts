/** Deploy and stop: what runs gets time to settle, what does not is tried again, and nothing that was accepted is lost. */
import assert from 'node:assert/strict';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { fn, sinkNode, source } from '../support/flow-nodes';
import { tempDir } from '../support/temp';
import { waitUntil } from '../support/wait';

type Seen = { payload: { shipment: string; seq: number }; reroute: { attempt: number } };
const later = (ms: number) => fn('f', `setTimeout(() => { node.send(msg); node.done(); }, ${ms});`, ['sink']);
/** Keeps its message for good, the first time. */
const stuckOnce = fn(
  'f',
  'const n = flow.get("n") ?? 0; flow.set("n", n + 1); if (n > 0) { node.send(msg); node.done(); }',
  ['sink'],
);

describe('a drain', () => {
  let test: TestEngine | undefined;
  let sink: Seen[];

  beforeEach(() => {
    sink = [];
  });
  afterEach(async () => {
    await test?.close();
    await undeploy();
    test = undefined;
  });

  async function started(nodes: object[]): Promise<TestEngine> {
    test = await openTestEngine();
    await deploy(test, sink, [source('f'), ...nodes, sinkNode]);
    return test;
  }
  const versions = new Map([['tab', 'v2']]);

  it('waits for runs in memory and takes no new ones', async () => {
    const { engine, ledger, ...on } = await started([later(200)]);
    const first = await on.deliver({ shipment: 'S1', seq: 1 });
    await waitUntil(() => engine.activeRuns === 1, { what: 'the run to begin' });
    const drained = engine.drain();
    const second = await on.deliver({ shipment: 'S2', seq: 1 });
    assert.equal(await drained, true);
    assert.equal((await ledger.run(first))?.state, 'done');
    assert.equal(sink.length, 1);
    assert.equal((await ledger.run(second))?.state, 'queued');

    await engine.flowsStarted(versions);
    await on.quiet();
    assert.equal((await ledger.run(second))?.state, 'done');
    assert.equal((await ledger.run(second))?.flowVersion, 'v2');
  });

  it('goes on as before when the deploy was refused', async () => {
    const { engine, ...on } = await started([later(10)]);
    assert.equal(await engine.drain(), true);
    await on.deliver({ shipment: 'S1', seq: 1 });
    engine.resume();
    await on.quiet();
    assert.equal(sink.length, 1);
  });

  it('breaks off what does not settle, and the next attempt runs on the new version', async () => {
    const { engine, ledger, ...on } = await started([stuckOnce]);
    const id = await on.deliver({ shipment: 'S1', seq: 1 });
    await waitUntil(() => engine.activeRuns === 1, { what: 'the run to begin' });
    assert.equal(await engine.drain(), false);
    assert.equal(engine.activeRuns, 0);
    const broken = await ledger.run(id);
    assert.equal(broken?.state, 'queued');
    assert.equal(broken?.lastError?.code, 'DEPLOY');
    assert.equal(sink.length, 0);

    await engine.flowsStarted(versions);
    await on.quiet();
    const run = await ledger.run(id);
    assert.equal(run?.state, 'done');
    assert.equal(run?.attempt, 1, 'a deploy spends no attempt');
    assert.equal(run?.flowVersion, 'v2');
    assert.equal(sink.length, 1);
  });
});

describe('a stop', () => {
  it('keeps queued and broken-off runs for the next start on the same folder', async () => {
    const dir = tempDir('drain');
    const sink: Seen[] = [];
    const first = await openTestEngine({ dir });
    await deploy(first, sink, [source('f'), stuckOnce, sinkNode]);
    const ids = [await first.deliver({ shipment: 'S1', seq: 1 })];
    await waitUntil(() => first.engine.activeRuns === 1, { what: 'the run to begin' });
    for (const seq of [2, 3]) ids.push(await first.deliver({ shipment: 'S1', seq }));
    await first.close();
    await undeploy();
    assert.equal(sink.length, 0, 'the first run holds up its shipment');

    const second = await openTestEngine({ dir });
    try {
      await deploy(second, sink, [source('sink'), sinkNode]);
      await second.quiet();
      for (const id of ids) assert.equal((await second.ledger.run(id))?.state, 'done');
      assert.deepEqual(
        sink.map(({ payload }) => payload.seq),
        [1, 2, 3],
      );
    } finally {
      await second.close();
      await undeploy();
    }
  });
});
