import assert from 'node:assert/strict';
import type { ActionOutcome } from '../../lib/engine/api';
import { RecordingEngine } from './support/engine';
import { benches } from './support/flow';

const key = 'a'.repeat(64);
const done: ActionOutcome = {
  kind: 'ok',
  output: { bookingId: 'B1' },
  key,
  confirmed: true,
  recorded: false,
  adopted: false,
  observed: false,
  reference: 'B1',
};
const kinds = ['carrier', 'wms', 'erp', 'tms', 'storefront', 'desk', 'edi'];

describe('Action nodes', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });
  const action = (more: Record<string, unknown> = {}, unwired: number[] = []) =>
    start({
      engine,
      node: { type: 'reroute-tms', partner: 'p', operation: 'book', ...more },
      outputs: 4,
      unwired,
    });

  for (const kind of kinds) {
    it(`${kind} calls the operation of its form at its partner`, async () => {
      engine.answers.perform = done;
      const bench = await start({
        engine,
        node: { type: `reroute-${kind}`, partner: 'p', operation: 'book', step: 'first' },
        outputs: 4,
      });
      await bench.send({ payload: 1 });
      assert.deepEqual(engine.asked('perform'), [
        {
          node: { id: 'n', type: `reroute-${kind}`, z: 'tab' },
          partnerId: 'acme',
          operation: 'book',
          step: 'first',
          input: {},
        },
      ]);
    });
  }

  const inFlowMode = (value: string) =>
    start({
      engine,
      node: { type: 'reroute-tms', partner: 'p', operation: 'book' },
      outputs: 4,
      env: [{ name: 'REROUTE_MODE', value, type: 'str' }],
    });

  it('names the mode that its tab sets', async () => {
    engine.answers.perform = done;
    await (await inFlowMode('assist')).send({ payload: 1 });
    const [request] = engine.asked('perform') as { node: { mode?: string } }[];
    assert.equal(request?.node.mode, 'assist');
  });

  it('refuses to work in a flow whose mode is no mode', async () => {
    const { error } = await (await inFlowMode('asist')).send({});
    assert.match(error?.message ?? '', /REROUTE_MODE of the flow is "asist"/);
    assert.deepEqual(engine.calls, []);
  });

  it('sends the answer on output ok, under payload and under the name of the step', async () => {
    engine.answers.perform = done;
    const bench = await action({ step: 'rebook' });
    const { sent } = await bench.send({ payload: 'before', steps: { reserve: { output: 1 } } });
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.output, 0);
    assert.deepEqual(sent[0]?.message.payload, { bookingId: 'B1' });
    assert.deepEqual(sent[0]?.message.steps, {
      reserve: { output: 1 },
      rebook: { output: { bookingId: 'B1' }, reference: 'B1' },
    });
    assert.deepEqual(sent[0]?.message.effect, {
      ...{ key, partner: 'acme', operation: 'book', step: 'rebook', reference: 'B1' },
      ...{ confirmed: true, recorded: false, adopted: false, observed: false },
    });
  });

  it('leaves the payload alone where the partner is only observed', async () => {
    engine.answers.perform = {
      kind: 'ok',
      output: undefined,
      key,
      confirmed: false,
      recorded: false,
      adopted: false,
      observed: true,
    };
    const { sent } = await (await action()).send({ payload: 'before' });
    assert.equal(sent[0]?.message.payload, 'before');
  });

  it('maps the input: JSON with $ expressions, or one JSONata expression', async () => {
    engine.answers.perform = done;
    const message = {
      case: { subject: 'trk:1' },
      lines: [
        { id: 'L1', qty: 2 },
        { id: 'L2', qty: 3 },
      ],
    };
    const template = {
      order: '$.case.subject',
      reason: '03',
      lines: ['$.lines[0].id'],
      total: '$sum(lines.qty)',
      gone: '$.nothing',
    };
    await (await action({ input: JSON.stringify(template) })).send(structuredClone(message));
    assert.deepEqual((engine.asked('perform')[0] as { input: unknown }).input, {
      order: 'trk:1',
      reason: '03',
      lines: ['L1'],
      total: 5,
    });
  });

  it('maps the input by a single JSONata expression', async () => {
    engine.answers.perform = done;
    await (await action({ input: '{ "ids": lines.id }' })).send({ lines: [{ id: 'L1' }, { id: 'L2' }] });
    assert.deepEqual((engine.asked('perform')[0] as { input: unknown }).input, { ids: ['L1', 'L2'] });
  });

  it('names the step by the node when the form does not, and passes the pivot on', async () => {
    engine.answers.perform = done;
    await (await action({ pivot: true })).send({});
    const request = engine.asked('perform')[0] as { step: string; pivot: boolean };
    assert.deepEqual([request.step, request.pivot], ['n', true]);
  });

  it('sends a business exception on the second output', async () => {
    engine.answers.perform = {
      kind: 'business',
      code: 'CARRIER_REJECTED',
      message: 'no capacity',
      vendorCode: 'X9',
      key,
    };
    const { sent, error } = await (await action()).send({ payload: 1 });
    assert.equal(error, undefined);
    assert.deepEqual(
      sent.map(({ output }) => output),
      [1],
    );
    assert.deepEqual(sent[0]?.message.exception, {
      code: 'CARRIER_REJECTED',
      message: 'no capacity',
      vendorCode: 'X9',
    });
  });

  const technical: ActionOutcome = {
    kind: 'technical',
    code: 'REFUSED',
    message: 'the partner refused',
    key,
  };
  const unknown: ActionOutcome = { kind: 'unknown', message: 'no answer came', key };
  const business: ActionOutcome = { kind: 'business', code: 'LOST', message: 'lost', key };

  it('sends a technical failure and an unknown outcome on their outputs', async () => {
    engine.answers.perform = technical;
    const bench = await action();
    assert.deepEqual(
      (await bench.send({})).sent.map(({ output }) => output),
      [2],
    );
    engine.answers.perform = unknown;
    const { sent } = await bench.send({});
    assert.deepEqual(
      sent.map(({ output }) => output),
      [3],
    );
    assert.deepEqual(sent[0]?.message.failure, { code: 'UNKNOWN_OUTCOME', message: 'no answer came' });
  });

  for (const [outcome, output] of [
    [business, 1],
    [technical, 2],
    [unknown, 3],
  ] as const) {
    it(`fails the run when nobody takes the ${outcome.kind} outcome`, async () => {
      engine.answers.perform = outcome;
      const { sent, error } = await (await action({}, [output])).send({});
      assert.deepEqual(sent, []);
      assert.ok(error?.message.endsWith(`: ${outcome.message}`), error?.message);
    });
  }

  it('sends nothing and completes while a person has to approve, and handles the message again afterwards', async () => {
    engine.answers.perform = { kind: 'parked', key };
    const bench = await action();
    assert.deepEqual(await bench.send({ payload: 1 }), { sent: [] });
    engine.answers.perform = done;
    const point = engine.sources.get('n');
    assert.equal(point?.kind, 'resume');
    if (point?.kind === 'resume') point.resume({ payload: 1 }, { reenter: 'input', reason: 'signal' });
    const { sent } = await bench.send({ payload: 2 });
    assert.equal(engine.asked('perform').length, 3);
    assert.ok(sent.length >= 1);
  });

  it('fails the message, not the process, when the engine refuses it', async () => {
    engine.answers.perform = new Error('the ledger is closed');
    const { error } = await (await action()).send({});
    assert.equal(error?.message, 'Error: the ledger is closed');
  });

  it('fails every message with the reason when the form is wrong, instead of swallowing them', async () => {
    const bench = await action({ operation: '' });
    const { error, sent } = await bench.send({});
    assert.match(error?.message ?? '', /choose an operation/);
    assert.deepEqual([sent, engine.calls], [[], []]);
  });

  it('says which partner is missing', async () => {
    engine.answers.perform = done;
    const { error } = await (await action({ partner: 'nobody' })).send({});
    assert.match(error?.message ?? '', /partner that is not configured/);
  });

  it('forgets its resume point when it is redeployed', async () => {
    await action();
    assert.ok(engine.sources.has('n'));
    const helper = (await import('node-red-node-test-helper')).default;
    await helper.unload();
    assert.equal(engine.sources.has('n'), false);
  });
});
