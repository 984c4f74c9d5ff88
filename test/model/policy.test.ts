import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unaryTest } from 'feelin';
import { FatalError } from '../../lib/model/errors';
import { finalMileDelayPolicy } from '../../lib/model/policies/final-mile-delay';
import { shortPickPolicy } from '../../lib/model/policies/short-pick';
import { checkPolicy, evaluatePolicy, type PolicyTable, policyTable } from '../../lib/model/policy';
import { compileCell } from '../../lib/model/policy-cell';
import { at } from '../support/fact-builder';

const table = (
  rows: { when: Record<string, string>; then?: Record<string, unknown> }[],
  inputs: unknown[] = [{ name: 'n', type: 'number' }],
): PolicyTable =>
  policyTable.parse({
    name: 't',
    version: '1',
    inputs,
    outputs: [{ name: 'outcome' }],
    rows: rows.map(({ when, then }, row) => ({ when, then: then ?? { outcome: `R${row + 1}` } })),
  });
const kinds = (checked: PolicyTable): [string, number[]][] =>
  checkPolicy(checked).map(({ kind, rows }) => [kind, rows.map((row) => row + 1)]);

const shortPick = {
  fillRatio: 0.6,
  allowsPartial: true,
  shipComplete: false,
  alternateStock: 0,
  backorderEta: 5,
  splitCostPct: 8,
  slaTier: 'STANDARD',
  approvalLimit: 'WITHIN',
};
const pick = (change: Record<string, unknown>): string =>
  evaluatePolicy(shortPickPolicy, { ...shortPick, ...change }).outcome;

