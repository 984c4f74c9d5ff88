/** What an attempt does that meets the record of an earlier one: every state, safety and mode. */
import assert from 'node:assert/strict';
import type { EffectSafety } from '../../lib/connectors/kit/connector';
import { type PartnerMode, partnerModes } from '../../lib/engine/api';
import { type Move, moveFor } from '../../lib/engine/effects/moves';
import { type EffectState, effectStates } from '../../lib/ledger/effects';

const safeties: readonly EffectSafety[] = ['read', 'keyed', 'reconcilable', 'irreversible'];
const everywhere = (move: Move): Record<PartnerMode, Move> => ({
  observe: move,
  assist: move,
  automate: move,
});
const unanswered: Record<EffectSafety, Move> = {
  read: 'send',
  keyed: 'send',
  reconcilable: 'look-up',
  irreversible: 'ask-person',
};

/** By state: the move in each mode, where the safety makes no difference. */
const settled: Record<Exclude<EffectState, 'INTENDED' | 'UNKNOWN'>, Record<PartnerMode, Move>> = {
  ACCEPTED: everywhere('recorded'),
  CONFIRMED: everywhere('recorded'),
  REJECTED: everywhere('recorded'),
  DECLINED: everywhere('recorded'),
  COMPENSATED: everywhere('recorded'),
  FAILED: { observe: 'observe', assist: 'send', automate: 'send' },
  OBSERVED: { observe: 'observe', assist: 'await-approval', automate: 'send' },
  AWAITING_APPROVAL: { observe: 'observe', assist: 'await-approval', automate: 'await-approval' },
  APPROVED: { observe: 'observe', assist: 'send', automate: 'send' },
};

describe('the move for a recorded effect', () => {
  for (const state of effectStates) {
    for (const safety of safeties) {
      for (const mode of partnerModes) {
        const expected =
          state === 'INTENDED' || state === 'UNKNOWN' ? unanswered[safety] : settled[state][mode];
        it(`is ${expected} when a ${safety} action is ${state} in ${mode} mode`, () => {
          assert.equal(moveFor({ state }, safety, mode), expected);
        });
      }
    }
  }
});
