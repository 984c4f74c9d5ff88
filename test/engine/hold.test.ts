/** A run at a partner that an operator holds: it waits in the ledger and goes on when the partner is resumed. */
import assert from 'node:assert/strict';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';
import { waitUntil } from '../support/wait';

const control = (held: boolean) => ({
  partner: 'p',
  held,
  draining: false,
  by: 'anna',
  reason: 'maintenance',
  at: Date.now(),
});

describe('a run at a partner on hold', () => {
  let partner: PartnerServer;
  let test: TestEngine;
  const sink: object[] = [];

  before(async () => {
    partner = new PartnerServer();
    await partner.open();
    test = await openTestEngine({ endpoint: partner.url });
    await deploy(test, sink, [source('act'), act('act', 'keyed', 'sink'), sinkNode]);
  });
  after(async () => {
    await test.close();
    await undeploy();
    await partner.close();
  });

  it('waits without spending an attempt and goes on when the partner is resumed', async () => {
    const { engine, ledger } = test;
    await engine.partners.setControl(control(true));
    const id = await test.deliver({ shipment: 'S1', seq: 1 });
    const waiting = await waitUntil(
      async () => {
        const run = await ledger.run(id);
        return run?.lastError && run.state === 'queued' ? run : undefined;
      },
      { what: 'the deferral' },
    );
    assert.equal(waiting.lastError?.code, 'PARTNER_HELD');
    assert.equal(waiting.attempt, 1);
    assert.ok(waiting.dueAt > Date.now() + 30_000, 'it is not tried over and over');
    assert.equal(partner.seen.length, 0);

    await engine.partners.setControl(control(false));
    for (let partition = 0; partition < ledger.partitions; partition += 1)
      await ledger.hastenRuns(partition, { errorCode: 'PARTNER_HELD', now: Date.now() });
    engine.resume();
    await test.quiet();

    const run = await ledger.run(id);
    assert.equal(run?.state, 'done');
    assert.equal(run?.attempt, 1);
    assert.equal(partner.posts.length, 1);
    assert.equal(sink.length, 1);
  });
});
