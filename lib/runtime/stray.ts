/**
 * Errors of the process that nobody caught. Flows are drawn by people: a promise that a Function node left without a catch must fail its own
 * run, not everybody's process.
 */
import type { Logger } from '../engine/deps';

export interface StrayErrors {
  /** The id of the run that the error belongs to; undefined when it belongs to none. */
  strayError(error: unknown): string | undefined;
}

/**
 * A rejected promise never ends the process. A thrown error does, unless it belongs to a run: what else it has left half-done is
 * unknown, and whoever supervises the process starts it again.
 * @param end called for an error that nobody can answer for
 * @returns takes the handlers off again
 */
export function watchStrayErrors(engine: StrayErrors, log: Logger, end: () => void): () => void {
  const told = (error: unknown, what: string): boolean => {
    const runId = engine.strayError(error);
    log.error({ err: error, ...(runId === undefined ? {} : { runId }) }, what);
    return runId !== undefined;
  };
  const onRejection = (reason: unknown): void => {
    told(reason, 'a rejected promise that nobody caught');
  };
  const onException = (error: unknown): void => {
    if (!told(error, 'an error that nobody caught')) end();
  };
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return () => {
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onException);
  };
}
