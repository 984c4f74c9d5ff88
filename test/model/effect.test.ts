import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type EffectState,
  effectOutcomes,
  effectStates,
  nextEffectState,
  nextMove,
  type Safety,
} from '../../lib/model/effect';

const safeties: Safety[] = ['read', 'keyed', 'reconcilable', 'irreversible'];

describe('the life of an effect', () => {
  it('sends what nobody sent', () => {
    for (const safety of safeties) assert.equal(nextMove(undefined, safety), 'send');
  });
  it('treats a broken off attempt as an unanswered one, by what a second send would do', () => {
    for (const state of ['INTENDED', 'UNKNOWN'] as const) {
      assert.deepEqual(
        safeties.map((safety) => nextMove({ state }, safety)),
        ['resend', 'resend', 'look-up', 'ask-person'],
      );
    }
  });
  it('gives the recorded answer of what is decided', () => {
    for (const state of [
      'ACCEPTED',
      'CONFIRMED',
      'REJECTED',
      'OBSERVED',
      'DECLINED',
      'COMPENSATED',
    ] as const) {
      for (const safety of safeties) assert.equal(nextMove({ state }, safety), 'recorded');
    }
  });
  it('waits for an approval, then sends, but never from a state that would hide the send', () => {
    assert.equal(nextMove({ state: 'AWAITING_APPROVAL' }, 'irreversible'), 'wait-approval');
    assert.equal(nextMove({ state: 'APPROVED' }, 'irreversible'), 'send');
    assert.equal(nextEffectState('APPROVED', 'accepted'), undefined);
    assert.equal(nextEffectState('APPROVED', 'sending'), 'INTENDED');
    assert.equal(nextEffectState('FAILED', 'confirmed'), undefined);
  });
  it('does not take an accepted request for a confirmed one, and an accepted one that did nothing has failed', () => {
    assert.equal(nextEffectState('INTENDED', 'accepted'), 'ACCEPTED');
    assert.equal(nextEffectState('ACCEPTED', 'not-found'), 'FAILED');
  });
  it('adopts what a look-up finds, and sends when it finds nothing', () => {
    assert.equal(nextEffectState('UNKNOWN', 'confirmed'), 'CONFIRMED');
    assert.equal(nextEffectState('UNKNOWN', 'not-found'), 'INTENDED');
  });
  it('carries an irreversible or reconcilable effect out at most once, whatever crashes and answers come', () => {
    // One world: the partner's book, and attempts that end by an answer, no answer, or a crash before or after the partner acted.
    const fates = ['crash-before', 'crash-after', 'lost-answer', 'not-done', 'done'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom('reconcilable' as const, 'irreversible' as const),
        fc.array(fc.constantFrom(...fates)),
        (safety, script) => {
          let state: EffectState | undefined;
          let book = 0;
          for (const fate of script) {
            let move = nextMove(state && { state }, safety);
            if (move === 'look-up' && state) {
              state = nextEffectState(state, book > 0 ? 'confirmed' : 'not-found');
              assert.ok(state);
              move = state === 'INTENDED' ? 'send' : 'recorded';
            }
            if (move !== 'send' && move !== 'resend') continue;
            state = state === undefined ? 'INTENDED' : nextEffectState(state, 'sending');
            assert.ok(state);
            if (fate === 'crash-before') continue;
            if (fate !== 'not-done') book += 1;
            if (fate === 'crash-after') continue;
            state = nextEffectState(
              state,
              fate === 'done' ? 'confirmed' : fate === 'lost-answer' ? 'unknown' : 'retryable',
            );
          }
          assert.ok(book <= 1, `${safety}: ${script.join()}`);
        },
      ),
      { numRuns: 1000 },
    );
  });
  it('leaves the final states never', () => {
    for (const state of ['REJECTED', 'OBSERVED', 'DECLINED', 'COMPENSATED'] as const) {
      for (const outcome of effectOutcomes) assert.equal(nextEffectState(state, outcome), undefined);
    }
    for (const state of effectStates)
      for (const outcome of effectOutcomes) {
        const next = nextEffectState(state, outcome);
        assert.ok(next === undefined || effectStates.includes(next));
      }
  });
});
