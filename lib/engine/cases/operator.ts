/** An operator's action in the words of the state machine. */
import type { CaseCommand, CaseEvidence } from '../../model/case';
import type { Caller } from './outcome';

export interface EffectDecision {
  key: string;
  decision: 'approve' | 'decline' | 'confirm' | 'fail';
}

interface Common {
  expectedVersion: number;
  reason?: string | undefined;
}

/** What the public API takes for a case; `until` is RFC 3339. */
export type OperatorAction = Common &
  (
    | { action: 'assign'; assignee: string | null }
    | { action: 'note' | 'takeOver' | 'handBack' | 'close' | 'cancel' | 'reopen' | 'escalate' }
    | {
        action: 'decide';
        /** Of the question that is asked. */
        choice?: string | undefined;
        outcome?: string | undefined;
        then?: Record<string, unknown> | undefined;
        effects?: EffectDecision[] | undefined;
      }
    | {
        action: 'resolve' | 'verify';
        evidence: { system: string; description: string; reference?: string | undefined }[];
      }
    | { action: 'suppress'; until: string }
  );

export function commandOf(
  action: OperatorAction,
  caller: Caller,
  consequences: { inFlight: number; uncompensated: number },
): CaseCommand {
  const actor = {
    by: caller.actor,
    role: caller.role,
    ...(action.reason === undefined ? {} : { reason: action.reason }),
  };
  switch (action.action) {
    case 'assign':
      return { type: 'assign', ...actor, assignee: action.assignee };
    case 'note':
      return { type: 'note', ...actor, text: action.reason ?? '' };
    case 'decide':
      return {
        type: 'decide',
        ...actor,
        outcome: action.choice ?? action.outcome ?? '',
        then: action.then ?? {},
      };
    case 'resolve':
    case 'verify':
      return { type: action.action, ...actor, evidence: action.evidence.map(evidenceOf) };
    case 'suppress':
      return { type: 'suppress', ...actor, until: Date.parse(action.until) };
    case 'cancel':
      return { type: 'cancel', ...actor, ...consequences };
    case 'takeOver':
    case 'handBack':
    case 'close':
    case 'reopen':
    case 'escalate':
      return { type: action.action, ...actor };
  }
}

function evidenceOf({
  system,
  description,
  reference,
}: {
  system: string;
  description: string;
  reference?: string | undefined;
}): CaseEvidence {
  return { system, description, ...(reference === undefined ? {} : { reference }) };
}
