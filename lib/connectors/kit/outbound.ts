/** What the outbound side of several connectors shares: bearer tokens that rotate, `Retry-After`, reads that never end as unknown. */
import { FatalError, RerouteError, RetryableError } from '../../model/errors';
import type { CallContext } from './connector';
import { HttpAmbiguousError, type HttpRequest, type HttpResponse } from './http';

/**
 * Sends a request under the first credential; a 401 tries the next one, so that a rotation loses nothing. A 401 was not carried out, so a second send is safe.
 * @param authorizations values of the `Authorization` header, the current one first; none sends without
 * @param header where the vendor wants the credential in a header of its own, e.g. `api-key`
 */
export async function sendAuthorized(
  call: CallContext,
  authorizations: readonly string[],
  request: HttpRequest,
  header = 'authorization',
): Promise<HttpResponse> {
  const headers = { ...request.headers, 'x-correlation-id': call.correlationId };
  const [first, ...others] = authorizations;
  if (first === undefined) return call.http({ ...request, headers });
  let response = await call.http({ ...request, headers: { ...headers, [header]: first } });
  for (const authorization of others) {
    if (response.status !== 401) break;
    response = await call.http({ ...request, headers: { ...headers, [header]: authorization } });
  }
  return response;
}

/** `Authorization` values for a bearer token held under a secret's name. */
export function bearer(call: CallContext, secret = 'token'): string[] {
  return call.secrets(secret).map((token) => `Bearer ${token}`);
}

/**
 * The credentials of a partner that takes no call without them.
 * @throws FatalError CREDENTIALS_MISSING, which names the secret to set
 */
export function needed<T>(credentials: readonly T[], vendor: string, secret: string): readonly T[] {
  if (credentials.length > 0) return credentials;
  throw new FatalError('CREDENTIALS_MISSING', `${vendor} takes no call without credentials`, {
    hint: `Set the partner's secret ${secret}.`,
  });
}

/** `Authorization` values for basic authentication: one user, every password that counts during a rotation. */
export function basic(user: string, passwords: readonly string[]): string[] {
  return passwords.map((password) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
}

/** A read changes nothing: when its answer is lost it is simply tried again. */
export async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof HttpAmbiguousError)) throw error;
    throw new RetryableError('HTTP_READ_UNANSWERED', error.message, {
      hint: 'Nothing was changed; it is tried again by itself.',
      cause: error,
    });
  }
}

/** A read back after a change that is done and answered: when it fails, only the confirmation is missing. */
export async function quietly<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RerouteError) return undefined;
    throw error;
  }
}

/** `Retry-After` (RFC 9110, 10.2.3), or `X-Retry-After` where a vendor writes it so, as milliseconds from `now`; undefined when it is absent or unreadable. */
export function retryAfterMs(response: HttpResponse, now: number): number | undefined {
  const value = response.headers['retry-after'] ?? response.headers['x-retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** True for 429 and 503: the partner says that it did not do the work. */
export function isBusy(response: HttpResponse): boolean {
  return response.status === 429 || response.status === 503;
}

/** The `retryable` outcome of a busy partner. */
export function busyOutcome(response: HttpResponse, now: number) {
  const after = retryAfterMs(response, now);
  return {
    outcome: 'retryable' as const,
    message: `the partner is busy (HTTP ${response.status})`,
    ...(after === undefined ? {} : { retryAfterMs: after }),
  };
}
