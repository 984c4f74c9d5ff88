/** What the engine counts while it works, for whoever measures it. Nothing is counted where nobody does. */
import type { EffectRecord } from '../ledger/effects';
import type { Severity } from '../model/taxonomy';

/** `put-off` is no failure: a deploy, a partner on hold, an open circuit. */
export type AttemptOutcome = 'done' | 'retry' | 'put-off' | 'dead';

export interface Meter {
  attempt(outcome: AttemptOutcome, seconds: number): void;
  deadLetter(partner: string, code: string): void;
  /** The partner has answered, or surely has not. `seconds` since the action was intended, waits and retries included. */
  effect(effect: { partner: string; kind: string; state: EffectRecord['state']; seconds?: number }): void;
  /** A clock of a case has run out. */
  breach(clock: 'acknowledge' | 'resolve', severity: Severity): void;
}
