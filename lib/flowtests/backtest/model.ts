/** What a back-test asks for and what it answers. */
import { z } from 'zod';
import type { RecordedCase } from '../capsule/record';

const text = z.string().min(1).max(300);
const node = z.looseObject({ id: z.string(), type: z.string() });

/** A flow file's content, a policy table that takes the place of the flow's own of that name, or a version of the flow. */
export const candidate = z.union([
  z.strictObject({ nodes: z.array(node).min(1).max(5_000) }),
  z.strictObject({ policy: z.looseObject({ name: text, version: text, rows: z.array(z.unknown()) }) }),
  z.strictObject({ version: text }),
]);
export type Candidate = z.infer<typeof candidate>;

export interface BacktestRequest {
  /** As the caller named it. */
  flow: string;
  /** Epoch milliseconds: cases detected from then on. */
  since: number;
  until: number;
  region?: string;
}

/** A recorded case as it is handed to a worker. */
export type BacktestCase = Pick<RecordedCase, 'state' | 'events' | 'facts' | 'effects' | 'parked'>;

export const changeKinds = ['added', 'removed', 'changed'] as const;

export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

export interface EffectChange {
  step: string;
  /** partner.operation */
  call: string;
  kind: (typeof changeKinds)[number];
  differences: Difference[];
}

export interface DecisionChange {
  before: string | null;
  after: string | null;
  /** Of `then`, where the outcome is the same. */
  differences: Difference[];
  row: { before: number | null; after: number | null };
}

/** What a candidate makes of one case. */
export interface CaseResult {
  caseId: string;
  subject: string;
  region: string;
  facts: number;
  /** The candidate takes no such case. */
  taken: boolean;
  decision?: DecisionChange;
  effects: EffectChange[];
  /** Reads that nobody has recorded: what comes after one is not compared. */
  unanswered: { step: string; call: string }[];
  /** Actions that nobody has recorded: taken as done, without an output. */
  assumed: { step: string; call: string }[];
  /** The run hung, or the case could not be played. */
  error?: string;
}

export interface Example {
  caseId: string;
  subject: string;
  region: string;
}

export interface BacktestReport {
  flow: string;
  since: string;
  until: string;
  region?: string;
  facts: number;
  cases: number;
  /** Cases of which everything was compared. */
  same: number;
  changed: number;
  ms: number;
  regions: { region: string; cases: number; decisions: number; effects: number; unanswered: number }[];
  decisions: {
    before: string | null;
    after: string | null;
    count: number;
    regions: Record<string, number>;
    examples: (Example & Pick<DecisionChange, 'row' | 'differences'>)[];
  }[];
  effects: {
    step: string;
    call: string;
    kind: EffectChange['kind'];
    count: number;
    regions: Record<string, number>;
    /** How often each field differs. */
    fields: Record<string, number>;
    examples: (Example & { differences: Difference[] })[];
  }[];
  unanswered: { step: string; call: string; count: number; examples: Example[] }[];
  assumed: { step: string; call: string; count: number }[];
  /** Cases that the candidate does not take any more. */
  notTaken: { count: number; examples: Example[] };
  errors: { message: string; count: number; examples: Example[] }[];
}
