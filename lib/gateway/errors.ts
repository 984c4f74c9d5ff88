/** Turns whatever a call threw into a problem. What nobody foresaw is logged and answered without its details. */
import { FlowFilesChangedError, FlowsRefusedError, FlowsStaleError } from '../flowfiles/errors';
import { isRerouteError, type RerouteError, VersionConflictError } from '../model/errors';
import { Problem } from './problems';

const parserCodes: Record<string, string> = {
  'entity.too.large': 'too-large',
  'entity.parse.failed': 'malformed-json',
  'charset.unsupported': 'unsupported-charset',
  'encoding.unsupported': 'unsupported-encoding',
};

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof VersionConflictError)
    return new Problem(409, 'version-conflict', { detail: sentence(error.message, error.hint) });
  if (error instanceof FlowFilesChangedError)
    return new Problem(409, 'flow-files-changed', {
      detail: sentence(error.message, error.hint),
      conflict: { diff: error.diff },
    });
  if (error instanceof FlowsStaleError)
    return new Problem(409, 'flows-stale', {
      detail: sentence(error.message, error.hint),
      conflict: { ...error.current, diff: error.diff },
    });
  if (isRerouteError(error)) {
    const status = statusOf(error);
    // What is wrong inside is for the log.
    if (status === 503)
      return new Problem(503, 'unavailable', {
        detail: 'Not at the moment. Send it again.',
        headers: { 'retry-after': '5' },
      });
    return new Problem(status, error.code.toLowerCase().replaceAll('_', '-'), {
      detail: sentence(error.message, error.hint),
      ...(error instanceof FlowsRefusedError ? { findings: [...error.findings] } : {}),
    });
  }
  return (
    requestProblem(error) ??
    new Problem(500, 'internal', {
      detail: 'Something went wrong inside; the log says what, under the time of this answer.',
    })
  );
}

function statusOf({ code, fate }: RerouteError): number {
  if (code === 'BAD_CURSOR') return 400;
  if (code === 'PAYLOAD_SHREDDED') return 410;
  // A closed or foreign ledger is our trouble, not the caller's.
  if (code.startsWith('LEDGER_') || fate === 'retry' || fate === 'park') return 503;
  return 422;
}

/** Body parser and router say with a `status` below 500 that the request itself was wrong. */
function requestProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  return new Problem(status, parserCodes[type] ?? 'malformed-request');
}

const sentence = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message}. ${hint}`;
