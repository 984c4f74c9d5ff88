/** What is fetched: durable before its cursor moves, asked for politely, by one process. */
import assert from 'node:assert/strict';
import type { Poller, PollRequest } from '../../lib/connectors/kit/poll';
import type { PartnerConfig } from '../../lib/engine/api';
import { planRecord } from '../../lib/engine/facts/plan';
import { nextInterval } from '../../lib/engine/polling/interval';
import type { FactSeed } from '../../lib/ledger/cases';
import { defaultPatience } from '../../lib/model/deadlines';
import { FatalError, RetryableError } from '../../lib/model/errors';
import type { Fact, FactDraft } from '../../lib/model/fact';
import { factId, identifierTokens, partitionOf, shipmentKeyOf } from '../../lib/model/keys';
import { tempDir } from '../support';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { sinkNode, source } from '../support/flow-nodes';
import { deliveryOf, PolledPartner, scanOf } from '../support/polled';
import { waitUntil } from '../support/wait';

const page = (...seqs: number[]) => seqs.map((seq) => deliveryOf({ shipment: 'S1', seq }));
const nothing = { deliveries: [], more: false };

describe('what is fetched from a partner', () => {
  let partner: PolledPartner;
  let test: TestEngine;
  const sink: { payload?: { seq?: number } }[] = [];

  async function open(
    poller: Partial<Poller> = {},
    config: Partial<PartnerConfig> = {},
    dir?: string,
  ): Promise<void> {
    sink.length = 0;
    test = await openTestEngine({
      connectors: [partner.connector(poller)],
      partner: { connectorId: 'polled', ...config },
      ...(dir === undefined ? {} : { dir }),
    });
    await deploy(test, sink, [source('sink'), sinkNode]);
  }
  const seen = () => sink.map(({ payload }) => payload?.seq);
  const status = () => test.engine.partner('p')?.fetch;
  const asked = (count: number) =>
    waitUntil(() => partner.asked.length >= count, { what: `${count} questions` });
  const cursor = async () => (await test.ledger.poll('p', ''))?.cursor;

  beforeEach(() => {
    partner = new PolledPartner();
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
  });

  describe('as a feed', () => {
    it('is taken page by page, each fact once, with the cursor of the page before', async () => {
      const answers = [
        { deliveries: page(1, 2), more: true, cursor: 'a' },
        { deliveries: page(2, 3), more: false, cursor: 'b' },
      ];
      partner.answer = () => answers.shift() ?? nothing;
      await open();
      await asked(3);
      await test.quiet();
      assert.deepEqual(seen(), [1, 2, 3]);
      assert.deepEqual(
        partner.asked.slice(0, 3).map((request) => request.cursor),
        [undefined, 'a', 'b'],
      );
      assert.equal(await cursor(), 'b');
      assert.equal(status()?.fetched, 3);
    });

    it('begins as far back as the partner says', async () => {
      await open({}, { fetch: { lookBackHours: 2 } });
      await asked(1);
      const ago = Date.now() - (partner.asked[0]?.since ?? 0);
      assert.ok(ago >= 7_200_000 && ago < 7_260_000, String(ago));
    });

    it('is asked ever more seldom while there is no news, and often again after it', async () => {
      const times: number[] = [];
      partner.answer = () => {
        times.push(Date.now());
        return nothing;
      };
      await open({ interval: { minMs: 50, maxMs: 400 } });
      await waitUntil(() => status()?.intervalMs === 400, { what: 'the longest interval' });
      partner.answer = () => ({ deliveries: page(1), more: false });
      await waitUntil(() => status()?.intervalMs === 50, { what: 'the shortest one' });
    });

    it('keeps the cursor of before when intake takes nothing, and asks for the same again', async () => {
      await open({}, { limits: { maxBodyBytes: 40 } });
      const long = { headers: {}, body: Buffer.from(JSON.stringify({ shipment: 'x'.repeat(50), seq: 1 })) };
      partner.answer = ({ cursor: from }) =>
        from === 'ok'
          ? { deliveries: [...page(2), long], more: false, cursor: 'lost' }
          : { deliveries: page(1), more: false, cursor: 'ok' };
      await waitUntil(() => status()?.error?.code === 'FETCHED_TOO_LARGE', { what: 'the refusal' });
      assert.equal(await cursor(), 'ok');
      await test.quiet();
      assert.deepEqual(seen(), [1, 2], 'what came before it in the answer is taken, once');
    });

    it('backs off after errors and says in the status what was wrong', async () => {
      partner.answer = () => {
        throw new RetryableError('TOKEN_UNAVAILABLE', 'no token today', { retryAfterMs: 60_000 });
      };
      await open();
      const failed = await waitUntil(() => (status()?.error ? status() : undefined), { what: 'the error' });
      assert.equal(failed?.error?.code, 'TOKEN_UNAVAILABLE');
      assert.ok((failed?.nextAt ?? 0) > Date.now() + 50_000, 'Retry-After is respected');
      assert.equal(partner.asked.length, 1);
    });

    it('respects a pause that comes with an answer, also over a restart', async () => {
      const dir = tempDir('polling');
      partner.answer = () => ({ ...nothing, cursor: 'c', pauseMs: 100 });
      await open({ interval: { minMs: 20, maxMs: 60_000 } }, {}, dir);
      await asked(2);
      partner.answer = () => ({ ...nothing, cursor: 'd', pauseMs: 30_000 });
      await waitUntil(async () => (await cursor()) === 'd', { what: 'the pause' });
      await test.close();
      await undeploy();
      const before = partner.asked.length;
      await open({ interval: { minMs: 20, maxMs: 60_000 } }, {}, dir);
      await waitUntil(() => (status()?.nextAt ?? 0) > Date.now() + 10_000, { what: 'the pause from before' });
      assert.equal(partner.asked.length, before);
      assert.equal(await cursor(), 'd');
    });

    it('waits while the partner is on hold and when its node says no', async () => {
      await open({}, { fetch: { enabled: false } });
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(partner.asked.length, 0);
      assert.equal(status()?.enabled, false);
      await test.close();
      await undeploy();
      await open();
      await asked(1);
      const held = { partner: 'p', draining: false, by: 'anna', reason: 'audit', at: Date.now(), held: true };
      await test.engine.partners.setControl(held);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = partner.asked.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(partner.asked.length, before);
    });

    it('does not spin on a next page that never moves', async () => {
      partner.answer = () => ({ deliveries: page(1), more: true, cursor: 'same' });
      await open({ interval: { minMs: 60_000, maxMs: 60_000 } });
      await asked(2);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(partner.asked.length, 2);
    });

    it('goes through the lane, whose counters tell how it went', async () => {
      partner.answer = () => {
        throw new FatalError('NO', 'never');
      };
      await open();
      await asked(2);
      assert.equal(test.engine.partner('p')?.calls.ok, 0);
      assert.ok((test.engine.partner('p')?.calls.failed ?? 0) >= 1);
    });
  });

  describe('for shipments under way', () => {
    const shipments = { subject: 'shipments' as const, interval: { minMs: 30, maxMs: 120 } };
    const numbers = (requests: PollRequest[]) =>
      [...new Set(requests.map((request) => request.trackingNumber))].sort();

    /** As if flows had recorded it. */
    async function record(draft: FactDraft, recordedAt = Date.now()): Promise<void> {
      const seed = seedOf(draft, recordedAt);
      const partition = partitionOf(seed.fact.partitionKey, test.ledger.partitions);
      const subjects = [seed.fact.subject];
      const context = await test.ledger.recordContext(partition, {
        factIds: [seed.fact.id],
        subjects,
        now: recordedAt,
      });
      const plan = planRecord([seed], context, {
        now: recordedAt,
        tenant: 't',
        newId: () => seed.fact.id,
        runId: 'r',
        patienceOf: () => defaultPatience,
        calendars: new Map(),
        takes: () => false,
        follows: () => false,
      });
      await test.ledger.record(partition, plan.commit);
    }

    it('asks for each number that the ledger knows of this carrier, each with its own cursor', async () => {
      partner.answer = ({ trackingNumber, cursor: from }) => ({
        ...nothing,
        cursor: `${trackingNumber}-${from === undefined ? 1 : 2}`,
      });
      await open(shipments);
      await Promise.all(['A1', 'B2'].map((number) => record(scanOf(number, 1))));
      await asked(4);
      assert.deepEqual(numbers(partner.asked), ['A1', 'B2']);
      const again = partner.asked.find(({ trackingNumber, cursor: from }) => trackingNumber === 'A1' && from);
      assert.equal(again?.cursor, 'A1-1');
    });

    it('asks no more once the shipment is delivered, the vendor says so, or nothing was heard for long', async () => {
      partner.answer = ({ trackingNumber }) => ({ ...nothing, finished: trackingNumber === 'SAID' });
      await open(shipments);
      await record(scanOf('DONE', 1, 'DELIVERED'));
      await record(scanOf('OLD', 1), Date.now() - 31 * 86_400_000);
      await record(scanOf('SAID', 1));
      await record(scanOf('OPEN', 1));
      await waitUntil(
        () => partner.asked.filter(({ trackingNumber }) => trackingNumber === 'OPEN').length >= 3,
      );
      assert.deepEqual(numbers(partner.asked), ['OPEN', 'SAID']);
      assert.equal(partner.asked.filter(({ trackingNumber }) => trackingNumber === 'SAID').length, 1);
      assert.deepEqual((await test.ledger.pollCount('p')).numbers, 1);
      await record(scanOf('OPEN', 2, 'DELIVERED'));
      await waitUntil(async () => (await test.ledger.pollCount('p')).numbers === 0, {
        what: 'nothing to ask for',
      });
    });

    it('asks for numbers of carriers that the connector or the partner node names', async () => {
      await open({ ...shipments, carriers: ['dhl'] }, { fetch: { carriers: ['GLS'] } });
      for (const carrier of ['dhl', 'gls', 'polled']) {
        const draft = scanOf(`N-${carrier}`, 1);
        const identifiers = { trackingNumber: [{ carrier, value: `N-${carrier}` }] };
        await record({ ...draft, data: { ...draft.data, identifiers } });
      }
      await asked(4);
      assert.deepEqual(numbers(partner.asked), ['N-dhl', 'N-gls']);
    });

    it('goes on with the others when one number fails, and shows the fault', async () => {
      partner.answer = ({ trackingNumber }) => {
        if (trackingNumber === 'BAD') throw new RetryableError('VENDOR', 'no idea');
        return { deliveries: [deliveryOf({ shipment: String(trackingNumber), seq: 1 })], more: false };
      };
      await open(shipments);
      await record(scanOf('BAD', 1));
      await record(scanOf('GOOD', 1));
      await waitUntil(() => sink.length === 1, { what: 'the good one' });
      await waitUntil(() => status()?.error?.code === 'VENDOR', { what: 'the fault' });
    });

    it('asks as many numbers at a time as the partner allows calls', async () => {
      let active = 0;
      let most = 0;
      partner.answer = async () => {
        active += 1;
        most = Math.max(most, active);
        await new Promise((resolve) => setTimeout(resolve, 20));
        active -= 1;
        return { ...nothing, finished: true };
      };
      await open(shipments, { limits: { concurrency: 2 } });
      for (let at = 0; at < 8; at += 1) await record(scanOf(`N${at}`, 1));
      await waitUntil(() => partner.asked.length >= 8 && active === 0, { what: 'all of them' });
      assert.ok(most <= 2, String(most));
    });
  });
});

function seedOf(draft: FactDraft, recordedAt: number): FactSeed {
  const subject = shipmentKeyOf(draft.data.identifiers) ?? 'none';
  const source = '/t/erp/s4';
  const fact: Fact = {
    specVersion: '1.0',
    id: factId(source, draft.dedupKey),
    source,
    type: draft.type,
    subject,
    time: draft.data.time.eventTime,
    dataSchema: 'https://reroute.dev/schemas/fact/1.0.0',
    correlationId: 'c',
    recordedTime: new Date(recordedAt).toISOString(),
    partitionKey: subject,
    dedupKey: draft.dedupKey,
    data: draft.data,
  };
  return { fact, partner: 's4', tokens: identifierTokens(draft.data.identifiers) };
}

describe('the interval of questions', () => {
  const interval = { minMs: 10, maxMs: 45 };
  it('is the shortest at first and after news, and doubles up to the longest', () => {
    assert.equal(nextInterval(0, interval, 'quiet'), 10);
    assert.equal(nextInterval(40, interval, 'news'), 10);
    assert.deepEqual(
      [10, 20, 40].map((before) => nextInterval(before, interval, 'quiet')),
      [20, 40, 45],
    );
    assert.equal(nextInterval(45, interval, 'failed'), 45);
  });
});
