/** Calls of the public GraphQL API: tokens by refresh token, errors with codes in answers of 200, credits instead of rates. */
import { type Refusal, refusalOf, unreadable } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { type GraphqlError, graphqlBody } from '../kit/graphql';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { underToken } from '../kit/oauth';
import { reading } from '../kit/outbound';
import { type Json, object, text } from '../kit/text';

export type Answer = { ok: true; data: Json } | { ok: false; refusal: Refusal };

/** POST /auth/refresh (https://developer.shiphero.com/getting-started): an access token lives for weeks. */
const tokenRequests = (call: CallContext): HttpRequest[] =>
  call.secrets('refreshToken').map((token) => ({
    method: 'POST',
    path: '/auth/refresh',
    headers: { accept: 'application/json' },
    json: { refresh_token: token },
  }));

export async function postGraphql(call: CallContext, query: string, variables: Json): Promise<HttpResponse> {
  const request: HttpRequest = { method: 'POST', path: '/graphql', json: { query, variables } };
  return underToken(call, tokenRequests(call), (authorization) =>
    call.http({ ...request, headers: { accept: 'application/json', authorization } }),
  );
}

/** For 3PL accounts every input names the customer's account. */
export function withAccount(call: CallContext, data: Json): Json {
  const account = text(call.settings.customerAccountId, 100);
  return account === undefined ? data : { ...data, customer_account_id: account };
}

export async function ask(call: CallContext, query: string, variables: Json): Promise<Answer> {
  const response = await reading(() => postGraphql(call, query, variables));
  return answerOf(response, call, false);
}

/** A mutation: its payload stands under its name. */
export async function tell(
  call: CallContext,
  field: string,
  query: string,
  variables: Json,
): Promise<Answer> {
  const answer = answerOf(await postGraphql(call, query, variables), call, true);
  if (!answer.ok) return answer;
  const payload = object(answer.data[field]);
  return payload === undefined ? { ok: false, refusal: unreadable(true) } : { ok: true, data: payload };
}

function answerOf(response: HttpResponse, call: CallContext, write: boolean): Answer {
  const body = graphqlBody(response);
  const error = body?.errors.find(({ code }) => code === throttled) ?? body?.errors[0];
  const refused = refusalOf(response, call, {
    write,
    error: error === undefined ? undefined : { code: error.code, message: error.message },
    exception: () => undefined,
  });
  if (refused !== undefined) return { ok: false, refusal: refused };
  if (body === undefined) return { ok: false, refusal: unreadable(write) };
  if (error !== undefined) return { ok: false, refusal: hidden(error) };
  return body.data === undefined ? { ok: false, refusal: unreadable(write) } : { ok: true, data: body.data };
}

/** Not enough credits; the error says how long it takes to regain them. */
const throttled = '30';
/** Not found (https://developer.shiphero.com/troubleshooting/error-glossary). */
const notFound = '5';

function hidden(error: GraphqlError): Refusal {
  const { code, message } = error;
  const vendorCode = code === undefined ? {} : { vendorCode: code };
  if (code === throttled) {
    const after = creditsIn(error);
    return {
      outcome: 'retryable',
      message,
      ...vendorCode,
      ...(after === undefined ? {} : { retryAfterMs: after }),
    };
  }
  return code === notFound
    ? { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message, ...vendorCode }
    : { outcome: 'fatal', message, ...vendorCode };
}

/** `time_remaining` is `10 seconds`. */
function creditsIn({ whole }: GraphqlError): number | undefined {
  const seconds = /^(\d{1,6}) ?s/.exec(text(whole.time_remaining, 40) ?? '')?.[1];
  return seconds === undefined ? undefined : (Number(seconds) + 1) * 1000;
}

/** Milliseconds to wait when an answer, of whatever status, says that credits are used up. */
export function creditPause(response: HttpResponse): number | undefined {
  const error = graphqlBody(response)?.errors.find(({ code }) => code === throttled);
  return error === undefined ? undefined : (creditsIn(error) ?? 30_000);
}
