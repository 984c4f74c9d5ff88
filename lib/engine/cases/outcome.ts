/** Who acts on a case and what became of it. */
import type { CaseRole, CaseState } from '../../model/case';

export interface Caller {
  /** `token:<name>`. */
  actor: string;
  role: CaseRole;
}

export type CaseActionOutcome =
  | { kind: 'done'; case: CaseState }
  | { kind: 'not-found' }
  | { kind: 'stale'; expectedVersion: number; actualVersion: number }
  | { kind: 'refused'; code: string; message: string; hint?: string };
