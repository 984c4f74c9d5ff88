/** The case lifecycle as data: which command leads from where to where, and who may give it. */
import type { CaseCommand, CaseRole, CaseStateName } from './case-types';

/** One case a `(tenant, subject, code)` may be in one of these at a time. */
export const openStates = [
  'DETECTED',
  'ENRICHED',
  'DECISION_PENDING',
  'REMEDIATING',
  'AWAITING_ACK',
  'RESOLVED',
  'VERIFIED',
  'MANUAL',
] as const satisfies readonly CaseStateName[];
export const endedStates = ['CLOSED', 'SUPPRESSED', 'CANCELLED'] as const satisfies readonly CaseStateName[];

export interface CaseRule {
  /** null: there is no case yet. */
  from: readonly (CaseStateName | null)[];
  /** `same`: the state stays. */
  to: readonly CaseStateName[] | 'same';
  /** Lowest role of a person; the automation alone when `system`. */
  role: CaseRole;
  /** A person must say why. */
  reason: boolean;
}

const rule = (
  from: CaseRule['from'],
  to: CaseRule['to'],
  role: CaseRole = 'system',
  reason = false,
): CaseRule => ({ from, to, role, reason });
const except = (...states: CaseStateName[]): CaseStateName[] =>
  openStates.filter((state) => !states.includes(state));
const everywhere: readonly CaseStateName[] = [...openStates, ...endedStates];

/** Anything that is not in here is refused and changes nothing. */
export const caseTable: Record<CaseCommand['type'], CaseRule> = {
  detect: rule([null], ['DETECTED']),
  attachDuplicate: rule(openStates, 'same'),
  enrich: rule(['DETECTED'], ['ENRICHED', 'MANUAL']),
  requestDecision: rule(['ENRICHED'], ['DECISION_PENDING']),
  // A person also decides from MANUAL when the decision is what was waited for: a handBack and a decide in one.
  // To DECISION_PENDING: the first of two persons has chosen.
  decide: rule(
    ['DECISION_PENDING', 'MANUAL'],
    ['REMEDIATING', 'MANUAL', 'DECISION_PENDING'],
    'operator',
    true,
  ),
  ask: rule(['DECISION_PENDING', 'MANUAL'], 'same'),
  stepsDispatched: rule(['REMEDIATING'], ['AWAITING_ACK']),
  stepFailed: rule(['REMEDIATING', 'AWAITING_ACK'], ['REMEDIATING', 'MANUAL']),
  allAcked: rule(['AWAITING_ACK'], ['RESOLVED']),
  verify: rule(['RESOLVED'], ['VERIFIED'], 'operator', true),
  verifyFailed: rule(['RESOLVED'], ['REMEDIATING', 'MANUAL']),
  close: rule(['VERIFIED'], ['CLOSED'], 'operator'),
  takeOver: rule(except('MANUAL'), ['MANUAL'], 'operator', true),
  handBack: rule(['MANUAL'], except('MANUAL'), 'operator', true),
  resolve: rule(['MANUAL'], ['RESOLVED'], 'operator', true),
  // From MANUAL only while nothing was planned yet: "before REMEDIATING".
  suppress: rule(['DETECTED', 'ENRICHED', 'DECISION_PENDING', 'MANUAL'], ['SUPPRESSED'], 'supervisor', true),
  cancel: rule(openStates, ['CANCELLED'], 'supervisor', true),
  reopen: rule(['CLOSED', 'SUPPRESSED'], ['DETECTED'], 'operator', true),
  escalate: rule(openStates, 'same', 'operator', true),
  assign: rule(openStates, 'same', 'operator'),
  note: rule(everywhere, 'same', 'operator'),
  link: rule(openStates, 'same'),
};

/** The way of a case that nothing disturbs; tells a repeated step from one that comes too early. */
export const mainPath: readonly CaseStateName[] = [
  'DETECTED',
  'ENRICHED',
  'DECISION_PENDING',
  'REMEDIATING',
  'AWAITING_ACK',
  'RESOLVED',
  'VERIFIED',
  'CLOSED',
];

const rank: Record<CaseRole, number> = {
  viewer: 0,
  analyst: 0,
  operator: 1,
  supervisor: 2,
  admin: 3,
  system: 4,
};
export function roleSuffices(role: CaseRole, needed: CaseRole): boolean {
  return rank[role] >= rank[needed];
}
