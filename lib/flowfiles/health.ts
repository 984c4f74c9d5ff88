/**
 * Whether a deploy did well. Pure: the numbers are gathered elsewhere. The limits are what the documentation promises.
 */
export interface HealthSample {
  /** Milliseconds since the deploy. */
  elapsedMs: number;
  /** Node-RED has said that the flows run. */
  flowsStarted: boolean;
  /** As `/readyz` answers. */
  ready: boolean;
  notReady?: string;
  /** Dead letters of the versions that the deploy brought, and of messages that it left without a node. */
  deadLetters: number;
  /** Attempts of runs on those versions. */
  ended: number;
  failed: number;
}

/** Flows must run after this long. */
export const startWithinMs = 15_000;
/** Not ready for this long is unhealthy; a shorter pause is the deploy itself. */
export const readyWithinMs = 5_000;
/** More dead letters than this are a burst. */
export const maxDeadLetters = 3;
/** From this many failed attempts on, more than half of all that ended must not have failed. */
export const minFailedAttempts = 10;

/** How long the last samples in a row were not ready, milliseconds. */
function unreadyFor(samples: readonly HealthSample[]): number {
  const last = samples.at(-1);
  const since = samples.findLastIndex(({ ready }) => ready);
  const first = samples[since + 1];
  return last === undefined || first === undefined ? 0 : last.elapsedMs - first.elapsedMs;
}

/** @returns the sentence that says what is wrong, or undefined while nothing is */
export function unhealthyBecause(samples: readonly HealthSample[]): string | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  if (!last.flowsStarted && last.elapsedMs > startWithinMs)
    return `the flows had not started ${startWithinMs / 1000} s after the deploy`;
  if (unreadyFor(samples) > readyWithinMs)
    return `the runtime was not ready for more than ${readyWithinMs / 1000} s${last.notReady ? `: ${last.notReady}` : ''}`;
  if (last.deadLetters > maxDeadLetters)
    return `${last.deadLetters} dead letters of the new versions, more than ${maxDeadLetters}`;
  if (last.failed >= minFailedAttempts && last.failed * 2 > last.ended)
    return `${last.failed} of ${last.ended} attempts of runs on the new versions failed`;
  return undefined;
}

/** At the end of the watch nothing may be open. */
export function provedHealthy(samples: readonly HealthSample[], watchMs: number): boolean {
  const last = samples.at(-1);
  return last !== undefined && last.elapsedMs >= watchMs && last.flowsStarted && last.ready;
}
