/** Sorting a carrier's HTTP answer by what it means for the effect that sent it. */
import { RetryableError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import type { CallContext, OperationResult } from './connector';
import type { HttpResponse } from './http';
import { busyOutcome, isBusy } from './outbound';

export type Refusal = Exclude<OperationResult<never>, { outcome: 'ok' }>;

/** A vendor's error as its body states it. */
export interface VendorError {
  code?: string | undefined;
  message: string;
}

export interface Sorting {
  /** True when the request may have changed something: a 5xx then leaves the outcome unknown. */
  write: boolean;
  /** The vendor's own error, read from the body. */
  error: VendorError | undefined;
  /** Exception that a 4xx with this error stands for; undefined makes it fatal, a fault of configuration or contract. */
  exception(error: VendorError | undefined, status: number): ExceptionCode | undefined;
}

/** The refusal that an answer outside of 2xx is; undefined for 2xx. */
export function refusalOf(response: HttpResponse, call: CallContext, sorting: Sorting): Refusal | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return undefined;
  if (isBusy(response)) return busyOutcome(response, call.now);
  const { error } = sorting;
  const message = error === undefined ? `the carrier answered HTTP ${status}` : error.message;
  const vendorCode = error?.code === undefined ? {} : { vendorCode: error.code };
  if (status >= 500)
    return sorting.write ? { outcome: 'unknown', message } : { outcome: 'retryable', message, ...vendorCode };
  const code = status === 401 || status === 403 ? undefined : sorting.exception(error, status);
  return code === undefined
    ? { outcome: 'fatal', message, ...vendorCode }
    : { outcome: 'business', code, message, ...vendorCode };
}

/** For a 2xx whose body does not say what the documentation promises: a write may well have been done. */
export function unreadable(write: boolean): Refusal {
  const message = 'the carrier answered 2xx with a body that does not follow its documentation';
  return write ? { outcome: 'unknown', message } : { outcome: 'fatal', message };
}

/** A look-up that failed is no `not found`: it is asked again before anything is sent. */
export function lookUpUnanswered(vendor: string, { status }: Pick<HttpResponse, 'status'>): RetryableError {
  return new RetryableError('LOOK_UP_UNANSWERED', `${vendor} answered HTTP ${status} to the look-up`, {
    hint: 'The look-up is tried again before anything is sent.',
  });
}
