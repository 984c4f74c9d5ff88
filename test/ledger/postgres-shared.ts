/** What holds of a ledger that several processes have open, and of one whose server goes away for a moment. */
import assert from 'node:assert/strict';
import { Client } from 'pg';
import { leaseMs, partitions } from '../../lib/ledger/conformance';
import { anItem, aRun } from '../../lib/ledger/conformance/builders';
import { takeLease } from '../../lib/ledger/conformance/harness';
import type { Ledger } from '../../lib/ledger/port';
import { PostgresDatabase } from '../../lib/ledger/postgres/database';
import { openPostgresLedger } from '../../lib/ledger/postgres/engine';
import { isRerouteError, RetryableError, StaleFenceError } from '../../lib/model/errors';
import type { PostgresHarness } from './postgres-harness';

const withCode = (code: string) => (error: unknown) => isRerouteError(error) && error.code === code;

async function asAdministrator<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function sharedLedger(harness: PostgresHarness, server: () => string): void {
  describe('shared by two processes', () => {
    let first: Ledger;
    let second: Ledger;
    beforeEach(async () => {
      first = await harness.open();
      second = await harness.openAnother();
    });
    afterEach(() => harness.close());

    it('says so, and both see one ledger', async () => {
      assert.equal(first.capabilities.sharedBetweenProcesses, true);
      const item = anItem();
      await first.accept(0, [item]);
      assert.equal((await second.rawPayload(item.id))?.dedupKey, item.dedupKey);
    });

    it('gives a partition to one owner until its lease is over', async () => {
      const ask = (ledger: Ledger, owner: string) =>
        ledger.acquire({ owner, partitions: [0, 1, 2, 3], now: harness.now(), leaseMs });
      const taken = await Promise.all([ask(first, 'a'), ask(second, 'b')]);
      assert.equal(taken.flat().length, partitions);
      harness.advance(leaseMs + 1);
      assert.equal((await ask(second, 'b')).length, partitions);
    });

    it('refuses whatever a former owner writes after the take-over, and gives its run to the new one', async () => {
      const former = await takeLease(harness, first, 0, 'a');
      const run = aRun();
      await first.enqueueRuns(0, [run], 1000);
      assert.equal((await first.claimRuns(former, { now: 9000, limit: 1 })).length, 1);
      const lease = await takeLease(harness, second, 0, 'b');
      await assert.rejects(
        first.settleRuns(former, [{ runId: run.id, outcome: 'done', at: 9000 }]),
        StaleFenceError,
      );
      const [again] = await second.claimRuns(lease, { now: 9000, limit: 1 });
      assert.deepEqual([again?.id, again?.attempt], [run.id, 2]);
    });

    it('accepts a delivery once that reaches both at the same time', async () => {
      const items = Array.from({ length: 40 }, () => anItem());
      const copies = items.map((item) => ({ ...item, id: `${item.id}-copy` }));
      const answers = await Promise.all([
        ...items.map((item) => first.accept(0, [item])),
        ...copies.map((item) => second.accept(0, [item])),
      ]);
      const count = (status: string) => answers.flat().filter((one) => one.status === status).length;
      assert.deepEqual([count('accepted'), count('duplicate')], [40, 40]);
    });

    it('keeps order per key when both take deliveries of one shipment', async () => {
      const orderKey = 'one-shipment';
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? first : second).accept(0, [anItem({ orderKey })]),
        ),
      );
      const lease = await takeLease(harness, second, 0, 'b');
      assert.equal((await second.claimRuns(lease, { now: 9000, limit: 100 })).length, 1);
    });

    it('goes on when a process stopped in the middle of a transaction', async () => {
      const url = new URL(harness.url);
      const stopped = new PostgresDatabase({
        url: server(),
        schema: url.searchParams.get('schema') ?? '',
        statementTimeoutMs: 5_000,
        idleTransactionMs: 200,
        connectTimeoutMs: 5_000,
      });
      try {
        stopped.begin(true);
        stopped.run("UPDATE meta SET value = 'lost' WHERE key = 'partitions'");
        const [answer] = await first.accept(0, [anItem()]);
        assert.equal(answer?.status, 'accepted');
        assert.throws(() => stopped.exec('COMMIT'), { name: 'StorageFailure' });
      } finally {
        stopped.close();
      }
    });

    it('refuses calls as LEDGER_UNAVAILABLE when its connection is cut, and then goes on by itself', async () => {
      await first.ready();
      await asAdministrator(server(), (client) =>
        client.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reroute'",
        ),
      );
      const item = anItem();
      const tries = await Promise.allSettled([first.accept(0, [item]), second.accept(0, [item])]);
      for (const one of tries) {
        if (one.status === 'rejected')
          assert.ok(withCode('LEDGER_UNAVAILABLE')(one.reason), String(one.reason));
      }
      const [answer] = await first.accept(0, [item]);
      assert.equal((await second.rawPayload(item.id))?.id, item.id);
      assert.ok(answer?.status === 'accepted' || answer?.status === 'duplicate');
    });

    it('refuses another number of partitions, and a ledger that newer code wrote', async () => {
      await assert.rejects(
        openPostgresLedger(harness.url, { partitions: partitions + 1 }),
        withCode('LEDGER_PARTITIONS'),
      );
      const schema = new URL(harness.url).searchParams.get('schema') ?? '';
      await asAdministrator(server(), (client) =>
        client.query(`INSERT INTO ${schema}.migrations (version, name, applied_at) VALUES (999, 'later', 0)`),
      );
      await assert.rejects(openPostgresLedger(harness.url), withCode('LEDGER_NEWER'));
    });
  });

  describe('opening', () => {
    it('makes the schema once when processes start together', async () => {
      const url = `${server()}?schema=together`;
      const ledgers = await Promise.all([openPostgresLedger(url), openPostgresLedger(url)]);
      await Promise.all(ledgers.map((ledger) => ledger.close()));
      assert.deepEqual(
        ledgers.map((ledger) => ledger.partitions),
        [16, 16],
      );
    });

    it('is refused as retryable where no server answers, and as a fault where the schema has no name', async () => {
      await assert.rejects(openPostgresLedger('postgres://reroute@127.0.0.1:1/postgres'), RetryableError);
      await assert.rejects(openPostgresLedger('postgres://h/d?schema=A;B'), withCode('LEDGER_URL'));
    });
  });
}
