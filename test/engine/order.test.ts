/** Events of one shipment are handled one after the other, in the order of acceptance; shipments do not wait for each other. */
import assert from 'node:assert/strict';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { waitUntil } from '../support/wait';

type Seen = { payload: { shipment: string; seq: number } };

describe('order', () => {
  let partner: PartnerServer;
  let test: TestEngine | undefined;
  let sink: Seen[];

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

  const arrived = (shipment: string) =>
    sink.filter(({ payload }) => payload.shipment === shipment).map(({ payload }) => payload.seq);

  const failsTwice = (condition: string) =>
    fn('f', `if (${condition} && msg.reroute.attempt < 3) throw new Error("not yet"); return msg;`, ['sink']);

  it('is the order of acceptance, also when earlier events are retried', async () => {
    test = await openTestEngine();
    await deploy(test, sink, [source('f'), failsTwice('msg.payload.seq % 2 === 1'), sinkNode]);
    for (const seq of [1, 2, 3, 4, 5])
      for (const shipment of ['S1', 'S2', 'S3']) await test.deliver({ shipment, seq });
    await test.quiet();
    for (const shipment of ['S1', 'S2', 'S3']) assert.deepEqual(arrived(shipment), [1, 2, 3, 4, 5]);
  });

  it('costs no waiting beyond the retry itself', async () => {
    test = await openTestEngine();
    await deploy(test, sink, [source('f'), failsTwice('true'), sinkNode]);
    const startedAt = performance.now();
    for (const seq of [1, 2, 3]) await test.deliver({ shipment: 'S1', seq });
    await test.quiet();
    assert.deepEqual(arrived('S1'), [1, 2, 3]);
    const took = performance.now() - startedAt;
    assert.ok(took < 4_000, `six retries of 50 ms at most took ${Math.round(took)} ms`);
  });

  it('of acceptance counts, not the order of what happened', async () => {
    test = await openTestEngine();
    await deploy(test, sink, [source('sink'), sinkNode]);
    for (const seq of [3, 1, 2]) await test.deliver({ shipment: 'S1', seq });
    await test.quiet();
    assert.deepEqual(arrived('S1'), [3, 1, 2]);
  });

  it('holds up no other shipment', async () => {
    test = await openTestEngine({ limits: { retryBaseMs: 1_500, retryCeilingMs: 1_500 } });
    await deploy(test, sink, [
      source('f'),
      failsTwice('msg.payload.shipment === "S1" && msg.payload.seq === 1'),
      sinkNode,
    ]);
    await test.deliver({ shipment: 'S1', seq: 1 });
    await test.deliver({ shipment: 'S1', seq: 2 });
    const others = Array.from({ length: 20 }, (_, index) => `T${index}`);
    for (const shipment of others) await test.deliver({ shipment, seq: 1 });
    await waitUntil(() => sink.length >= others.length, { what: 'the other shipments' });
    assert.deepEqual(arrived('S1'), [], 'the first shipment is still being retried');
    for (const shipment of others) assert.deepEqual(arrived(shipment), [1]);
    await test.quiet();
    assert.deepEqual(arrived('S1'), [1, 2]);
  });

  it('goes on behind a run that is parked', async () => {
    test = await openTestEngine({ endpoint: partner.url, mode: 'assist' });
    await deploy(test, sink, [
      source('f'),
      fn('f', 'return msg.payload.seq === 1 ? [msg, null] : [null, msg];', ['act'], ['sink']),
      act('act', 'keyed', 'sink'),
      sinkNode,
    ]);
    const first = await test.deliver({ shipment: 'S1', seq: 1 });
    const second = await test.deliver({ shipment: 'S1', seq: 2 });
    await test.quiet();
    assert.equal((await test.ledger.run(first))?.state, 'parked');
    assert.equal((await test.ledger.run(second))?.state, 'done');
    assert.deepEqual(arrived('S1'), [2]);
  });
});
