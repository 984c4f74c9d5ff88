/** Answers of the API: types of the same schemas that validate and describe it. Nothing of the server comes along at run time. */
import type { z } from 'zod';
import type { roles } from '../../../lib/gateway/roles';
import type * as access from '../../../lib/gateway/schemas/access';
import type * as answers from '../../../lib/gateway/schemas/answers';
import type { CaseAction } from '../../../lib/gateway/schemas/cases';
import type * as insights from '../../../lib/gateway/schemas/insights';
import type { CaseEvidence } from '../../../lib/model/case-types';
import type { FactContext, Identifiers } from '../../../lib/model/fact';

export interface Paged<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

/** Answers are open for new fields; this leaves those that are promised. */
type Listed<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

export type Role = (typeof roles)[number];
export type Me = z.infer<typeof access.meView>;
export type User = z.infer<typeof access.userView>;
export type Session = z.infer<typeof access.sessionView>;
export type Token = z.infer<typeof access.tokenView>;
export interface SignInOffer {
  password: boolean;
  setup: boolean;
  oidc: { title: string; path: string } | null;
}

/** A case with what every case has beside the columns of a list; instants are RFC 3339 text. */
export type Case = z.infer<typeof answers.caseView> & {
  context: FactContext;
  identifiers: Identifiers;
  evidence: CaseEvidence[];
  factCount: number;
  clocks: { acknowledgeDueAt?: string; resolveDueAt?: string; acknowledgedAt?: string };
  policy?: {
    name: string;
    version: string;
    inputs: Record<string, unknown>;
    row?: number | null;
    outcome?: string;
  };
  plan?: {
    version: number;
    outcome: string;
    then: Record<string, unknown>;
    decidedBy: string;
    decidedAt: string;
  };
  suppressedUntil?: string;
  manualFrom?: string;
  recurrenceOf?: string;
  lastVerifiedAt?: string;
};

export type Run = z.infer<typeof answers.runView>;
export type TraceStep = NonNullable<Run['trace']>[number];
export type Effect = z.infer<typeof answers.effectView> & {
  input?: unknown;
  output?: unknown;
  error?: { outcome: string; code?: string; message: string };
  decidedBy?: string;
};
export type Fact = z.infer<typeof answers.factView>;
export type Wait = z.infer<typeof answers.waitView>;
export type DeadLetter = z.infer<typeof answers.deadLetterView>;
export type DeadLetterGroup = z.infer<typeof answers.deadLetterGroup>;
export type TraceEntry = z.infer<typeof answers.traceEntry>;
export type Trace = z.infer<typeof answers.traceView>;
export type CaseDetail = Omit<Listed<z.infer<typeof answers.caseDetail>>, 'case' | 'effects'> & {
  case: Case;
  effects: Effect[];
};
export type RunDetail = z.infer<typeof answers.runDetail>;
/** A node of a flow as far as it is drawn. */
export interface DrawnNode {
  id: string;
  type: string;
  name: string;
  x: number;
  y: number;
  wires: string[][];
}
export type Replay = z.infer<typeof answers.replayView>;
export type ReplayItem = z.infer<typeof answers.replayItemView>;
export interface ReplayDetail extends Paged<ReplayItem> {
  replay: Replay;
  progress: { total: number; byOutcome: Partial<Record<ReplayItem['outcome'], number>> };
}
/** What a payload would be read as. */
export interface Inspection {
  ok: boolean;
  facts: unknown[];
  reports: { kind: 'not-a-fact' | 'rejected'; code: string; message: string; at?: string }[];
  changes: { path: string; before?: unknown; after?: unknown; role: Role; allowed: boolean }[];
}
export type Partner = z.infer<typeof answers.partnerView>;
export type AuditEntry = z.infer<typeof answers.auditView> & { before?: unknown; after?: unknown };
export type CaseCommand = CaseAction;
export type CaseActionName = CaseDetail['allowedActions'][number];

export type Facets = z.infer<typeof insights.facetView>;
export type Alert = z.infer<typeof answers.alertView>;
export type AtRisk = z.infer<typeof insights.atRisk>;
export type Aging = z.infer<typeof insights.agingView>;
export type SavedView = z.infer<typeof insights.savedView>;
export type Scorecard = z.infer<typeof insights.scorecard>;
export type Series = z.infer<typeof insights.seriesView>;
export type BulkOutcome = z.infer<typeof insights.bulkOutcome>;
type Measures = {
  [K in keyof typeof insights.overviewMeasures]: z.infer<(typeof insights.overviewMeasures)[K]>;
};
export type Overview = z.infer<typeof answers.overview> & Measures;
export type DurationMeasure = Overview['detection'];
