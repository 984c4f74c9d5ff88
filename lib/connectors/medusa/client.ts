/** Calls of the Admin API: a secret API key as basic authentication, errors as `{ type, code, message }`. */
import type { ExceptionCode } from '../../model/taxonomy';
import { type Refusal, refusalOf, unreadable, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { reading, sendAuthorized } from '../kit/outbound';
import { type Json, object, text } from '../kit/text';

/** https://docs.medusajs.com/api/admin#3-api-token: the key is the user name, there is no password. */
export async function sendMedusa(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const keys = call.secrets('apiKey').map((key) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`);
  return sendAuthorized(call, keys, {
    ...request,
    headers: { accept: 'application/json', ...request.headers },
  });
}

/** `code` where there is one, else `type` (MedusaError of @medusajs/utils). */
function errorOf(response: HttpResponse): VendorError | undefined {
  const body = object(response.json());
  const message = text(body?.message, 1000);
  return message === undefined
    ? undefined
    : { code: text(body?.code, 100) ?? text(body?.type, 100), message };
}

export type Meanings = Readonly<Record<string, ExceptionCode>>;

/** What every refusal means; an operation adds codes that mean something to it alone. */
const common: Meanings = {
  not_found: 'IDENTIFIER_UNRESOLVED',
  insufficient_inventory: 'INVENTORY_SHORT_PICK',
};

export function refusal(
  response: HttpResponse,
  call: CallContext,
  { write, meanings = {} }: { write: boolean; meanings?: Meanings },
): Refusal | undefined {
  return refusalOf(response, call, {
    write,
    error: errorOf(response),
    exception: (error, status) =>
      (error?.code === undefined ? undefined : (meanings[error.code] ?? common[error.code])) ??
      (status === 404 ? 'IDENTIFIER_UNRESOLVED' : undefined),
  });
}

export type Found<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** A read whose answer holds `field`. */
export async function ask(call: CallContext, path: string): Promise<Found<Json>> {
  const response = await reading(() => sendMedusa(call, { method: 'GET', path }));
  const refused = refusal(response, call, { write: false });
  if (refused !== undefined) return { ok: false, refusal: refused };
  const value = object(response.json());
  return value === undefined ? { ok: false, refusal: unreadable(false) } : { ok: true, value };
}

/** A write. */
export async function tell(
  call: CallContext,
  request: { method: 'POST' | 'DELETE'; path: string; json?: unknown },
  meanings?: Meanings,
): Promise<Found<Json>> {
  const response = await sendMedusa(call, request);
  const refused = refusal(response, call, { write: true, ...(meanings === undefined ? {} : { meanings }) });
  if (refused !== undefined) return { ok: false, refusal: refused };
  const value = object(response.json());
  return value === undefined ? { ok: false, refusal: unreadable(true) } : { ok: true, value };
}

export const unresolved = (message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message },
});

export const encoded = (value: string) => encodeURIComponent(value);
