/** Shapes of a case: its state, the events that made it and the commands it takes. Plain JSON, times in epoch milliseconds. */
import type { FactContext, Identifiers, Money } from './fact';
import type { ExceptionCode, Severity } from './taxonomy';

export const caseStateNames = [
  'DETECTED',
  'ENRICHED',
  'DECISION_PENDING',
  'REMEDIATING',
  'AWAITING_ACK',
  'RESOLVED',
  'VERIFIED',
  'CLOSED',
  'MANUAL',
  'SUPPRESSED',
  'CANCELLED',
] as const;
export type CaseStateName = (typeof caseStateNames)[number];

/** `viewer` < `operator` < `supervisor` < `admin`; an `analyst` owns flows, not cases; `system` is the automation. */
export const caseRoles = ['system', 'viewer', 'analyst', 'operator', 'supervisor', 'admin'] as const;
export type CaseRole = (typeof caseRoles)[number];

export interface CaseClocks {
  acknowledgeDueAt?: number;
  resolveDueAt?: number;
  acknowledgedAt?: number;
  /** Set by the escalation that each clock causes once. */
  acknowledgeBreachedAt?: number;
  resolveBreachedAt?: number;
}

export interface CasePolicy {
  name: string;
  version: string;
  inputs: Record<string, unknown>;
  /** Index of the row that hit; null when none did. */
  row?: number | null;
  outcome?: string;
}

export interface CasePlan {
  /** Part of every effect's key; see `CaseState.planVersion`. */
  version: number;
  outcome: string;
  /** What the policy said to do, e.g. quantities to split. */
  then: Record<string, unknown>;
  decidedBy: string;
  decidedAt: number;
}

/** What a person may choose, with what it leads to in words. */
export interface CaseChoice {
  id: string;
  label: string;
  consequence: string;
  /** Lowest role that may choose it. */
  role: 'operator' | 'supervisor';
  /** What the plan says then. */
  then: Record<string, unknown>;
}

/** A decision that people are asked for. */
export interface CaseQuestion {
  text: string;
  choices: CaseChoice[];
  /** Above this order value a second person, a supervisor, has to choose the same. */
  approvalLimit?: Money;
  askedAt: number;
  /** Then the default is chosen by itself; without one the flow goes on with no answer. */
  dueAt?: number;
  default?: string;
  /** The first person's choice, where a second one is needed. */
  proposal?: { choice: string; by: string; at: number; reason?: string };
}

export interface CaseEvidence {
  /** System that shows it, e.g. a partner id. */
  system: string;
  description: string;
  reference?: string;
}

export interface CaseState {
  id: string;
  tenant: string;
  /** Shipment key. */
  subject: string;
  code: ExceptionCode;
  state: CaseStateName;
  severity: Severity;
  /** Rises with every event. */
  version: number;
  correlationId: string;
  /** Detection, or the last reopening. */
  openedAt: number;
  /** Earliest qualifying event time, or the missed deadline. */
  onsetAt: number;
  /** False when the onset was given without a zone: left out of MTTD. */
  onsetTrusted: boolean;
  detectedAt: number;
  updatedAt: number;
  /** When it was closed, suppressed or cancelled. */
  endedAt?: number;
  context: FactContext;
  identifiers: Identifiers;
  partner: string;
  region?: string;
  warehouse?: string;
  assignee?: string;
  /** Escalation level, 0 at first. */
  level: number;
  reopenCount: number;
  /** Id of the incident that this case waits for. */
  parent?: string;
  /** Id of the case that this one repeats. */
  recurrenceOf?: string;
  /** Facts that joined, the first included. */
  factCount: number;
  clocks: CaseClocks;
  policy?: CasePolicy;
  plan?: CasePlan;
  /** What people are asked now. */
  question?: CaseQuestion;
  /** Number of plans so far. */
  planVersion: number;
  verifyFailures: number;
  lastVerifiedAt?: number;
  /** Where `handBack` leads; set while the state is MANUAL. */
  manualFrom?: CaseStateName;
  suppressedUntil?: number;
  evidence: CaseEvidence[];
}

