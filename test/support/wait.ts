/** Awaiting a condition instead of sleeping. */
import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** Completes "waited N ms for ..." in the failure. */
  what?: string;
  timeoutMs?: number;
  everyMs?: number;
}

/**
 * Asks until the answer is truthy, and returns it.
 * @throws Error when the time is over, with the last error of `condition` as its cause. An error before that only means "not yet".
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { what = 'a condition', timeoutMs = 10_000, everyMs = 20 }: WaitOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await condition();
      if (answer) return answer as NonNullable<Exclude<T, false>>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(everyMs);
  } while (Date.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
}
