/** Calls of the Selling Partner API: Login with Amazon tokens, errors as Amazon states them, limits by header. */
import { type Refusal, refusalOf, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs, underToken } from '../kit/oauth';
import { type Json, list, object, text } from '../kit/text';

export const base = '/fba/outbound/2020-07-01';
export const rateLimitHeaders = ['x-amzn-ratelimit-limit'] as const;

/** https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api: a token by the seller's refresh token. */
function tokenRequests(call: CallContext): HttpRequest[] {
  const refresh = call.secrets('refreshToken');
  return credentialPairs(call, 'clientId', 'clientSecret').flatMap(([id, secret]) =>
    refresh.map((token) => ({
      method: 'POST' as const,
      endpoint: 'tokenEndpoint',
      path: '/auth/o2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: id,
        client_secret: secret,
      }).toString(),
    })),
  );
}

export async function sendAmazon(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = {
    accept: 'application/json',
    'user-agent': 'reroute (Language=JavaScript)',
    ...request.headers,
  };
  return underToken(call, tokenRequests(call), async (authorization) => {
    const token = authorization.replace(/^Bearer /, '');
    const response = await call.http({ ...request, headers: { ...headers, 'x-amz-access-token': token } });
    return expired(response) ? asUnauthorized(response) : response;
  });
}

/** An expired token is answered with 403 and the code `Unauthorized`, like a call that is not allowed; both are asked once more. */
const expired = (response: HttpResponse) =>
  response.status === 403 && amazonError(response)?.code === 'Unauthorized';

const asUnauthorized = (response: HttpResponse): HttpResponse => ({
  status: 401,
  headers: response.headers,
  body: response.body,
  text: () => response.text(),
  json: () => response.json(),
});

/** `{ "errors": [{ code, message, details }] }` */
export function amazonError(response: HttpResponse): VendorError | undefined {
  const errors = list(object(response.json())?.errors, 20).map((item) => object(item) ?? {});
  const [first] = errors;
  if (first === undefined) return undefined;
  const words = errors.flatMap((error) => [text(error.message, 300), text(error.details, 300)]);
  const message = words.filter((part) => part !== undefined).join('; ');
  return { code: text(first.code, 100), message: message || 'Amazon refused the call' };
}

/** A 404, or the code NotFound, is an order that Amazon does not know. */
export function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  const error = amazonError(response);
  const found = refusalOf(response, call, {
    write,
    error,
    exception: (stated, status) =>
      status === 404 || stated?.code === 'NotFound' ? 'IDENTIFIER_UNRESOLVED' : undefined,
  });
  if (found?.outcome !== 'retryable' || found.retryAfterMs !== undefined || response.status !== 429)
    return found;
  const after = pauseOf(response);
  return after === undefined ? found : { ...found, retryAfterMs: after };
}

/** `x-amzn-RateLimit-Limit` is calls a second: one more is allowed after its reciprocal. */
export function pauseOf(response: HttpResponse): number | undefined {
  const rate = Number(response.headers['x-amzn-ratelimit-limit']);
  return Number.isFinite(rate) && rate > 0 ? Math.ceil(1000 / rate) : undefined;
}

export const orderPath = (id: string) => `${base}/fulfillmentOrders/${encodeURIComponent(id)}`;
export const payloadOf = (response: HttpResponse): Json | undefined =>
  object(object(response.json())?.payload);
