/** Calls of the GraphQL Admin API: one path, one header, refusals that hide in answers of 200. */
import type { ExceptionCode } from '../../model/taxonomy';
import { type Refusal, refusalOf, unreadable } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { type GraphqlBody, graphqlBody } from '../kit/graphql';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { reading } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';

export type Answer = { ok: true; data: Json } | { ok: false; refusal: Refusal };

/** Sent under the current token, and under the one before it while tokens rotate: a 401 was not carried out. */
async function post(call: CallContext, query: string, variables: Json): Promise<HttpResponse> {
  const version = text(call.settings.apiVersion, 20) ?? '2026-07';
  const request: HttpRequest = {
    method: 'POST',
    path: `/admin/api/${version}/graphql.json`,
    json: { query, variables },
  };
  const [first = '', ...others] = call.secrets('accessToken');
  let response = await call.http({ ...request, headers: headersOf(call, first) });
  for (const token of others) {
    if (response.status !== 401) break;
    response = await call.http({ ...request, headers: headersOf(call, token) });
  }
  return response;
}

const headersOf = (call: CallContext, token: string) => ({
  accept: 'application/json',
  'x-shopify-access-token': token,
  'x-correlation-id': call.correlationId,
});

/** A query: a lost answer is asked for again. */
export async function ask(call: CallContext, query: string, variables: Json): Promise<Answer> {
  const response = await reading(() => post(call, query, variables));
  return answerOf(response, call, false);
}

/** What each code of a mutation's `userErrors` means; codes that are not listed are faults of the request. */
export type UserErrors = Readonly<Record<string, ExceptionCode>>;

/** A mutation: `field` is its payload, whose `userErrors` are refusals although the answer is a 200. */
export async function tell(
  call: CallContext,
  { query, variables, field, errors }: { query: string; variables: Json; field: string; errors?: UserErrors },
): Promise<Answer> {
  const answer = answerOf(await post(call, query, variables), call, true);
  if (!answer.ok) return answer;
  const payload = object(answer.data[field]);
  if (payload === undefined) return { ok: false, refusal: unreadable(true) };
  const refused = userError(payload);
  if (refused === undefined) return { ok: true, data: payload };
  const code = refused.code === undefined ? undefined : errors?.[refused.code];
  const vendorCode = refused.code === undefined ? {} : { vendorCode: refused.code };
  return {
    ok: false,
    refusal:
      code === undefined
        ? { outcome: 'fatal', message: refused.message, ...vendorCode }
        : { outcome: 'business', code, message: refused.message, ...vendorCode },
  };
}

function userError(payload: Json): { code: string | undefined; message: string } | undefined {
  const errors = list(payload.userErrors, 50).map((item) => object(item) ?? {});
  const [first] = errors;
  if (first === undefined) return undefined;
  const message = errors.flatMap((error) => text(error.message, 300) ?? []).join('; ');
  return { code: text(first.code, 100), message: message || 'Shopify refused the change' };
}

function answerOf(response: HttpResponse, call: CallContext, write: boolean): Answer {
  const body = graphqlBody(response);
  const [error] = body?.errors ?? [];
  const refusal = refusalOf(response, call, {
    write,
    error: error === undefined ? undefined : { code: error.code, message: error.message },
    exception: () => undefined,
  });
  if (refusal !== undefined) return { ok: false, refusal };
  if (body === undefined) return { ok: false, refusal: unreadable(write) };
  if (error !== undefined) return { ok: false, refusal: hidden(body, write) };
  return body.data === undefined ? { ok: false, refusal: unreadable(write) } : { ok: true, data: body.data };
}

/** https://shopify.dev/docs/api/admin-graphql, status and error codes: errors that come with a 200. */
function hidden(body: GraphqlBody, write: boolean): Refusal {
  const throttled = body.errors.find(({ code }) => code === 'THROTTLED');
  if (throttled !== undefined) {
    const after = restored(object(body.extensions?.cost));
    return {
      outcome: 'retryable',
      message: 'Shopify throttles this app',
      vendorCode: 'THROTTLED',
      ...(after === undefined ? {} : { retryAfterMs: after }),
    };
  }
  const [first] = body.errors;
  const message = first?.message ?? 'Shopify refused the call';
  const vendorCode = first?.code === undefined ? {} : { vendorCode: first.code };
  if (first?.code !== 'INTERNAL_SERVER_ERROR') return { outcome: 'fatal', message, ...vendorCode };
  return write ? { outcome: 'unknown', message } : { outcome: 'retryable', message, ...vendorCode };
}

/** Milliseconds until the bucket holds what the query asks for (https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits). */
function restored(cost: Json | undefined): number | undefined {
  const bucket = object(cost?.throttleStatus);
  const [asked, left, rate] = [cost?.requestedQueryCost, bucket?.currentlyAvailable, bucket?.restoreRate];
  if (typeof asked !== 'number' || typeof left !== 'number' || typeof rate !== 'number' || rate <= 0)
    return undefined;
  return Math.max(100, Math.ceil(((asked - left) / rate) * 1000));
}

/** The GraphQL Admin API states its limits in `extensions.cost`; a 429 carries `Retry-After`. */
export const rateLimitHeaders = ['retry-after'] as const;
