/** Traces from the sender through every node to the partner, as a collector gets them. */
import assert from 'node:assert/strict';
import { parseTraceparent } from '../../lib/model/trace-context';
import { openTraces, type Traces } from '../../lib/telemetry/traces';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { act, fn, sinkNode, source } from '../support/flow-nodes';
import { OtlpReceiver } from '../support/otlp-receiver';
import { PartnerServer } from '../support/partner-server';

const sender = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('traces', () => {
  const receiver = new OtlpReceiver();
  const partner = new PartnerServer();
  const logged: Record<string, unknown>[] = [];
  let traces: Traces;
  let test: TestEngine;

  before(async () => {
    await partner.open();
    traces = openTraces({ endpoint: await receiver.open(), serviceVersion: '0', instance: 'test' });
    const keep = (detail: object) => void logged.push({ ...detail });
    test = await openTestEngine({
      endpoint: partner.url,
      traces,
      log: { info: keep, warn: keep, error: keep },
    });
    await deploy(
      test,
      [],
      [
        source('f'),
        fn('f', 'if (msg.reroute.attempt === 1) throw new Error("not for kim@example.com"); return msg;', [
          'act',
        ]),
        act('act', 'keyed', 'sink'),
        sinkNode,
      ],
    );
    await send(sender, 'S1');
    await send(undefined, 'S2');
    await send(sender, 'S1');
    await send('00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-00', 'S3');
    await test.quiet();
    await traces.stop();
  });
  after(async () => {
    await test.close();
    await undeploy();
    await partner.close();
    await receiver.close();
  });

  const send = (traceparent: string | undefined, shipment: string) =>
    test.engine.intake.accept('p', {
      headers: { 'content-type': 'application/json', ...(traceparent ? { traceparent } : {}) },
      body: Buffer.from(JSON.stringify({ shipment, seq: 1 })),
    });
  const ofTrace = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId);

  it('goes on with the trace of the sender, from acceptance to the call of the partner', () => {
    const spans = ofTrace('4bf92f3577b34da6a3ce929d0e0e4736');
    const accept = spans.find((span) => span.attributes['reroute.delivery'] === 'accepted');
    assert.equal(accept?.parentSpanId, '00f067aa0ba902b7');
    const attempts = spans.filter((span) => span.name === 'run raw');
    assert.deepEqual(
      attempts.map((span) => span.attributes['reroute.attempt']),
      [1, 2],
    );
    for (const attempt of attempts) assert.equal(attempt.parentSpanId, accept.spanId);
    const call = spans.find((span) => span.name === 'call keyed');
    const visit = spans.find((span) => span.spanId === call?.parentSpanId);
    assert.equal(visit?.attributes['reroute.node_id'], 'act');
    assert.equal(visit.parentSpanId, attempts[1]?.spanId);
    assert.equal(call?.attributes['reroute.outcome'], 'ok');
  });

  it('sends the partner the context of the call', () => {
    const sent = parseTraceparent(partner.posts.find(({ path }) => path === '/keyed/S1')?.traceparent);
    const call = ofTrace('4bf92f3577b34da6a3ce929d0e0e4736').find((span) => span.name === 'call keyed');
    assert.equal(sent?.spanId, call?.spanId);
    assert.equal(sent?.sampled, true);
  });

  it('says which attempt and which node failed, and names nobody', () => {
    const [first] = ofTrace('4bf92f3577b34da6a3ce929d0e0e4736').filter((span) => span.name === 'run raw');
    assert.equal(first?.status.code, 2);
    assert.match(first?.status.message ?? '', /not for/);
    assert.ok(!JSON.stringify(receiver.spans).includes('kim@'));
    const failed = receiver.spans.filter((span) => span.name === 'node function' && span.status.code === 2);
    assert.ok(failed.length >= 2, 'of two sampled deliveries');
  });

  it('starts a trace by the correlation id where the sender named none', () => {
    const own = receiver.named('accept').find((span) => span.parentSpanId === undefined);
    assert.ok(own);
    assert.equal(own.traceId, String(own.attributes['reroute.correlation_id']).replaceAll('-', ''));
    assert.ok(ofTrace(own.traceId).some((span) => span.name === 'call keyed'));
  });

  it('tells a duplicate in the trace of its sender, under an id of its own', () => {
    const [first, second] = receiver
      .named('accept')
      .filter((span) => span.traceId === '4bf92f3577b34da6a3ce929d0e0e4736');
    assert.equal(second?.attributes['reroute.delivery'], 'duplicate');
    assert.notEqual(second.spanId, first?.spanId);
  });

  it('follows a sender that does not sample, and passes that on', () => {
    assert.deepEqual(ofTrace('4bf92f3577b34da6a3ce929d0e0e4737'), []);
    const sent = partner.posts.find(({ path }) => path === '/keyed/S3')?.traceparent ?? '';
    assert.match(sent, /^00-4bf92f3577b34da6a3ce929d0e0e4737-[0-9a-f]{16}-00$/);
  });

  it('names the service and the process', () => {
    assert.equal(receiver.resource['service.name'], 'reroute');
    assert.equal(receiver.resource['service.instance.id'], 'test');
  });

  it('logs a failed attempt with the ids to follow it by', () => {
    const lines = logged.filter((line) => line.code !== undefined);
    assert.equal(lines.length, 3);
    for (const line of lines) {
      assert.equal(line.partner, 'p');
      assert.equal(line.runId, line.correlationId);
      assert.equal(line.attempt, 1);
    }
  });
});

