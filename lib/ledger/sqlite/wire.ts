/** What crosses the thread: calls, answers, and errors as data that are rebuilt as their own classes. */
import {
  BusinessError,
  DeferredError,
  type ErrorDetail,
  FatalError,
  isRerouteError,
  type RerouteError,
  RetryableError,
  StaleFenceError,
  UnknownOutcomeError,
  VersionConflictError,
} from '../../model/errors';

/** One port call: `[operation, arguments]`. */
export type Call = [name: string, args: unknown[]];
export type Outcome = { value: unknown } | { error: ErrorData };

export type ToWorker = { kind: 'calls'; calls: Call[] } | { kind: 'close' };
export type FromWorker =
  | { kind: 'open'; partitions: number }
  | { kind: 'failed'; error: ErrorData }
  | { kind: 'group'; outcomes: Outcome[]; busyUs: number }
  | { kind: 'closed' };

export interface ErrorData {
  className: string;
  code: string;
  message: string;
  hint?: string;
  retryAfterMs?: number;
  context: Record<string, unknown>;
}

/** SQLite result codes after which the whole transaction is gone or cannot commit: https://www.sqlite.org/rescode.html */
const groupFatal = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

/** The SQLite primary result code of an error, when it is one. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** A connection's own word that its storage failed; `code` is the server's, where it gave one. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}

/** True when the storage itself failed (full disk, lock, I/O), so that no call of the group can be kept. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof StorageFailure) return true;
  const code = sqliteCode(error);
  return code !== undefined && groupFatal.has(code);
}

/** The storage cannot commit at the moment; nothing of the call was kept. */
export function unavailable(error: unknown): RetryableError {
  const reason = error instanceof Error ? error.message : String(error);
  return new RetryableError('LEDGER_UNAVAILABLE', `the ledger could not commit: ${reason}`, {
    hint:
      error instanceof StorageFailure
        ? 'Check that PostgreSQL runs, takes connections and has free disk space, then try again.'
        : 'Check free disk space and the state of the volume that holds the ledger file, then try again.',
    retryAfterMs: 1000,
  });
}

/** Why a file could not be opened: damage is for a person to repair, anything else may pass. */
export function openFailure(error: unknown): unknown {
  if (!isStorageFailure(error)) return error;
  const code = sqliteCode(error);
  if (code !== 11 && code !== 26) return unavailable(error);
  return new FatalError('LEDGER_DAMAGED', 'the ledger file is damaged, or is no SQLite database', {
    hint: 'Restore a backup with `reroute ledger restore FILE`, or give another path.',
    cause: error,
  });
}

/** Any error as data. What is not ours is a fault of the call itself: repeating it cannot help. */
export function errorData(error: unknown): ErrorData {
  const known = isRerouteError(error) ? error : refused(error);
  return {
    className: known.name,
    code: known.code,
    message: known.message,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    ...(known.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    context: known.context,
  };
}

function refused(error: unknown): FatalError {
  const reason = error instanceof Error ? error.message : String(error);
  return new FatalError('LEDGER_REFUSED', `the ledger refused the call: ${reason}`, {
    hint: 'This is a fault of the caller or of the ledger: report it with the log line that names the call.',
    cause: error,
  });
}

const classes: Record<string, new (code: string, message: string, detail: ErrorDetail) => RerouteError> = {
  RetryableError,
  DeferredError,
  FatalError,
  BusinessError,
  UnknownOutcomeError,
};

/** The error of the other thread, as the class it was there. */
export function rebuildError(data: ErrorData): RerouteError {
  const { context } = data;
  if (data.className === 'StaleFenceError') {
    return new StaleFenceError(Number(context.partition), Number(context.held), Number(context.current));
  }
  if (data.className === 'VersionConflictError') {
    return new VersionConflictError(
      String(context.what),
      String(context.id),
      Number(context.expected),
      Number(context.actual),
    );
  }
  const ErrorClass = classes[data.className] ?? FatalError;
  return new ErrorClass(data.code, data.message, {
    context,
    ...(data.hint === undefined ? {} : { hint: data.hint }),
    ...(data.retryAfterMs === undefined ? {} : { retryAfterMs: data.retryAfterMs }),
  });
}
