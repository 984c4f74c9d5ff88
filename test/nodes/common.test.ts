import assert from 'node:assert/strict';
import fc from 'fast-check';
import helper from 'node-red-node-test-helper';
import { z } from 'zod';
import { compileExpression, compileMapping } from '../../lib/engine/expressions';
import { FatalError } from '../../lib/model/errors';
import { durationMs, optionalNumber, parseForm } from '../../nodes/common/config';
import { migrate } from '../../nodes/common/migrate';
import { StatusLine } from '../../nodes/common/status';
import { loadNode } from './support/flow';

describe('Input mappings', () => {
  const plainJson = fc.object({
    maxDepth: 3,
    values: [
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string().filter((text) => !text.startsWith('$')),
    ],
  });

  it('leave JSON without $ exactly as it is, whatever the message', async () => {
    await fc.assert(
      fc.asyncProperty(plainJson, fc.object(), async (template, message) => {
        const json = JSON.parse(JSON.stringify(template)) as object;
        assert.deepEqual(await compileMapping(JSON.stringify(json))(message), json);
      }),
    );
  });

  it('give any message back whole through $, as plain data of its own', async () => {
    await fc.assert(
      fc.asyncProperty(plainJson, async (value) => {
        const message = { payload: JSON.parse(JSON.stringify(value)) as object };
        const answer = (await compileMapping('{ "all": "$.payload" }')(message)) as { all?: object };
        assert.deepEqual(answer.all, message.payload);
        assert.notEqual(answer.all, message.payload);
      }),
    );
  });

  it('leave out what an expression finds nothing for, and are empty when they are not written', async () => {
    assert.deepEqual(await compileMapping('{ "a": "$.no.such", "b": 1 }')({}), { b: 1 });
    assert.deepEqual(await compileMapping('  ')({ a: 1 }), {});
  });

  it('carry bytes and dates through as they are, and end on a message that holds itself', async () => {
    const message: Record<string, unknown> = { bytes: Buffer.from('a'), at: new Date(0) };
    message.self = message;
    const answer = (await compileExpression('$', 'it')(message)) as Record<string, unknown>;
    assert.deepEqual([answer.bytes, answer.at, answer.self], [Buffer.from('a'), new Date(0), answer]);
  });

  it('say which field is wrong when it is written and when it is evaluated', async () => {
    assert.throws(
      () => compileMapping('{ "a": "$.(" }'),
      /the input mapping \(\$\.\(\) is not valid JSONata/,
    );
    await assert.rejects(
      compileExpression('$number("x")', 'the key')({}),
      (error: unknown) =>
        error instanceof FatalError &&
        error.code === 'EXPRESSION_FAILED' &&
        error.message.startsWith('the key'),
    );
  });
});

describe('Node properties', () => {
  const steps = [
    ({ time, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, amount: time }),
    (before: Readonly<Record<string, unknown>>) => ({ ...before, unit: 'minutes' }),
  ];

  it('come to the current version from any earlier one, and from none', () => {
    const current = { amount: 5, unit: 'minutes', version: 3 };
    assert.deepEqual(migrate({ time: 5 }, steps), current);
    assert.deepEqual(migrate({ time: 5, version: 1 }, steps), current);
    assert.deepEqual(migrate({ amount: 5, version: 2 }, steps), current);
    assert.deepEqual(migrate(current, steps), current);
  });

  it('are not changed in place', () => {
    const before = Object.freeze({ time: 5, version: 1 });
    migrate(before, steps);
    assert.deepEqual(before, { time: 5, version: 1 });
  });

  it('of a newer Reroute, or of no version at all, are refused', () => {
    for (const version of [4, 0, -1, 1.5, 'two']) {
      assert.throws(
        () => migrate({ version }, steps),
        (error: unknown) => error instanceof FatalError && error.code === 'NODE_TOO_NEW',
      );
    }
  });

  it('are read as the editor stores them: numbers as text, untouched fields empty', () => {
    const form = z.object({ limit: optionalNumber('must be above 0') });
    assert.deepEqual(parseForm({ limit: '2.5' }, form, []), { limit: 2.5 });
    assert.equal(parseForm({ limit: '' }, form, []).limit, undefined);
    assert.throws(() => parseForm({ limit: 'many' }, form, []), /limit: must be above 0/);
    assert.equal(durationMs(1.5, 'days'), 129_600_000);
  });
});

describe('The status below a node', () => {
  it('is sent when it changes, not with every message, and is cut to what can be read', () => {
    const sent: { text?: string }[] = [];
    const line = new StatusLine({ status: (status) => void sent.push(status) });
    line.clear();
    line.show('ok', 'accepted');
    line.show('ok', 'accepted');
    line.show('failed', 'x'.repeat(100));
    line.clear();
    line.clear();
    assert.deepEqual(
      sent.map(({ text }) => text?.length),
      [8, 60, undefined],
    );
  });
});

describe('A Node-RED that Reroute did not start', () => {
  afterEach(() => helper.unload());

  it('gets a clear error from each node, and every message fails with it', async () => {
    helper.settings({ logging: { console: { level: 'off' } } });
    await helper.load(
      [loadNode('record')],
      [
        { id: 't', type: 'tab' },
        { id: 'n', type: 'reroute-record', z: 't', x: 1, y: 1, wires: [] },
        { id: 'c', type: 'catch', z: 't', x: 1, y: 1, scope: ['n'], wires: [['h']] },
        { id: 'h', type: 'helper', z: 't', x: 1, y: 1, wires: [] },
      ],
    );
    const caught = new Promise<{ error?: { message: string } }>((resolve) =>
      helper.getNode('h').on('input', resolve),
    );
    helper.getNode('n').receive({ payload: 1 });
    assert.match((await caught).error?.message ?? '', /was not started by Reroute/);
  });
});
