import assert from 'node:assert/strict';
import type { Operation } from '../../lib/connectors/kit/connector';
import type { ActionOutcome } from '../../lib/engine/api';
import type { CaseState } from '../../lib/model/case';
import { RecordingEngine } from './support/engine';
import { benches } from './support/flow';

const key = 'b'.repeat(64);
const found: ActionOutcome = {
  kind: 'ok',
  output: { priority: 2 },
  key,
  confirmed: true,
  recorded: false,
  adopted: false,
  observed: false,
};
const state = { id: 'C1', code: 'LOST', state: 'ENRICHED' } as CaseState;
const lookUp = { partner: 'p', operation: 'getOrder', input: '{ "id": "$.case.subject" }' };

describe('enrich', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
    engine.answers.enrich = state;
    engine.operations = [
      { id: 'getOrder', title: 'Read order', safety: 'read' } as Operation,
      { id: 'cancel', title: 'Cancel', safety: 'keyed' } as Operation,
    ];
  });
  const enrich = (form: Record<string, unknown> = {}, unwired: number[] = []) =>
    start({ engine, node: { type: 'reroute-enrich', ...form }, outputs: 2, unwired });

  it('moves the case on without a look-up', async () => {
    const { sent } = await (await enrich()).send({ case: { id: 'C1' } });
    assert.deepEqual(engine.asked('enrich'), [{}]);
    assert.deepEqual([sent[0]?.output, sent[0]?.message.case], [0, state]);
  });

  it('looks up once and leaves the answer on the message; the case gets only what is mapped', async () => {
    engine.answers.perform = found;
    const { sent } = await (await enrich(lookUp)).send({ case: { subject: '4711' } });
    assert.deepEqual((engine.asked('perform')[0] as { input: unknown }).input, { id: '4711' });
    assert.deepEqual(engine.asked('enrich'), [{}]);
    assert.deepEqual(sent[0]?.message.lookup, { priority: 2 });
  });

  it('keeps what the mapping takes from look-up and steps', async () => {
    engine.answers.perform = found;
    const mapping = '{ "priority": lookup.priority, "stock": steps.stock.output.qty }';
    await (await enrich({ ...lookUp, mapping })).send({ case: {}, steps: { stock: { output: { qty: 5 } } } });
    assert.deepEqual(engine.asked('enrich'), [{ priority: 2, stock: 5 }]);
  });

  it('sends a failed look-up on its second output, with the case as it was', async () => {
    engine.answers.perform = { kind: 'technical', code: 'X', message: 'no order', key };
    const { sent } = await (await enrich(lookUp)).send({ case: { id: 'C1' } });
    assert.deepEqual(
      [sent[0]?.output, sent[0]?.message.failure],
      [1, { code: 'LOOKUP_FAILED', message: 'no order' }],
    );
    assert.deepEqual(engine.asked('enrich'), []);
  });

  it('fails the run when nobody takes a failed look-up', async () => {
    engine.answers.perform = { kind: 'unknown', message: 'no answer', key };
    assert.match((await (await enrich(lookUp, [1])).send({})).error?.message ?? '', /no answer/);
  });

  it('never calls an operation that changes something', async () => {
    const { error } = await (await enrich({ ...lookUp, operation: 'cancel' })).send({});
    assert.match(error?.message ?? '', /changes something/);
    assert.deepEqual(engine.calls, []);
  });

  it('refuses a mapping that gives no object', async () => {
    assert.match(
      (await (await enrich({ mapping: '[1, 2]' })).send({})).error?.message ?? '',
      /must give an object/,
    );
  });

  it('wants both a partner and an operation, or neither', async () => {
    assert.match(
      (await (await enrich({ partner: 'p' })).send({})).error?.message ?? '',
      /both a partner and an operation/,
    );
  });
});
