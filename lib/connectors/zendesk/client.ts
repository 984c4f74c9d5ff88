/** Calls of the Ticketing API: API token or OAuth token, errors as Zendesk states them. */
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { askDesk, type Told } from '../kit/desk';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { basic, bearer, needed, sendAuthorized } from '../kit/outbound';
import { type Json, object, text } from '../kit/text';

/** https://developer.zendesk.com/api-reference/introduction/security-and-auth/ */
function send(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const tokens = bearer(call, 'accessToken');
  const user = `${text(call.settings.email, 320) ?? ''}/token`;
  const authorizations = tokens.length > 0 ? tokens : basic(user, call.secrets('apiToken'));
  return sendAuthorized(call, needed(authorizations, 'Zendesk', 'apiToken'), request);
}

/** `{ "error": "RecordInvalid", "description": "..." }`, or an object with title and message under `error`. */
function errorOf(response: HttpResponse): VendorError | undefined {
  const body = object(response.json());
  const error = object(body?.error);
  const code = text(body?.error, 200) ?? text(error?.title, 200);
  const message = text(body?.description, 500) ?? text(error?.message, 500) ?? code;
  return message === undefined ? undefined : { code, message };
}

/** One call; a 409 is an update that met another one, and is sent again. */
export async function askZendesk<T>(
  call: CallContext,
  request: HttpRequest,
  value: (body: Json) => T | undefined,
): Promise<Told<T>> {
  const told = await askDesk(call, {
    vendor: 'Zendesk',
    write: request.method !== 'GET',
    send: () => send(call, request),
    error: (response) => errorOf(response) ?? undefined,
    value: (response) => {
      const body = object(response.json());
      return body === undefined ? undefined : value(body);
    },
  });
  if (told.ok || told.refusal.outcome !== 'fatal' || told.refusal.vendorCode !== 'UpdateConflict')
    return told;
  return { ok: false, refusal: { ...told.refusal, outcome: 'retryable' } };
}
