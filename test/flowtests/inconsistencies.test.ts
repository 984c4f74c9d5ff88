import assert from 'node:assert/strict';
import { inconsistencies } from '../../lib/flowtests/matrix';
import type { Observed } from '../../lib/flowtests/observed';
import type { EffectRecord } from '../../lib/ledger/effects';
import type { CaseState } from '../../lib/model/case';

const effect = (step: string, state: EffectRecord['state'] = 'CONFIRMED', more: Partial<EffectRecord> = {}) =>
  ({
    key: step,
    step,
    state,
    plan: '1',
    caseId: 'c',
    partner: 'p',
    operation: step,
    ...more,
  }) as EffectRecord;

function observed(state: string, effects: EffectRecord[], more: string[] = []): Observed {
  const cases = [
    { id: 'c', code: 'DAMAGED', state },
    ...more.map((code) => ({ id: code, code, state: 'MANUAL' })),
  ];
  return { cases: cases as CaseState[], effects, deadLetters: [], alerts: [], waiting: [], sent: [] };
}

function judge(
  end: Observed,
  options: { times?: number; failing?: string; base?: EffectRecord[] } = {},
): string[] {
  const base = options.base ?? [
    effect('a'),
    effect('b'),
    effect('pivot', 'CONFIRMED', { pivot: true }),
    effect('z'),
  ];
  return inconsistencies({
    fault: { step: options.failing ?? 'b', kind: 'business' },
    base: observed('VERIFIED', base),
    observed: end,
    timesDone: () => options.times ?? 1,
    hasUndo: ({ step }) => step !== 'final',
  });
}

describe('what must hold whatever fails', () => {
  it('is satisfied by a plan that was taken back, newest first', () => {
    const effects = [
      effect('a', 'COMPENSATED'),
      effect('b', 'COMPENSATED'),
      effect('undo:b'),
      effect('undo:a'),
    ];
    assert.deepEqual(judge(observed('MANUAL', effects), { failing: 'pivot' }), []);
  });

  it('is not by the oldest first', () => {
    const effects = [
      effect('a', 'COMPENSATED'),
      effect('b', 'COMPENSATED'),
      effect('undo:a'),
      effect('undo:b'),
    ];
    assert.deepEqual(judge(observed('MANUAL', effects), { failing: 'pivot' }), [
      'taken back in the order a, b; the reverse of what was done is b, a',
    ]);
  });

  it('is not by a step that is done and taken back', () => {
    assert.deepEqual(judge(observed('MANUAL', [effect('a'), effect('undo:a')]), { failing: 'a' }), [
      'a was taken back and still counts as done',
    ]);
  });

  it('is not by a step that counts as taken back by nothing', () => {
    assert.deepEqual(judge(observed('MANUAL', [effect('a', 'COMPENSATED')])), [
      'a counts as taken back, and nothing took it back',
    ]);
  });

  it('is not by taking back behind the pivot', () => {
    const effects = [
      effect('a', 'COMPENSATED'),
      effect('pivot', 'CONFIRMED', { pivot: true }),
      effect('undo:a'),
    ];
    assert.deepEqual(judge(observed('MANUAL', effects), { failing: 'z' }), [
      'a taken back although the pivot pivot was passed',
    ]);
  });

  it('is not by anything done twice', () => {
    assert.deepEqual(judge(observed('VERIFIED', [effect('a')]), { times: 2 }), ['a was carried out 2 times']);
  });

  it('is not by an unknown effect that nobody has', () => {
    assert.deepEqual(judge(observed('VERIFIED', [effect('a', 'UNKNOWN')])), [
      'a is left UNKNOWN, and the case is VERIFIED',
    ]);
    assert.deepEqual(judge(observed('MANUAL', [effect('a', 'UNKNOWN')])), []);
  });

  it('takes a reported failure to take back, and steps that nothing can take back', () => {
    assert.deepEqual(judge(observed('MANUAL', [effect('a')], ['INTEGRATION_FAILURE'])), []);
    assert.deepEqual(judge(observed('MANUAL', [effect('a')])), [
      'a still stands, although b failed before the pivot and nothing went on',
    ]);
    const base = [effect('final'), effect('b'), effect('pivot', 'CONFIRMED', { pivot: true })];
    assert.deepEqual(judge(observed('MANUAL', [effect('final')]), { base }), []);
  });

  it('looks at each plan for itself: a reopened case acts anew', () => {
    const old = [effect('a', 'COMPENSATED', { key: '1' }), effect('undo:a', 'CONFIRMED', { key: '2' })];
    const anew = effect('a', 'CONFIRMED', { key: '3', plan: '2' });
    assert.deepEqual(judge(observed('VERIFIED', [...old, anew]), { failing: 'z' }), []);
  });
});