/** Fields an event sets; null removes one. */
export type CaseChanges = { [K in keyof CaseState]?: CaseState[K] | null };

export interface CaseEvent {
  caseId: string;
  /** Version of the case after it. */
  version: number;
  type: CaseCommand['type'];
  from: CaseStateName | null;
  to: CaseStateName;
  at: number;
  /** User, token or `system`. */
  by: string;
  reason?: string;
  /** What the event says beside the changed fields, for the timeline. */
  detail?: Record<string, unknown>;
  changes: CaseChanges;
}

interface Actor {
  by: string;
  role: CaseRole;
  reason?: string;
}

export interface DetectCommand extends Actor {
  type: 'detect';
  id: string;
  tenant: string;
  subject: string;
  code: ExceptionCode;
  correlationId: string;
  onsetAt: number;
  onsetTrusted: boolean;
  context: FactContext;
  identifiers: Identifiers;
  partner: string;
  region?: string;
  warehouse?: string;
  recurrenceOf?: string;
  clocks: Pick<CaseClocks, 'acknowledgeDueAt' | 'resolveDueAt'>;
}

/** `DetectCommand` creates, all others change. Roles and guards: see `caseTable`. */
export type CaseCommand =
  | DetectCommand
  | (Actor & {
      type: 'attachDuplicate';
      factIds: string[];
      onsetAt?: number;
      identifiers?: Identifiers;
      context?: FactContext;
    })
  | (Actor & {
      type: 'enrich';
      resolved: boolean;
      context: FactContext;
      identifiers?: Identifiers;
      clocks?: Pick<CaseClocks, 'acknowledgeDueAt' | 'resolveDueAt'>;
    })
  | (Actor & { type: 'requestDecision'; policy: Pick<CasePolicy, 'name' | 'version' | 'inputs'> })
  /** Asks people; the question is gone with the decision. */
  | (Actor & {
      type: 'ask';
      policy?: Pick<CasePolicy, 'name' | 'version' | 'inputs'>;
      question: Omit<CaseQuestion, 'askedAt' | 'proposal'>;
    })
  /** `limit`: the highest order value that the person may decide on. An `outcome` of MANUAL hands the case to a person. */
  | (Actor & {
      type: 'decide';
      outcome: string;
      then: Record<string, unknown>;
      row?: number | null;
      limit?: Money;
    })
  | (Actor & { type: 'stepsDispatched' })
  | (Actor & { type: 'stepFailed'; step: string; message: string; exhausted: boolean })
  | (Actor & { type: 'allAcked' })
  | (Actor & { type: 'verify'; evidence: CaseEvidence[] })
  | (Actor & { type: 'verifyFailed'; message: string })
  /** `coolingMs`: how long the automation leaves a verified case open. */
  | (Actor & { type: 'close'; coolingMs?: number })
  | (Actor & { type: 'takeOver' })
  | (Actor & { type: 'handBack' })
  /** Manual resolution. */
  | (Actor & { type: 'resolve'; evidence: CaseEvidence[] })
  | (Actor & { type: 'suppress'; until: number })
  /** Effects under way, and effects done and not taken back. */
  | (Actor & { type: 'cancel'; inFlight: number; uncompensated: number })
  | (Actor & {
      type: 'reopen';
      factIds?: string[];
      clocks?: Pick<CaseClocks, 'acknowledgeDueAt' | 'resolveDueAt'>;
    })
  /** `clock`: the clock that ran out; a person escalates without one, with a reason. */
  | (Actor & { type: 'escalate'; clock?: 'acknowledge' | 'resolve' })
  | (Actor & { type: 'assign'; assignee: string | null })
  | (Actor & { type: 'note'; text: string })
  /** The incident that holds the case up. */
  | (Actor & { type: 'link'; parent: string });

export interface CaseRefusal {
  code: string;
  message: string;
  /** What to do next. */
  hint: string;
  /** True when the case is past this step already: a repeated attempt may go on. */
  past: boolean;
}
