/** Look-ups: only a clear `not there` may lead to a second send. */
import { FatalError, RetryableError } from '../../model/errors';
import type { Refusal } from './answers';

/**
 * A read that was refused during a look-up: an unknown identifier is `not found`, whatever else went wrong is thrown.
 * @throws FatalError LOOK_UP_REFUSED for faults of configuration, RetryableError LOOK_UP_FAILED otherwise
 */
export function notFoundOrThrow(refusal: Refusal): { found: false } {
  if (refusal.outcome === 'business' && refusal.code === 'IDENTIFIER_UNRESOLVED') return { found: false };
  if (refusal.outcome === 'fatal' || refusal.outcome === 'business')
    throw new FatalError('LOOK_UP_REFUSED', refusal.message, {
      hint: 'Correct the partner settings, then replay.',
    });
  throw new RetryableError('LOOK_UP_FAILED', refusal.message, {
    hint: 'The look-up is tried again by itself.',
    ...(refusal.outcome === 'retryable' && refusal.retryAfterMs !== undefined
      ? { retryAfterMs: refusal.retryAfterMs }
      : {}),
  });
}

/** For an effect that left no trace of ours to look for: a person decides. */
export function cannotTell(message: string): FatalError {
  return new FatalError('LOOK_UP_IMPOSSIBLE', message, { hint: 'Look into the system and decide.' });
}
