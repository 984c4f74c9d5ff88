/** What an answer of SAP means for the effect. */
import type { OperationResult } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { busyOutcome, isBusy, retryAfterMs } from '../kit/outbound';
import { odataError } from './schema';

export type Refusal = Exclude<OperationResult<never>, { outcome: 'ok' }>;

export interface Asked {
  /** A write that was perhaps carried out is unknown; a read is simply repeated. */
  write: boolean;
  now: number;
  /** Message codes that the partner's settings call passing. */
  passing: readonly string[];
}

/** Code (`class/number`) and sentence of an OData error body. */
export function sapError(response: HttpResponse): { code: string | undefined; message: string } {
  const parsed = odataError.safeParse(response.json());
  if (!parsed.success) return { code: undefined, message: `HTTP ${response.status}` };
  const { code, message } = parsed.data.error;
  const sentence = typeof message === 'string' ? message : message?.value;
  return { code: code === '' ? undefined : code, message: sentence ?? `HTTP ${response.status}` };
}

/** The outcome of an answer that is not 2xx. 412 and 428 are dealt with before; here they mean that re-reading did not help. */
export function refusalOf(response: HttpResponse, asked: Asked): Refusal {
  const { code, message } = sapError(response);
  const vendorCode = code === undefined ? {} : { vendorCode: code };
  const { status } = response;
  if (isBusy(response)) return { ...busyOutcome(response, asked.now), ...vendorCode };
  if (status === 404) return { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message, ...vendorCode };
  if (
    status === 412 ||
    status === 428 ||
    status === 423 ||
    (code !== undefined && asked.passing.includes(code))
  ) {
    const after = retryAfterMs(response, asked.now);
    return {
      outcome: 'retryable',
      message,
      ...(after === undefined ? {} : { retryAfterMs: after }),
      ...vendorCode,
    };
  }
  if (status >= 500 || status === 408) {
    if (!asked.write) return { outcome: 'retryable', message, ...vendorCode };
    return { outcome: 'unknown', message: `SAP answered ${status}: ${message}` };
  }
  if (status === 403 && response.headers['x-csrf-token']?.toLowerCase() === 'required') {
    return { outcome: 'retryable', message: 'SAP did not accept a fresh CSRF token', ...vendorCode };
  }
  if (status === 401)
    return { outcome: 'fatal', message: 'SAP refused the credentials of this partner', ...vendorCode };
  return { outcome: 'fatal', message, ...vendorCode };
}
