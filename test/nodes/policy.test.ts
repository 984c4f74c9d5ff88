import assert from 'node:assert/strict';
import type { Decision } from '../../lib/engine/api';
import { RecordingEngine } from './support/engine';
import { benches } from './support/flow';

function row(when: Record<string, string>, then: Record<string, unknown>): object {
  return { when, then };
}
const table = {
  name: 'short-pick',
  version: '3',
  inputs: [
    { name: 'fillRatio', type: 'number', min: 0, max: 1, required: true },
    { name: 'tier', type: 'enum', values: ['STANDARD', 'STRATEGIC'], required: true },
  ],
  outputs: [{ name: 'outcome' }, { name: 'splitPct' }],
  rows: [
    row({ fillRatio: '>= 0.8' }, { outcome: 'SPLIT', splitPct: 100 }),
    row({ tier: '"STRATEGIC"' }, { outcome: 'REALLOCATE' }),
    row({}, { outcome: 'BACKORDER' }),
  ],
};
const expressions = { fillRatio: 'lookup.picked / lookup.ordered', tier: 'case.slaTier' };
const decided = (outcome: string): Decision => ({
  outcome,
  then: { outcome },
  policy: { name: 'short-pick', version: '3', row: 0 },
  inputs: {},
});

describe('policy', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });
  const policy = (more: Record<string, unknown> = {}) =>
    start({ engine, node: { type: 'reroute-policy', table, expressions, ...more }, outputs: 4 });
  const message = { lookup: { picked: 9, ordered: 10 }, case: { slaTier: 'STANDARD' } };

  it('hands the engine its table and the inputs that its expressions read', async () => {
    engine.answers.decide = decided('SPLIT');
    const { sent } = await (await policy()).send({ ...message });
    const call = engine.calls.find(({ method }) => method === 'decide');
    assert.deepEqual(call?.args.slice(1), [
      { ...table, hitPolicy: 'FIRST' },
      { fillRatio: 0.9, tier: 'STANDARD' },
    ]);
    assert.deepEqual(sent[0]?.message.decision, decided('SPLIT'));
  });

  for (const [outcome, output] of [
    ['SPLIT', 0],
    ['REALLOCATE', 1],
    ['BACKORDER', 2],
    ['MANUAL', 3],
    ['SOMETHING_A_PERSON_CHOSE', 3],
  ] as const) {
    it(`sends ${outcome} on output ${output + 1}`, async () => {
      engine.answers.decide = decided(outcome);
      assert.deepEqual(
        (await (await policy()).send({ ...message })).sent.map((one) => one.output),
        [output],
      );
    });
  }

  it('has one output for an outcome that several rows name, and MANUAL last even where a row names it first', async () => {
    engine.answers.decide = decided('SPLIT');
    const rows = [
      row({ tier: '"STRATEGIC"' }, { outcome: 'MANUAL' }),
      row({ fillRatio: '> 0.5' }, { outcome: 'SPLIT' }),
      row({}, { outcome: 'SPLIT' }),
    ];
    const bench = await policy({ table: { ...table, rows } });
    assert.equal((await bench.send({ ...message })).sent[0]?.output, 0);
    engine.answers.decide = decided('MANUAL');
    assert.equal((await bench.send({ ...message })).sent[0]?.output, 1);
  });

  it('leaves out an input that cannot be computed, for the table to call it missing', async () => {
    engine.answers.decide = decided('MANUAL');
    await (await policy({ expressions: { ...expressions, fillRatio: '$number("none")' } })).send({
      ...message,
    });
    assert.deepEqual(engine.asked('decide'), [{ tier: 'STANDARD' }]);
  });

  it('decides nothing by a table with an error, and names the row', async () => {
    const rows = [row({}, { outcome: 'SPLIT' }), row({ tier: '"STRATEGIC"' }, { outcome: 'MANUAL' })];
    const { error } = await (await policy({ table: { ...table, rows } })).send({ ...message });
    assert.match(error?.message ?? '', /Row 2 can never hit/);
    assert.deepEqual(engine.calls, []);
  });

  it('decides nothing when an input has no expression', async () => {
    const { error } = await (await policy({ expressions: { tier: 'case.slaTier' } })).send({ ...message });
    assert.match(error?.message ?? '', /fillRatio has no expression/);
  });
});
