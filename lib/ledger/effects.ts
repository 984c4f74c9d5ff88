/** Effects: outward actions, recorded before and after they are sent. */
import type { Safety as EffectSafety, EffectState } from '../model/effect';
import type { Lease } from './port';

export { type EffectState, effectStates } from '../model/effect';

export interface EffectIntent {
  /** 64 hex digits; see `effectKey`. */
  key: string;
  runId: string;
  rootRunId: string;
  caseId?: string;
  partner: string;
  operation: string;
  safety: EffectSafety;
  /** Version of the plan that it belongs to: a reopened case acts anew, an attempt or a replay does not. */
  plan: string;
  step: string;
  /** The point of no return: before it a failure compensates, after it the case goes forward. */
  pivot?: boolean;
  target: string;
  input: unknown;
  /** INTENDED to send; OBSERVED in observe mode; AWAITING_APPROVAL in assist mode. */
  state: 'INTENDED' | 'OBSERVED' | 'AWAITING_APPROVAL';
  correlationId: string;
  at: number;
}

export interface EffectRecord extends Omit<EffectIntent, 'state'> {
  partition: number;
  /** A number of its own in this ledger, from 1; a later effect has a higher one. */
  sequence: number;
  state: EffectState;
  /** How many times it was sent. */
  sends: number;
  output?: unknown;
  reference?: string;
  error?: { outcome: 'business' | 'retryable' | 'fatal' | 'unknown'; code?: string; message: string };
  /** True when a look-up found what an unanswered send had done. */
  adopted: boolean;
  updatedAt: number;
  confirmedAt?: number;
  decidedBy?: string;
}

export interface EffectResolution {
  key: string;
  state: EffectState;
  /** One more request went out. */
  sent?: boolean;
  /** What is sent now, where that differs from what was recorded: a corrected input after a refusal. */
  input?: unknown;
  output?: unknown;
  reference?: string;
  error?: EffectRecord['error'];
  adopted?: boolean;
  decidedBy?: string;
  at: number;
}

export interface EffectStore {
  /**
   * Records intents. Where the key exists, nothing is changed and the record of before is answered with `existing: true`:
   * a confirmed one gives its answer, one left INTENDED tells of an unanswered send.
   */
  intendEffects(
    lease: Lease,
    intents: EffectIntent[],
  ): Promise<{ existing: boolean; record: EffectRecord }[]>;
  resolveEffects(lease: Lease, resolutions: EffectResolution[]): Promise<void>;
  /** A person's decision on an effect that awaits approval or is UNKNOWN; false when it is in no such state. */
  decideEffect(
    key: string,
    state: 'APPROVED' | 'DECLINED' | 'CONFIRMED' | 'FAILED',
    by: string,
    at: number,
  ): Promise<boolean>;
  effect(key: string): Promise<EffectRecord | undefined>;
  effectsByCase(caseId: string): Promise<EffectRecord[]>;
  effectsByRuns(runIds: string[]): Promise<EffectRecord[]>;
}
