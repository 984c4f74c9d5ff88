/** What to do when an action is asked for that the ledger knows already: the model's move under the partner's mode. Pure. */
import type { EffectSafety } from '../../connectors/kit/connector';
import type { EffectRecord } from '../../ledger/effects';
import { nextMove } from '../../model/effect';
import type { PartnerMode } from '../api';

export type Move = 'send' | 'look-up' | 'recorded' | 'ask-person' | 'await-approval' | 'observe';

const unsent: readonly EffectRecord['state'][] = ['OBSERVED', 'AWAITING_APPROVAL', 'APPROVED', 'FAILED'];

export function moveFor(record: Pick<EffectRecord, 'state'>, safety: EffectSafety, mode: PartnerMode): Move {
  if (mode === 'observe' && unsent.includes(record.state)) return 'observe';
  // It was only watched so far; the partner has gone live since.
  if (record.state === 'OBSERVED') return mode === 'assist' ? 'await-approval' : 'send';
  const move = nextMove(record, safety);
  if (move === 'wait-approval') return 'await-approval';
  return move === 'resend' ? 'send' : move;
}