describe('the trace of a case', () => {
  const receiver = new OtlpReceiver();
  const partner = new PartnerServer();
  let test: TestEngine;

  after(async () => {
    await test.close();
    await undeploy();
    await partner.close();
    await receiver.close();
  });

  it('is that of the delivery that opened it, also for a run that comes out of the ledger later', async () => {
    await partner.open();
    const traces = openTraces({ endpoint: await receiver.open(), serviceVersion: '0', instance: 'test' });
    test = await openTestEngine({ endpoint: partner.url, traces });
    await deploy(
      test,
      [],
      [
        source('record'),
        { id: 'record', z: 'tab', type: 'test-record', wires: [[]] },
        { id: 'case', z: 'tab', type: 'test-case', wires: [['act']] },
        act('act', 'keyed', 'sink'),
        sinkNode,
      ],
    );
    const headers = { 'content-type': 'application/json', traceparent: sender };
    const body = Buffer.from(JSON.stringify({ shipment: 'S9', seq: 1, code: 'LOST' }));
    await test.engine.intake.accept('p', { headers, body });
    await test.quiet();
    await traces.stop();
    const [accept] = receiver.named('accept');
    const [run] = receiver.named('run case');
    const [call] = receiver.named('call keyed');
    assert.ok(accept && run && call);
    assert.equal(run.parentSpanId, accept.spanId);
    assert.equal(new Set([accept, run, call].map(({ traceId }) => traceId)).size, 1);
    const [state] = (await test.ledger.cases({}, { limit: 1 })).items;
    assert.equal(call.attributes['reroute.case_id'], state?.id);
    const { items } = await test.ledger.facts({}, { limit: 9 });
    assert.deepEqual(
      items.map(({ fact }) => fact.traceParent),
      [sender],
    );
  });
});

describe('without a collector', () => {
  it('nothing of the SDK is loaded by the engine', () => {
    const { spawnSync } = require('node:child_process') as typeof import('node:child_process');
    const engine = require.resolve('../../lib/engine/engine');
    const script = `require(${JSON.stringify(engine)}); require(${JSON.stringify(require.resolve('../../lib/telemetry/traces'))});
      process.stdout.write(String(Object.keys(require.cache).filter((name) => /opentelemetry.(sdk|exporter)/.test(name)).length));`;
    assert.equal(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout, '0');
  });

  it('a collector that is away holds nothing up for long', async () => {
    const traces = openTraces({ endpoint: 'http://127.0.0.1:9', serviceVersion: '0', instance: 'test' });
    const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true };
    traces.record({ name: 'accept', role: 'server', context, startedAt: 1, endedAt: 2, attributes: {} });
    const before = Date.now();
    await traces.stop();
    assert.ok(Date.now() - before < 5_000);
  });
});
