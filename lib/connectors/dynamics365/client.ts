/**
 * OData v4 of Dynamics 365 Finance and Supply Chain Management
 * (https://learn.microsoft.com/en-us/dynamics365/fin-ops-core/dev-itpro/data-entities/odata): `/data/<entity>`, `cross-company=true` for any
 * legal entity but the user's own, `If-Match` with the record's ETag, 429 with `Retry-After` when the environment protects itself
 * (https://learn.microsoft.com/en-us/dynamics365/fin-ops-core/dev-itpro/data-entities/service-protection-apis).
 */
import { z } from 'zod';
import type { Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs, underToken } from '../kit/oauth';
import { busyOutcome, isBusy, reading } from '../kit/outbound';
import { settingsOf } from './manifest';

/** Client credentials of the Microsoft identity platform (v2.0); the scope is everything the application was given in the environment. */
function tokenRequests(call: CallContext): HttpRequest[] {
  const { tenant, environmentUrl } = settingsOf(call.settings);
  return credentialPairs(call, 'clientId', 'clientSecret').map(([id, secret]) => ({
    method: 'POST',
    endpoint: 'tokenEndpoint',
    path: `/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      scope: `${environmentUrl.replace(/\/+$/, '')}/.default`,
    }).toString(),
  }));
}

export function sendD365(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = { accept: 'application/json', 'x-correlation-id': call.correlationId, ...request.headers };
  const send = (authorization: string) => call.http({ ...request, headers: { ...headers, authorization } });
  const ask = () => underToken(call, tokenRequests(call), send);
  return request.method === 'GET' ? reading(ask) : ask();
}

/** A key or literal: quotes doubled, percent-encoded. */
export const quoted = (text: string) => `'${encodeURIComponent(text.replaceAll("'", "''"))}'`;

const odataError = z.looseObject({
  error: z.looseObject({
    code: z.string().optional(),
    message: z.string().optional(),
    innererror: z.looseObject({ message: z.string().optional() }).optional(),
  }),
});

/** The environment says "An error has occurred." in front and the reason in `innererror`. */
export function refusalOf(response: HttpResponse, call: CallContext, write: boolean): Refusal {
  if (isBusy(response)) return busyOutcome(response, call.now);
  const { status } = response;
  const parsed = odataError.safeParse(response.json());
  const error = parsed.success ? parsed.data.error : {};
  const message = error.innererror?.message || error.message || `Dynamics 365 answered HTTP ${status}`;
  const vendorCode = error.code ? { vendorCode: error.code } : {};
  if (status >= 500 || status === 408)
    return write ? { outcome: 'unknown', message } : { outcome: 'retryable', message, ...vendorCode };
  if (status === 404) return { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message, ...vendorCode };
  if (status === 409 || status === 412) return { outcome: 'retryable', message, ...vendorCode };
  return { outcome: 'fatal', message, ...vendorCode };
}
