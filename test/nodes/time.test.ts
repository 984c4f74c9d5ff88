import assert from 'node:assert/strict';
import type { Operation } from '../../lib/connectors/kit/connector';
import type { Resumption } from '../../lib/engine/api';
import { waitUntil } from '../support';
import { RecordingEngine } from './support/engine';
import { benches, type Sent } from './support/flow';

describe('Waiting and verifying', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });
  const resume = (message: object, resumption: Resumption): void => {
    const point = engine.sources.get('n');
    assert.equal(point?.kind, 'resume');
    if (point?.kind === 'resume') point.resume(message as never, resumption);
  };

  describe('wait', () => {
    const wait = (form: Record<string, unknown>) =>
      start({ engine, node: { type: 'reroute-wait', ...form }, outputs: 2 });
    const node = { id: 'n', type: 'reroute-wait', z: 'tab' };

    it('parks the message for a time and sends nothing yet', async () => {
      const bench = await wait({ kind: 'timer', amount: '1.5', unit: 'hours' });
      assert.deepEqual(await bench.send({ payload: 1 }), { sent: [] });
      assert.deepEqual(engine.asked('wait'), [
        { node, kind: 'timer', reenter: 'output', afterMs: 5_400_000 },
      ]);
    });

    it('parks for a signal under its name and the key of the message, with a time-out', async () => {
      const bench = await wait({
        kind: 'signal',
        signalName: 'booking-confirmed',
        signalKey: 'steps.book.id',
        amount: 2,
        unit: 'days',
      });
      await bench.send({ steps: { book: { id: 4711 } } });
      assert.deepEqual(engine.asked('wait'), [
        { node, kind: 'signal', reenter: 'output', afterMs: 172_800_000, signal: 'booking-confirmed:4711' },
      ]);
    });

    it('waits for a person for ever when no time-out is given', async () => {
      await (await wait({ kind: 'person', amount: '' })).send({});
      assert.deepEqual(engine.asked('wait'), [{ node, kind: 'person', reenter: 'output' }]);
    });

    it('fails a message whose signal key is empty: nothing could ever resume it', async () => {
      const { error } = await (
        await wait({ kind: 'signal', signalName: 's', signalKey: 'nothing', amount: '' })
      ).send({});
      assert.match(error?.message ?? '', /signal key gives neither/);
      assert.deepEqual(engine.calls, []);
    });

    for (const [kind, reason, output] of [
      ['timer', 'timer', 0],
      ['signal', 'signal', 0],
      ['signal', 'timeout', 1],
      ['person', 'signal', 0],
      ['person', 'timer', 1],
    ] as const) {
      it(`goes on at output ${output + 1} when a wait for a ${kind} ends by ${reason}`, async () => {
        const bench = await wait({ kind, signalName: 's', signalKey: 'k', amount: 1, unit: 'minutes' });
        resume({ payload: 1 }, { reenter: 'output', reason, by: 'ada', payload: { ok: true } });
        const [sent] = (await waitUntil(() => bench.sent.length > 0 && bench.sent)) as Sent[];
        assert.equal(sent?.output, output);
        assert.deepEqual(sent?.message.wait, { kind, reason, by: 'ada', payload: { ok: true } });
      });
    }

    for (const [what, form] of [
      ['a timer without a time', { kind: 'timer', amount: '' }],
      ['a signal without a name', { kind: 'signal', signalKey: 'k', amount: 1 }],
      ['a unit that does not exist', { kind: 'timer', amount: 1, unit: 'moons' }],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { error } = await (await wait(form)).send({});
        assert.match(error?.message ?? '', /the node is not configured/);
      });
    }
  });

  describe('verify', () => {
    const form = {
      type: 'reroute-verify',
      partner: 'p',
      operation: 'getBooking',
      input: '{ "id": "$.steps.book.id" }',
      expect: 'status = "BOOKED"',
      every: '30',
      everyUnit: 'seconds',
      within: 2,
      withinUnit: 'hours',
    };
    const verify = (more: object = {}, unwired: number[] = []) =>
      start({ engine, node: { ...form, ...more }, outputs: 2, unwired });

    it('asks the engine to read, with times in milliseconds', async () => {
      engine.answers.verify = { kind: 'verified', output: { status: 'BOOKED' } };
      const { sent } = await (await verify()).send({ steps: { book: { id: 'B1' } } });
      assert.deepEqual(engine.asked('verify'), [
        {
          node: { id: 'n', type: 'reroute-verify', z: 'tab' },
          partnerId: 'acme',
          operation: 'getBooking',
          input: { id: 'B1' },
          expect: 'status = "BOOKED"',
          everyMs: 30_000,
          withinMs: 7_200_000,
        },
      ]);
      assert.deepEqual([sent[0]?.output, sent[0]?.message.payload], [0, { status: 'BOOKED' }]);
    });

    it('sends what could not be verified on the second output', async () => {
      engine.answers.verify = { kind: 'failed', output: { status: 'OPEN' }, failures: 3, manual: true };
      const { sent } = await (await verify()).send({});
      assert.equal(sent[0]?.output, 1);
      assert.deepEqual(sent[0]?.message.verification, { verified: false, failures: 3, manual: true });
    });

    it('fails the run when nobody takes what could not be verified', async () => {
      engine.answers.verify = { kind: 'failed', output: {}, failures: 1, manual: false };
      const { error, sent } = await (await verify({}, [1])).send({});
      assert.match(error?.message ?? '', /getBooking at acme does not show the intended state/);
      assert.deepEqual(sent, []);
    });

    it('reads a second system anew at every try, before the first', async () => {
      const also = { alsoPartner: 'p', alsoOperation: 'findOrder', alsoInput: '{ "order": "$.order" }' };
      const key = 'a'.repeat(64);
      const answer = { key, confirmed: true, recorded: false, adopted: false, observed: false };
      engine.answers.perform = { kind: 'ok', output: { orders: [] }, ...answer };
      engine.answers.verify = { kind: 'verified', output: {} };
      const bench = await verify(also);
      const first = await bench.send({ order: '4711' });
      await bench.send({ ...first.sent[0]?.message });
      const asked = engine.asked('perform') as { fresh: boolean; operation: string; input: unknown }[];
      assert.deepEqual(
        asked.map(({ fresh, operation, input }) => [fresh, operation, input]),
        [
          [true, 'findOrder', { order: '4711' }],
          [true, 'findOrder', { order: '4711' }],
        ],
      );
      assert.deepEqual(first.sent[0]?.message.also, { orders: [] });
    });

    it('never changes anything at the second system', async () => {
      engine.operations = [{ id: 'cancel', title: 'Cancel', safety: 'keyed' } as Operation];
      const bench = await verify({ alsoPartner: 'p', alsoOperation: 'cancel' });
      assert.match((await bench.send({})).error?.message ?? '', /changes something/);
      assert.deepEqual(engine.calls, []);
    });

    it('wants both a second partner and its operation, or neither', async () => {
      const bench = await verify({ alsoPartner: 'p' });
      assert.match((await bench.send({})).error?.message ?? '', /both a second partner and its operation/);
    });

    it('sends nothing between two reads and reads again when it is resumed', async () => {
      engine.answers.verify = { kind: 'parked' };
      const bench = await verify();
      assert.deepEqual(await bench.send({}), { sent: [] });
      engine.answers.verify = { kind: 'verified', output: 1 };
      resume({ payload: 'again' }, { reenter: 'input', reason: 'timer' });
      const [sent] = (await waitUntil(() => bench.sent.length > 0 && bench.sent)) as Sent[];
      assert.deepEqual([sent?.output, sent?.message.payload], [0, 1]);
    });

    it('refuses an expectation that is no JSONata', async () => {
      const bench = await start({ engine, node: { ...form, expect: 'status =' }, outputs: 2 });
      assert.match((await bench.send({})).error?.message ?? '', /the expectation is not valid JSONata/);
    });
  });
});
