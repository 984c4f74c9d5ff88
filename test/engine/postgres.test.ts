/** The engine on the PostgreSQL ledger: deliveries, effects and waits end as they do on a file. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionOutcome } from '../../lib/engine/api';
import { need, type PostgresServer, startPostgres } from '../support';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, sinkNode, source } from '../support/flow-nodes';
import { PartnerServer } from '../support/partner-server';

describe('engine on PostgreSQL', () => {
  const dir = mkdtempSync(join(tmpdir(), 'reroute-pg-'));
  let server: PostgresServer | undefined;
  let partner: PartnerServer;
  let test: TestEngine;

  async function started(): Promise<void> {
    const sink: { outcome?: ActionOutcome }[] = [];
    test = await openTestEngine({ endpoint: partner.url, dir, server: server?.url });
    await deploy(test, sink, [source('act'), act('act', 'keyed', 'sink'), sinkNode]);
  }

  before(async function () {
    this.timeout(60_000);
    server = need(this, 'postgres', await startPostgres());
    partner = new PartnerServer();
    await partner.open();
    await started();
  });
  after(async () => {
    if (!server) return;
    await test.close();
    await undeploy();
    await partner.close();
    await server.stop();
  });

  it('carries deliveries to their effects, once each', async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, seq) => test.deliver({ shipment: `S${seq % 3}`, seq })),
    );
    await test.quiet();
    const effects = await test.ledger.effectsByRuns(ids);
    assert.deepEqual(new Set(effects.map(({ state }) => state)), new Set(['CONFIRMED']));
    assert.equal(effects.length, 12);
    assert.equal(new Set(partner.posts.map(({ key }) => key)).size, 12);
    assert.equal(partner.posts.length, 12);
  });

  it('knows a delivery again after a restart', async () => {
    const delivery = { shipment: 'S9', seq: 99 };
    const id = await test.deliver(delivery);
    await test.quiet();
    await test.close();
    await undeploy();
    await started();
    assert.equal((await test.ledger.run(id))?.state, 'done');
    await assert.rejects(test.deliver(delivery), /duplicate/);
  });
});
