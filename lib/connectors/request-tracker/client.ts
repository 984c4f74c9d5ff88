/** Calls of RT's REST 2: a token of its own scheme, errors as `{ "message": ... }`. */
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { askDesk } from '../kit/desk';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { needed, sendAuthorized } from '../kit/outbound';
import { object, text } from '../kit/text';

/** RT::REST2, "Token Auth": `Authorization: token ...`. */
function send(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const authorizations = call.secrets('token').map((token) => `token ${token}`);
  const headers = { ...request.headers, accept: 'application/json' };
  return sendAuthorized(call, needed(authorizations, 'Request Tracker', 'token'), { ...request, headers });
}

function errorOf(response: HttpResponse): VendorError | undefined {
  const message = text(object(response.json())?.message, 500);
  return message === undefined ? undefined : { message };
}

export function askRt<T>(call: CallContext, request: HttpRequest, value: (body: unknown) => T | undefined) {
  return askDesk(call, {
    vendor: 'Request Tracker',
    write: request.method !== 'GET',
    send: () => send(call, request),
    error: errorOf,
    value: (response) => value(response.json()),
  });
}