describe('policies', () => {
  it('take the first row that hits, and say which', () => {
    const result = evaluatePolicy(table([{ when: { n: '< 3' } }, { when: { n: '[3..5)' } }, { when: {} }]), {
      n: 3,
    });
    assert.deepEqual([result.outcome, result.row, result.reason], ['R2', 1, 'row']);
  });
  it('go to a person where nothing covers the inputs', () => {
    const result = evaluatePolicy(table([{ when: { n: '< 3' } }]), { n: 3 });
    assert.deepEqual([result.outcome, result.row, result.reason], ['MANUAL', null, 'no-row']);
  });
  it('go to a person when an input is missing, of the wrong kind or unheard of', () => {
    const inputs = [
      { name: 'n', type: 'number', min: 0 },
      { name: 'e', type: 'enum', values: ['A'] },
    ];
    const all = table([{ when: {} }], inputs);
    const reason = (given: Record<string, unknown>): string => evaluatePolicy(all, given).reason;
    assert.equal(reason({ n: 1, e: 'A' }), 'row');
    assert.equal(reason({ e: 'A' }), 'missing-input');
    assert.equal(reason({ n: null, e: 'A' }), 'missing-input');
    for (const wrong of ['1', Number.NaN, Infinity, -1, {}])
      assert.equal(reason({ n: wrong, e: 'A' }), 'invalid-input');
    assert.equal(reason({ n: 1, e: 'B' }), 'invalid-input');
  });
  it('let an input be absent that may be', () => {
    const optional = table(
      [{ when: { n: '> 1' } }, { when: { n: 'null' } }, { when: {} }],
      [{ name: 'n', type: 'number', required: false }],
    );
    assert.deepEqual(
      [{}, { n: 2 }, { n: 0 }].map((inputs) => evaluatePolicy(optional, inputs).outcome),
      ['R2', 'R1', 'R3'],
    );
  });
  it('go to a person when stock was looked at too long ago', () => {
    const aged = (minutes: number) =>
      evaluatePolicy(
        shortPickPolicy,
        { ...shortPick, alternateStock: { value: 1, observedAt: at(-minutes) } },
        at(0),
      );
    assert.equal(aged(15).outcome, 'REALLOCATE');
    assert.deepEqual([aged(16).outcome, aged(16).reason], ['MANUAL', 'stale-input']);
    assert.equal(
      evaluatePolicy(
        shortPickPolicy,
        { ...shortPick, alternateStock: { value: 1, observedAt: 'yesterday' } },
        at(0),
      ).reason,
      'stale-input',
    );
  });
  it('refuse a test that is none', () => {
    for (const test of ['((', '>= ', 'foo', 'bar(?)'])
      assert.throws(() => evaluatePolicy(table([{ when: { n: test } }]), { n: 1 }), FatalError, test);
  });

  describe('compiled', () => {
    const number = fc.integer({ min: -5, max: 5 }).map((n) => n / 2);
    const basic = fc.oneof(
      number.map(String),
      fc.tuple(fc.constantFrom('<', '<=', '>', '>='), number).map(([sign, n]) => `${sign} ${n}`),
      fc
        .tuple(fc.constantFrom('[', '(', ']'), number, number, fc.constantFrom(']', ')', '['))
        .map(([open, a, b, close]) => `${open}${Math.min(a, b)}..${Math.max(a, b)}${close}`),
    );
    const numeric = fc.oneof(
      basic,
      fc.array(basic, { minLength: 1, maxLength: 3 }).map((list) => list.join(', ')),
      fc.array(basic, { minLength: 1, maxLength: 2 }).map((list) => `not(${list.join(', ')})`),
      fc.constantFrom('? * 2 > 3', 'abs(?) < 1'),
    );
    it('answer as the FEEL interpreter does, for numbers', () => {
      fc.assert(
        fc.property(
          numeric,
          fc.integer({ min: -30, max: 30 }).map((n) => n / 8),
          (test, value) => {
            assert.equal(
              compileCell(test, { name: 'n', type: 'number' }).matches(value),
              unaryTest(test, { '?': value }).value === true,
            );
          },
        ),
        { numRuns: 500 },
      );
    });
    it('answer as the FEEL interpreter does, for words', () => {
      const words = fc
        .array(fc.constantFrom('"A"', '"B"', '"C d"'), { minLength: 1, maxLength: 3 })
        .map((list) => list.join(', '));
      const test = fc.oneof(
        words,
        words.map((list) => `not(${list})`),
        fc.constantFrom('> "A"', 'starts with(?, "A")'),
      );
      fc.assert(
        fc.property(test, fc.constantFrom('A', 'B', 'C d', 'D', ''), (text, value) => {
          assert.equal(
            compileCell(text, { name: 's', type: 'string' }).matches(value),
            unaryTest(text, { '?': value }).value === true,
          );
        }),
      );
    });
  });

  describe('checked', () => {
    it('show no issue when every value is covered once', () => {
      assert.deepEqual(
        kinds(table([{ when: { n: '< 3' } }, { when: { n: '[3..5)' } }, { when: { n: '>= 5' } }])),
        [],
      );
    });
    it('show a gap of a single point, with an example', () => {
      const [gap] = checkPolicy(table([{ when: { n: '< 3' } }, { when: { n: '> 3' } }]));
      assert.deepEqual([gap?.kind, gap?.example], ['gap', { n: 3 }]);
    });
    it('show rows that can never hit', () => {
      assert.deepEqual(
        kinds(
          table([{ when: { n: '>= 0' } }, { when: { n: '[1..2]' } }, { when: {} }, { when: { n: '-1' } }]),
        ),
        [
          ['unreachable', [2]],
          ['unreachable', [4]],
        ],
      );
      assert.deepEqual(
        kinds(table([{ when: { n: '< 0' } }, { when: {} }], [{ name: 'n', type: 'number', min: 0 }])),
        [['unreachable', [1]]],
      );
    });
    it('see rows that only several rows together cover', () => {
      assert.deepEqual(
        kinds(table([{ when: { n: '< 3' } }, { when: { n: '>= 3' } }, { when: { n: '[0..9]' } }])).at(0),
        ['unreachable', [3]],
      );
    });
    it('look at enums, booleans and absent values too', () => {
      const inputs = [
        { name: 'e', type: 'enum', values: ['A', 'B', 'C'] },
        { name: 'b', type: 'boolean', required: false },
      ];
      const [gap] = checkPolicy(
        table([{ when: { e: '"A", "B"' } }, { when: { e: '"C"', b: 'true, false' } }], inputs),
      );
      assert.deepEqual([gap?.kind, gap?.example], ['gap', { e: 'C', b: null }]);
    });
    it('show rows that cross and disagree, but not the general row below a special one', () => {
      assert.deepEqual(kinds(table([{ when: { n: '[0..5]' } }, { when: { n: '[3..9]' } }, { when: {} }])), [
        ['overlap', [1, 2]],
      ]);
      const same = { outcome: 'X' };
      assert.deepEqual(
        kinds(
          table([{ when: { n: '[0..5]' }, then: same }, { when: { n: '[3..9]' }, then: same }, { when: {} }]),
        ),
        [],
      );
    });
    it('name wrong tests, inputs and outputs by row', () => {
      const wrong = table([
        { when: { n: '((' } },
        { when: { m: '1' } },
        { when: {}, then: { outcome: 'X', colour: 'red' } },
      ]);
      assert.deepEqual(kinds(wrong).sort(), [
        ['invalid', [1]],
        ['invalid', [2]],
        ['invalid', [3]],
      ]);
    });
    it('say what they could not look at', () => {
      assert.deepEqual(kinds(table([{ when: { n: '? * 2 > 3' } }])), [['unchecked', []]]);
    });
    it('agree with evaluation: a table without a gap has a row for everything', () => {
      const cell = fc
        .tuple(fc.constantFrom('<', '<=', '>', '>='), fc.integer({ min: -3, max: 3 }))
        .map(([sign, n]) => `${sign} ${n}`);
      const value = fc.integer({ min: -8, max: 8 }).map((n) => n / 2);
      const inputs = [
        { name: 'n', type: 'number' },
        { name: 'm', type: 'number' },
      ];
      fc.assert(
        fc.property(
          fc.array(fc.record({ n: cell, m: cell }, { requiredKeys: [] }), { minLength: 1, maxLength: 6 }),
          value,
          value,
          (rows, n, m) => {
            const checked = table(
              rows.map((when) => ({ when: when as Record<string, string> })),
              inputs,
            );
            const issues = checkPolicy(checked);
            const { row } = evaluatePolicy(checked, { n, m });
            if (row === null) assert.ok(issues.some(({ kind }) => kind === 'gap'));
            else
              assert.ok(!issues.some(({ kind, rows: [named] }) => kind === 'unreachable' && named === row));
          },
        ),
      );
    });
  });

  describe('to start from', () => {
    it('have no gaps and no dead rows', () => {
      for (const each of [shortPickPolicy, finalMileDelayPolicy]) {
        assert.deepEqual(
          checkPolicy(each).filter(({ kind }) => kind !== 'overlap'),
          [],
          each.name,
        );
      }
    });
    it('decide a short pick as the business would', () => {
      assert.equal(pick({}), 'SPLIT');
      assert.equal(pick({ alternateStock: 1 }), 'REALLOCATE');
      assert.equal(pick({ allowsPartial: false }), 'BACKORDER');
      assert.equal(pick({ shipComplete: true, alternateStock: 2 }), 'REALLOCATE');
      assert.equal(pick({ shipComplete: true, backorderEta: undefined }), 'MANUAL');
      assert.equal(pick({ approvalLimit: 'ABOVE' }), 'MANUAL');
      assert.equal(pick({ alternateStock: undefined }), 'MANUAL');
    });
    it('decide a late parcel as the business would', () => {
      const late = (inputs: Record<string, unknown>): string =>
        evaluatePolicy(finalMileDelayPolicy, { slaTier: 'STANDARD', ...inputs }).outcome;
      assert.deepEqual(
        [
          late({ delayMinutes: -5 }),
          late({ delayMinutes: 60 }),
          late({ delayMinutes: 9000 }),
          late({ delayMinutes: 300, slaTier: 'STRATEGIC' }),
          late({ delayMinutes: 60, attemptCount: 3 }),
        ],
        ['SYNC_ETA', 'NOTIFY', 'SERVICE_CASE', 'EXPEDITE', 'MANUAL'],
      );
    });
  });
});
