/** Calls of the store's API: `X-Auth-Token`, errors as V2 states them, limits by header. */
import { type Refusal, refusalOf, unreadable, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { isBusy, reading } from '../kit/outbound';
import { type Json, object, text } from '../kit/text';
import { idOf, objects } from './orders';

export const rateLimitHeaders = [
  'x-rate-limit-requests-left',
  'x-rate-limit-requests-quota',
  'x-rate-limit-time-reset-ms',
  'x-rate-limit-time-window-ms',
] as const;

/** Under the current token, and under the one before it while tokens rotate: a 401 was not carried out. */
export async function sendBigcommerce(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = { accept: 'application/json', 'x-correlation-id': call.correlationId, ...request.headers };
  const [first = '', ...others] = call.secrets('accessToken');
  let response = await call.http({ ...request, headers: { ...headers, 'x-auth-token': first } });
  for (const token of others) {
    if (response.status !== 401) break;
    response = await call.http({ ...request, headers: { ...headers, 'x-auth-token': token } });
  }
  return response;
}

/** V2 answers `[{ status, message }]`, newer resources `{ status, title, ... }`. */
function errorOf(response: HttpResponse): VendorError | undefined {
  const body = response.json();
  const error = Array.isArray(body) ? object(body[0]) : object(body);
  const message = text(error?.message, 500) ?? text(error?.title, 500);
  return message === undefined ? undefined : { code: text(error?.status, 20), message };
}

/** Milliseconds until the quota is full again; a 429 says so in a header of its own. */
export function pauseOf(response: HttpResponse): number | undefined {
  const left = response.headers['x-rate-limit-time-reset-ms'];
  return left !== undefined && /^\d{1,9}$/.test(left) ? Number(left) : undefined;
}

export function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  const found = refusalOf(response, call, {
    write,
    error: errorOf(response),
    exception: (_error, status) => (status === 404 ? 'IDENTIFIER_UNRESOLVED' : undefined),
  });
  if (found?.outcome !== 'retryable' || !isBusy(response)) return found;
  const after = pauseOf(response);
  return after === undefined ? found : { ...found, retryAfterMs: after };
}

export type Found<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export async function readOne(call: CallContext, path: string): Promise<Found<Json>> {
  const response = await reading(() => sendBigcommerce(call, { method: 'GET', path }));
  const refused = refusal(response, call, false);
  if (refused !== undefined) return { ok: false, refusal: refused };
  const value = object(response.json());
  return value === undefined ? { ok: false, refusal: unreadable(false) } : { ok: true, value };
}

/** A list; V2 answers an empty one with 204. */
export async function readList(call: CallContext, path: string): Promise<Found<Json[]>> {
  const response = await reading(() => sendBigcommerce(call, { method: 'GET', path }));
  const refused = refusal(response, call, false);
  if (refused !== undefined) return { ok: false, refusal: refused };
  if (response.status === 204) return { ok: true, value: [] };
  const body = response.json();
  return Array.isArray(body) ? { ok: true, value: objects(body) } : { ok: false, refusal: unreadable(false) };
}

/** Orders are named by their id. */
export function orderPath(orderNumber: string): Found<string> {
  const id = idOf(orderNumber.replace(/^#/, ''));
  if (id !== undefined) return { ok: true, value: `/v2/orders/${id}` };
  const message = `${orderNumber} is no order id of BigCommerce`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}
