import assert from 'node:assert/strict';
import type { AlertRequest, AlertSource, AskRequest } from '../../lib/engine/api';
import { RecordingEngine } from './support/engine';
import { benches } from './support/flow';

describe('Nodes that ask and tell people', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });

  describe('decision', () => {
    const choice = (id: string) => ({ id, label: id, consequence: `it will ${id}`, role: 'operator' });
    const form = {
      type: 'reroute-decision',
      decision: 'lost',
      decisionVersion: '2',
      text: 'What now?',
      choices: [choice('SEND'), choice('WAIT')],
    };
    const decision = (more: Record<string, unknown> = {}, unwired: number[] = []) =>
      start({ engine, node: { ...form, ...more }, outputs: 3, unwired });

    it('asks with limit in minor units, time in milliseconds and the default', async () => {
      engine.answers.ask = { kind: 'parked' };
      const limit = { limitAmount: '5000.5', limitCurrency: 'EUR', within: '4', withinUnit: 'hours' };
      const bench = await decision({ ...limit, fallback: 'WAIT', text: '= "Reship " & sku' });
      assert.deepEqual(await bench.send({ sku: 'A7' }), { sent: [] });
      assert.deepEqual(engine.asked('ask'), [
        {
          node: { id: 'n', type: 'reroute-decision', z: 'tab' },
          ...{ name: 'lost', version: '2', text: 'Reship A7', default: 'WAIT', withinMs: 14_400_000 },
          choices: [choice('SEND'), choice('WAIT')].map((one) => ({ ...one, then: {} })),
          approvalLimit: { amountMinor: '500050', currency: 'EUR' },
        },
      ]);
    });

    it('knows a currency without minor units', async () => {
      engine.answers.ask = { kind: 'parked' };
      await (await decision({ limitAmount: '900', limitCurrency: 'JPY' })).send({});
      const [asked] = engine.asked('ask') as AskRequest[];
      assert.deepEqual(asked?.approvalLimit, { amountMinor: '900', currency: 'JPY' });
    });

    it('goes on at the output of the choice', async () => {
      engine.answers.ask = { kind: 'decided', choice: 'WAIT', then: {}, by: 'token:ann' };
      const { sent } = await (await decision()).send({});
      assert.deepEqual(
        [sent[0]?.output, sent[0]?.message.decision],
        [1, { outcome: 'WAIT', then: {}, by: 'token:ann' }],
      );
    });

    it('goes on at the last output when nobody answers', async () => {
      engine.answers.ask = { kind: 'no answer' };
      const { sent } = await (await decision()).send({});
      assert.deepEqual([sent[0]?.output, sent[0]?.message.decision], [2, { outcome: null }]);
    });

    it('fails the run when nobody answers and nothing takes it', async () => {
      engine.answers.ask = { kind: 'no answer' };
      const { error } = await (await decision({}, [2])).send({});
      assert.match(error?.message ?? '', /nobody has decided lost in time/);
    });

    for (const [wrong, words] of [
      [{ choices: [choice('SEND')] }, /two to ten choices/],
      [{ choices: [choice('SEND'), choice('SEND')] }, /two choices have the same name/],
      [{ fallback: 'DANCE', within: '1' }, /the default is none of the choices/],
      [{ fallback: 'WAIT' }, /a default needs a time/],
      [{ limitAmount: '5' }, /a limit needs a currency/],
    ] as const)
      it(`refuses ${JSON.stringify(wrong).slice(0, 40)}`, async () => {
        const { error } = await (await decision(wrong)).send({});
        assert.match(error?.message ?? '', words);
      });
  });

  describe('alert', () => {
    const alert = (more: Record<string, unknown> = {}) =>
      start({ engine, node: { type: 'reroute-alert', title: 'Customs hold', ...more } });

    it('raises on its channel, with the words and the cause of its expressions', async () => {
      engine.answers.alert = { id: 'a1', outcome: 'fired' };
      const bench = await alert({
        channel: 'technical',
        severity: 'S1',
        message: '"at " & place',
        key: 'place',
      });
      const { sent } = await bench.send({ place: 'HAM' });
      const [asked] = engine.asked('alert') as AlertRequest[];
      assert.deepEqual(
        [asked?.kind, asked?.severity, asked?.title, asked?.message, asked?.key, asked?.resolve],
        ['technical', 'S1', 'Customs hold', 'at HAM', 'HAM', false],
      );
      assert.deepEqual(sent[0]?.message.alert, { id: 'a1', outcome: 'fired' });
    });

    it('ends what another node raised', async () => {
      engine.answers.alert = { id: undefined, outcome: 'resolved' };
      await (await alert({ action: 'resolve', of: 'other' })).send({});
      const [asked] = engine.asked('alert') as AlertRequest[];
      assert.deepEqual([asked?.resolve, asked?.node.id, asked?.message], [true, 'other', 'Customs hold']);
    });
  });

  it('alert in takes the alerts of one channel', async () => {
    const bench = await start({
      engine,
      node: {
        type: 'reroute-alert-in',
        channel: 'technical',
        rules: ['incident'],
        regions: 'DE, FR',
        severity: 'S2',
      },
    });
    const source = engine.sources.get('n') as AlertSource;
    assert.deepEqual(
      [source.kind, source.channel, source.rules, source.regions, source.severity],
      ['alert-in', 'technical', ['incident'], ['DE', 'FR'], 'S2'],
    );
    source.deliver({ payload: 'down' });
    assert.ok(bench);
  });
});
