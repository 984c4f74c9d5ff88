import assert from 'node:assert/strict';
import { RecordingEngine } from './support/engine';
import { benches } from './support/flow';

describe('Repair', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });

  describe('compensate', () => {
    const compensate = (outputs = 2) => start({ engine, node: { type: 'reroute-compensate' }, outputs });

    it('goes on at done when the plan is taken back', async () => {
      engine.answers.compensate = { undone: 2, failed: 0, pivotPassed: false, unclear: [] };
      const { sent } = await (await compensate()).send({});
      assert.deepEqual(
        [sent[0]?.output, sent[0]?.message.compensation],
        [0, { undone: 2, failed: 0, pivotPassed: false, unclear: [] }],
      );
    });

    it('goes on at refused when the pivot is passed', async () => {
      engine.answers.compensate = { undone: 0, failed: 0, pivotPassed: true, unclear: [] };
      assert.equal((await (await compensate()).send({})).sent[0]?.output, 1);
    });

    it('fails when a step cannot be taken back, and counts them', async () => {
      engine.answers.compensate = { undone: 1, failed: 2, pivotPassed: false, unclear: [] };
      const { error, sent } = await (await compensate()).send({});
      assert.match(error?.message ?? '', /2 of the plan's steps could not be taken back/);
      assert.deepEqual(sent, []);
    });

    it('goes on at failed where that output is wired, with the steps nobody knows of', async () => {
      engine.answers.compensate = { undone: 1, failed: 1, pivotPassed: false, unclear: ['release'] };
      const { error, sent } = await (await compensate(3)).send({});
      assert.equal(error, undefined);
      assert.partialDeepStrictEqual(sent[0], {
        output: 2,
        message: { compensation: { failed: 1, unclear: ['release'] } },
      });
    });
  });

  describe('dead letter', () => {
    const deadLetter = (form: Record<string, unknown>) =>
      start({ engine, node: { type: 'reroute-dead-letter', code: 'NO_STOCK_DATA', ...form }, outputs: 0 });

    it('sets the message aside with its code and the words of its expression', async () => {
      await (await deadLetter({ message: '"no stock for " & sku' })).send({ sku: 'A7' });
      assert.deepEqual(engine.asked('deadLetter'), [{ code: 'NO_STOCK_DATA', message: 'no stock for A7' }]);
    });

    it('takes the words of what a Catch node caught, else its code', async () => {
      const bench = await deadLetter({});
      await bench.send({ error: { message: 'the ERP is closed' } });
      await bench.send({});
      assert.deepEqual(engine.asked('deadLetter'), [
        { code: 'NO_STOCK_DATA', message: 'the ERP is closed' },
        { code: 'NO_STOCK_DATA', message: 'NO_STOCK_DATA' },
      ]);
    });

    it('refuses a code that would not group', async () => {
      const { error } = await (await deadLetter({ code: 'no stock for A7' })).send({});
      assert.match(error?.message ?? '', /use capitals, digits and underscores/);
    });
  });

  describe('replay', () => {
    const replay = (form: Record<string, unknown>) =>
      start({ engine, node: { type: 'reroute-replay', reason: 'mapping corrected', ...form } });

    it('replays by the filter of its form, as a preview unless told otherwise', async () => {
      engine.answers.replay = { id: 'P1', count: 7 };
      const { sent } = await (
        await replay({ name: 'monday', partner: 'acme', deadLetterReason: 'SCHEMA' })
      ).send({ payload: 'go' });
      assert.deepEqual(engine.asked('replay'), [
        {
          name: 'monday',
          reason: 'mapping corrected',
          by: 'flow monday',
          mode: 'preview',
          filter: { partner: 'acme', reason: 'SCHEMA' },
        },
      ]);
      assert.deepEqual(sent[0]?.message.payload, { id: 'P1', count: 7 });
    });

    it('lets a message narrow the filter', async () => {
      engine.answers.replay = { id: 'P1', count: 1 };
      await (await replay({ partner: 'acme', mode: 'live' })).send({
        filter: { since: '2026-03-02T12:00:00Z', ids: ['D1'] },
      });
      const request = engine.asked('replay')[0] as { filter: unknown; mode: string };
      assert.deepEqual(
        [request.mode, request.filter],
        ['live', { partner: 'acme', since: Date.UTC(2026, 2, 2, 12), ids: ['D1'] }],
      );
    });

    it('counts an age back from now', async () => {
      engine.answers.replay = { id: 'P1', count: 1 };
      const before = Date.now();
      await (await replay({ sinceAmount: '2', sinceUnit: 'hours' })).send({});
      const { filter } = engine.asked('replay')[0] as { filter: { since: number } };
      assert.ok(filter.since >= before - 7_200_000 && filter.since <= Date.now() - 7_200_000);
    });

    it('refuses to replay everything there is', async () => {
      const { error } = await (await replay({})).send({});
      assert.match(error?.message ?? '', /no filter/);
      assert.deepEqual(engine.calls, []);
    });

    it('refuses a filter with a word that it does not know, so that a slip does not widen it', async () => {
      const { error } = await (await replay({ partner: 'acme' })).send({ filter: { partners: ['x'] } });
      assert.match(error?.message ?? '', /msg\.filter is wrong/);
      assert.deepEqual(engine.calls, []);
    });

    it('runs by the button too, in the name of who pressed it', async () => {
      engine.answers.replay = { id: 'P1', count: 3 };
      const bench = await replay({ partner: 'acme' });
      const node = bench.node as unknown as { press(by: string): Promise<unknown> };
      assert.deepEqual(await node.press('ada'), { id: 'P1', count: 3 });
      assert.equal((engine.asked('replay')[0] as { by: string }).by, 'ada');
    });
  });
});
