/** Calls of the Table API: basic authentication or OAuth client credentials, errors as the instance states them. */
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { askDesk, type Told } from '../kit/desk';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs, underToken } from '../kit/oauth';
import { basic, needed, sendAuthorized } from '../kit/outbound';
import { type Json, object, objects, text } from '../kit/text';

/** `POST /oauth_token.do` of the instance with `grant_type=client_credentials`. */
function tokenRequests(call: CallContext): HttpRequest[] {
  return credentialPairs(call, 'clientId', 'clientSecret').map(([id, secret]) => ({
    method: 'POST',
    path: '/oauth_token.do',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    }).toString(),
  }));
}

function send(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = { ...request.headers, accept: 'application/json' };
  const tokens = tokenRequests(call);
  if (tokens.length > 0)
    return underToken(call, tokens, (authorization) =>
      call.http({ ...request, headers: { ...headers, authorization } }),
    );
  const authorizations = basic(text(call.settings.user, 100) ?? '', call.secrets('password'));
  return sendAuthorized(call, needed(authorizations, 'ServiceNow', 'password'), { ...request, headers });
}

/** `{ "error": { "message", "detail" }, "status": "failure" }`. */
function errorOf(response: HttpResponse): VendorError | undefined {
  const error = object(object(response.json())?.error);
  const message = text(error?.message, 500);
  const detail = text(error?.detail, 500);
  return message === undefined
    ? undefined
    : { message: detail === undefined ? message : `${message}: ${detail}` };
}

/** One record of a table. */
export function oneRecord<T>(
  call: CallContext,
  request: HttpRequest,
  value: (record: Json) => T | undefined,
) {
  return ask(call, request, ({ result }) => {
    const record = object(result);
    return record === undefined ? undefined : value(record);
  });
}

/** The records that a query of a table finds. */
export function records(call: CallContext, table: string, query: Readonly<Record<string, string>>) {
  const path = `/api/now/table/${table}?${new URLSearchParams(query)}`;
  return ask(call, { method: 'GET', path }, ({ result }) =>
    Array.isArray(result) ? objects(result, 100) : undefined,
  );
}

function ask<T>(
  call: CallContext,
  request: HttpRequest,
  value: (body: Json) => T | undefined,
): Promise<Told<T>> {
  return askDesk(call, {
    vendor: 'ServiceNow',
    write: request.method !== 'GET',
    send: () => send(call, request),
    error: errorOf,
    value: (response) => {
      const body = object(response.json());
      // A 2xx that holds an error is none.
      return body === undefined || body.error !== undefined ? undefined : value(body);
    },
  });
}
