/** Calls of the ShipBob API: a bearer token, the channel as a header, validation errors as lists by property. */
import { type Refusal, refusalOf, unreadable, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { bearer, reading, sendAuthorized } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';

/** What is left of the limit, and how long to wait after a 429 (https://developer.shipbob.com/rate-limit). */
export const rateLimitHeaders = ['x-remaining-calls', 'x-retry-after'] as const;

/** A path below the version, e.g. `/order`. */
export const pathOf = (call: CallContext, path: string) =>
  `/${text(call.settings.apiVersion, 20) ?? '2026-01'}${path}`;

export async function sendShipbob(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const channel = text(call.settings.channelId, 20);
  const headers = {
    accept: 'application/json',
    ...(channel === undefined ? {} : { shipbob_channel_id: channel }),
    ...request.headers,
  };
  return sendAuthorized(call, bearer(call), { ...request, path: pathOf(call, request.path), headers });
}

/** `{ "Products[0].Quantity": ["..."] }`, or a problem document (RFC 9457). */
function errorOf(response: HttpResponse): VendorError | undefined {
  const body = object(response.json());
  if (body === undefined) return undefined;
  const stated = text(body.detail, 500) ?? text(body.title, 500) ?? text(body.message, 500);
  const words = Object.entries(body).flatMap(([name, value]) =>
    Array.isArray(value)
      ? list(value, 5).flatMap((item) => (typeof item === 'string' ? [`${name}: ${item}`] : []))
      : [],
  );
  const message = [stated, ...words]
    .filter((part) => part !== undefined)
    .join('; ')
    .slice(0, 1000);
  return message === '' ? undefined : { message };
}

export function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  return refusalOf(response, call, {
    write,
    error: errorOf(response),
    exception: (_error, status) => (status === 404 ? 'IDENTIFIER_UNRESOLVED' : undefined),
  });
}

export type Found<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export async function ask(call: CallContext, path: string): Promise<Found<unknown>> {
  const response = await reading(() => sendShipbob(call, { method: 'GET', path }));
  const refused = refusal(response, call, false);
  return refused === undefined ? { ok: true, value: response.json() } : { ok: false, refusal: refused };
}

/** A write that answers an object. */
export async function tell(call: CallContext, path: string, json?: unknown): Promise<Found<Json>> {
  const response = await sendShipbob(call, { method: 'POST', path, ...(json === undefined ? {} : { json }) });
  const refused = refusal(response, call, true);
  if (refused !== undefined) return { ok: false, refusal: refused };
  const value = object(response.json());
  return value === undefined ? { ok: false, refusal: unreadable(true) } : { ok: true, value };
}
