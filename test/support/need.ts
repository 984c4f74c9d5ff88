/** Suites that need something which the machine may not have. */
import Mocha from 'mocha';

interface MayMiss {
  /** Read by the reporter (scripts/mocha/reporter.cjs), which names it beside the skipped suite. */
  missing?: string;
}

/**
 * Passes on what was found, or skips the suite (from `before`) or the test (from `it`) and says what is missing.
 * @param what the program by its name on PATH, such as `redis-server`.
 */
export function need<T>(context: Mocha.Context, what: string, found: T | undefined): T {
  if (found !== undefined) return found;
  // In a hook the whole suite is skipped, in a test only that test.
  const runnable = context.runnable();
  const skipped: object | undefined = runnable instanceof Mocha.Hook ? runnable.parent : runnable;
  Object.assign(skipped ?? {}, { missing: what } satisfies MayMiss);
  return context.skip();
}
