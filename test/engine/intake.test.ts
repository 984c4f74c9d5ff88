/** Each row of the contract's "Inbound" against a real engine and a real ledger. */
import assert from 'node:assert/strict';
import type { Connector, Reading } from '../../lib/connectors/kit/connector';
import type { PartnerConfig } from '../../lib/engine/api';
import type { IntakeAnswer } from '../../lib/engine/intake';
import type { EngineLimits } from '../../lib/engine/limits';
import { RetryableError } from '../../lib/model/errors';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { sinkNode, source } from '../support/flow-nodes';
import { testConnector } from '../support/test-partner';
import { waitUntil } from '../support/wait';

describe('Intake', () => {
  let test: TestEngine;
  afterEach(async () => {
    await test.close();
    await undeploy();
  });

  async function open(
    partner: Partial<PartnerConfig> = {},
    limits: Partial<EngineLimits> = {},
  ): Promise<TestEngine> {
    test = await openTestEngine({ partner, limits });
    return test;
  }
  const accept = (body: string | object, headers: Record<string, string> = {}, partner = 'p') =>
    test.engine.intake.accept(partner, {
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    });
  const delivery = (seq: number) => ({ shipment: 'S1', seq });
  const idOf = (answer: IntakeAnswer) => ('id' in answer ? answer.id : undefined);
  const kept = async () =>
    Object.values(await test.ledger.runCounts()).reduce((sum, count) => sum + count, 0);

  it('accepts once the bytes are durable, as they came', async () => {
    await open();
    const answer = await accept('{"shipment":"S1", "seq":1}');
    assert.equal(answer.kind, 'accepted');
    const raw = await test.ledger.rawPayload(idOf(answer) ?? '');
    assert.equal(Buffer.from(raw?.body ?? []).toString(), '{"shipment":"S1", "seq":1}');
  });

  it('answers the same delivery again with the first id, and runs it once', async () => {
    await open();
    const first = await accept(delivery(1));
    const again = await accept(delivery(1));
    assert.deepEqual([again.kind, idOf(again)], ['duplicate', idOf(first)]);
    assert.equal(await kept(), 1);
  });

  it('quarantines other content under a known key, and shows it', async () => {
    await open();
    const first = await accept(delivery(1));
    const other = await accept({ ...delivery(1), code: 'LOST' });
    assert.partialDeepStrictEqual(other, { kind: 'conflict', firstId: idOf(first) });
    const [letter] = (await test.ledger.deadLetters({}, { limit: 10 })).items;
    assert.partialDeepStrictEqual(letter, { ref: idOf(other), reason: { code: 'DEDUP_CONFLICT' } });
  });

  it('stores nothing of a delivery with a wrong signature', async () => {
    await open();
    assert.equal((await accept(delivery(1), { 'x-wrong': '1' })).kind, 'unauthorized');
    assert.equal(await kept(), 0);
    assert.equal((await test.ledger.facts({}, { limit: 10 })).items.length, 0);
    // The key is free: the delivery is taken when it comes with the right one.
    assert.equal((await accept(delivery(1))).kind, 'accepted');
  });

  it('knows no partner that is not configured', async () => {
    await open();
    await deploy(test, [], [source('sink'), sinkNode]);
    assert.equal((await accept(delivery(1), {}, 'nobody')).kind, 'unknown-partner');
  });

  it('does not call a partner unknown while the flows are being replaced', async () => {
    await open();
    assert.equal((await accept(delivery(1), {}, 'nobody')).kind, 'unavailable');
  });

  it('refuses what is larger than the partner allows, with the limit', async () => {
    await open({ limits: { maxBodyBytes: 20 } });
    assert.deepEqual(await accept({ shipment: 'x'.repeat(50), seq: 1 }), {
      kind: 'too-large',
      limitBytes: 20,
    });
  });

  it('limits a partner to its rate and says when to come again', async () => {
    await open({ limits: { inboundPerSecond: 2 } });
    const answers: IntakeAnswer[] = [];
    for (let seq = 1; seq <= 4; seq += 1) answers.push(await accept(delivery(seq)));
    const limited = answers.find(({ kind }) => kind === 'limited');
    assert.ok(limited?.kind === 'limited' && limited.retryAfterMs > 0 && limited.retryAfterMs <= 500);
  });

  it('limits everybody at the largest backlog, and goes on when it is worked off', async () => {
    await open({}, { maxBacklog: 3 });
    await test.engine.drain();
    let seq = 0;
    await waitUntil(
      async () => {
        seq += 1;
        return (await accept(delivery(seq))).kind === 'limited';
      },
      { what: 'the backlog to be noticed', everyMs: 100 },
    );
    await deploy(test, [], [source('sink'), sinkNode]);
    await test.quiet();
    await waitUntil(async () => (await accept(delivery(1000))).kind !== 'limited', {
      what: 'intake to go on',
      everyMs: 100,
    });
  });

  it('says that it cannot commit when the ledger cannot', async () => {
    await open();
    const full = new RetryableError('LEDGER_UNAVAILABLE', 'the ledger could not commit: disk full');
    test.ledger.accept = () => Promise.reject(full);
    assert.deepEqual(await accept(delivery(1)), { kind: 'unavailable', reason: full.message });
  });

  it('keeps bytes that nothing can be made of as a dead letter with the reason', async () => {
    await open();
    const bytes = '{"shipment": broken';
    const nodes = [
      source('n'),
      { id: 'n', z: 'tab', type: 'test-normalize', report: true, wires: [['sink']] },
      sinkNode,
    ];
    await deploy(test, [], nodes);
    const answer = await accept(bytes);
    assert.equal(answer.kind, 'accepted');
    await test.quiet();
    const [letter] = (await test.ledger.deadLetters({}, { limit: 10 })).items;
    assert.partialDeepStrictEqual(letter, { runId: idOf(answer), reason: { code: 'PAYLOAD_NOT_JSON' } });
    const raw = await test.ledger.rawPayload(idOf(answer) ?? '');
    assert.equal(Buffer.from(raw?.body ?? []).toString(), bytes);
  });

  it('drops headers that carry credentials before anything is kept', async () => {
    await open();
    const answer = await accept(delivery(1), {
      authorization: 'Bearer secret',
      cookie: 'a=b',
      'x-event': '7',
    });
    const raw = await test.ledger.rawPayload(idOf(answer) ?? '');
    assert.equal(raw?.headers['x-event'], '7');
    assert.ok(!JSON.stringify(raw?.headers).includes('secret'));
    assert.equal(raw?.headers.cookie, undefined);
  });

  it('gives a case the region of its partner where no fact names one', async () => {
    await open({ region: 'DE' });
    await deploy(
      test,
      [],
      [source('n'), { id: 'n', z: 'tab', type: 'test-record', wires: [['sink']] }, sinkNode],
    );
    await accept({ ...delivery(1), code: 'LOST' });
    await test.quiet();
    const [state] = (await test.ledger.cases({}, { limit: 10 })).items;
    assert.deepEqual([state?.code, state?.region], ['LOST', 'DE']);
  });

  describe('what it read of a delivery', () => {
    const seen: (Reading | undefined)[] = [];
    const { inbound } = testConnector;
    assert.ok(inbound);
    const reader: Connector = {
      ...testConnector,
      manifest: { ...testConnector.manifest, id: 'reader' },
      inbound: {
        ...inbound,
        identify(request) {
          if (request.reading) request.reading.json = { ok: true, value: 'read at intake' };
          return inbound.identify(request);
        },
        normalize(request, context) {
          seen.push(request.reading);
          return inbound.normalize(request, context);
        },
      },
    };
    const normalize = (id: string, next: string) => ({
      id,
      z: 'tab',
      type: 'test-normalize',
      wires: [[next]],
    });

    async function run(body: object): Promise<(Reading | undefined)[]> {
      seen.length = 0;
      test = await openTestEngine({
        connectors: [reader],
        partner: { connectorId: 'reader', limits: { maxBodyBytes: 1024 * 1024 } },
      });
      await deploy(test, [], [source('n1'), normalize('n1', 'n2'), normalize('n2', 'sink'), sinkNode]);
      assert.equal((await accept(body)).kind, 'accepted');
      await waitUntil(() => seen.length === 2);
      await test.quiet();
      return seen;
    }

    it('reaches the mapping of its run, once', async () => {
      const [first, second] = await run(delivery(1));
      assert.deepEqual(first, { json: { ok: true, value: 'read at intake' } });
      assert.equal(second, undefined);
    });

    it('is not held for a large delivery', async () => {
      assert.deepEqual(await run({ ...delivery(1), filler: 'x'.repeat(300 * 1024) }), [undefined, undefined]);
    });
  });
});
