/**
 * Errors are typed by the fate of the message they meet: what the engine does next is read from the class,
 * never from the wording. Every error carries a stable `code`, a sentence for a person and what to do next.
 */

/** What happens to the message that met the error. */
export type Fate = 'acknowledge' | 'retry' | 'park' | 'dead-letter' | 'ask-person';

export interface ErrorDetail {
  /** What the reader should do about it, one sentence. */
  hint?: string;
  /** Milliseconds before another try makes sense, where somebody told us. */
  retryAfterMs?: number;
  /** Machine-readable context; never secrets, never personal data. */
  context?: Record<string, unknown>;
  cause?: unknown;
}

export abstract class RerouteError extends Error {
  abstract readonly fate: Fate;
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly context: Record<string, unknown>;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = detail.hint;
    this.retryAfterMs = detail.retryAfterMs;
    this.context = detail.context ?? {};
  }
}

/** There is nothing left to do: the run ends as done. */
export class NothingToDoError extends RerouteError {
  readonly fate = 'acknowledge' as const;
}

/** A passing fault: the same attempt may succeed later. */
export class RetryableError extends RerouteError {
  readonly fate = 'retry' as const;
}

/** The partner is held, drained, or its circuit is open: not a failure of this message, so no attempt is spent. */
export class DeferredError extends RerouteError {
  readonly fate = 'park' as const;
}

/** Nothing but a repair helps: bad payload, bad configuration, a limit exceeded. */
export class FatalError extends RerouteError {
  readonly fate = 'dead-letter' as const;
}

/** The partner answered, the answer is a business problem with an exception code, and no wire took it. */
export class BusinessError extends RerouteError {
  readonly fate = 'dead-letter' as const;
}

/** We do not know whether an outward action happened, and nothing can tell us: a person decides. */
export class UnknownOutcomeError extends RerouteError {
  readonly fate = 'ask-person' as const;
}

/** The caller's fencing token is older than the partition's: another worker took over. The work must stop. */
export class StaleFenceError extends RerouteError {
  readonly fate = 'retry' as const;
  constructor(partition: number, held: number, current: number) {
    super('STALE_FENCE', `partition ${partition} is owned under token ${current}, not ${held}`, {
      hint: 'The run goes on under its new owner; nothing needs to be done.',
      context: { partition, held, current },
    });
  }
}

/** A compare-and-set met a newer version. */
export class VersionConflictError extends RerouteError {
  readonly fate = 'retry' as const;
  constructor(what: string, id: string, expected: number, actual: number) {
    super('VERSION_CONFLICT', `${what} ${id} is at version ${actual}, not ${expected}`, {
      hint: 'Read it again and repeat the change on what it says now.',
      context: { what, id, expected, actual },
    });
  }
}

/** True for every error of ours. */
export function isRerouteError(error: unknown): error is RerouteError {
  return error instanceof RerouteError;
}

/** A message reached one of our nodes outside of any run: it was not started by a source node, so it cannot be durable. */
export class NotInRunError extends FatalError {
  constructor(nodeType: string) {
    super(
      'NOT_IN_RUN',
      `the message at ${nodeType} belongs to no run, so nothing it does could be made durable`,
      {
        hint: 'Start the flow with partner in, exception in or replay, and pass the message on instead of building an unrelated one.',
      },
    );
  }
}
