/**
 * One call of Tryton's JSON-RPC (https://docs.tryton.org/projects/server/en/6.0/topics/rpc.html, trytond/protocols/jsonrpc.py and
 * dispatcher.py of 6.0): `POST /<database>/` with `{id, method, params}` under a session. Errors of the application come with HTTP 200
 * as `error: [kind, arguments]`; a call runs in one database transaction, which such an error rolls back. The last parameter is always
 * the context; `_timestamp` in it makes a write conditional on what was read.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { credentialPairs } from '../kit/oauth';
import { busyOutcome, isBusy, reading } from '../kit/outbound';
import { type AccessToken, underKept } from '../kit/tokens';
import { settingsOf } from './manifest';

/** `body` is the answer as Tryton sent it. */
export type Answer<T> =
  | { ok: true; value: T; body: Uint8Array }
  | { ok: false; refusal: Refusal; conflict: boolean };

export interface How {
  /** A write that was perhaps carried out is unknown; a read is simply repeated. */
  write: boolean;
  /** `_timestamp` of the records that are changed, by `model,id`. */
  timestamps?: Readonly<Record<string, string>>;
}

const loginAnswer = z.object({ result: z.tuple([z.int(), z.string().min(1)]) });
const preferencesAnswer = z.object({
  result: z.looseObject({ company: z.int().nullish(), employee: z.int().nullish() }),
});
const session = z.object({ authorization: z.string(), context: z.record(z.string(), z.unknown()) });

const body = (method: string, params: readonly unknown[]) => ({ id: 1, method, params });

function post(call: CallContext, json: object, authorization?: string): Promise<HttpResponse> {
  return call.http({
    method: 'POST',
    path: `/${settingsOf(call.settings).database}/`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-correlation-id': call.correlationId,
      ...(authorization === undefined ? {} : { authorization }),
    },
    json,
  });
}

/** Signs on with each credential in turn; the session and the user's context are kept together. */
async function signOn(call: CallContext): Promise<AccessToken> {
  const { language, companyId } = settingsOf(call.settings);
  for (const [user, password] of credentialPairs(call, 'username', 'password')) {
    const login = body('common.db.login', [user, { password }, language]);
    const response = await reading(() => post(call, login));
    if (isBusy(response) || response.status >= 500) throw unavailable(response.status);
    const answer = loginAnswer.safeParse(response.json());
    if (response.status !== 200 || !answer.success) continue;
    const [id, key] = answer.data.result;
    const authorization = `Session ${Buffer.from(`${user}:${id}:${key}`).toString('base64')}`;
    const asked = body('model.res.user.get_preferences', [true, {}]);
    const preferences = await reading(() => post(call, asked, authorization));
    const told = preferencesAnswer.safeParse(preferences.json());
    if (!told.success) throw unavailable(preferences.status);
    const { company, employee } = told.data.result;
    const context = { language, company: companyId ?? company ?? null, employee: employee ?? null };
    return { value: JSON.stringify({ authorization, context }) };
  }
  throw new FatalError('CREDENTIALS_REFUSED', 'Tryton did not let this user in', {
    hint: "Check the partner's database, user and password.",
  });
}

const unavailable = (status: number) =>
  new RetryableError('TOKEN_UNAVAILABLE', `Tryton answered HTTP ${status} to the sign-on`, {
    hint: 'It is tried again by itself.',
  });

/**
 * Calls a method, e.g. `model.sale.sale.read`.
 * @param params without the context, which is added
 * @param schema what the result must look like
 */
export async function rpc<T>(
  call: CallContext,
  method: string,
  params: readonly unknown[],
  schema: z.ZodType<T>,
  how: How = { write: false },
): Promise<Answer<T>> {
  const send = (kept: string) => {
    const { authorization, context } = session.parse(JSON.parse(kept));
    const timestamp = how.timestamps === undefined ? {} : { _timestamp: how.timestamps };
    return post(call, body(method, [...params, { ...context, ...timestamp }]), authorization);
  };
  const ask = () => underKept(call, 'session', () => signOn(call), send);
  const response = await (how.write ? ask() : reading(ask));
  return answerOf(response, method, schema, how, call.now);
}

const errorAnswer = z.looseObject({ error: z.array(z.unknown()).min(1) });
const resultAnswer = z.looseObject({ result: z.unknown() });

function answerOf<T>(
  response: HttpResponse,
  method: string,
  schema: z.ZodType<T>,
  how: How,
  now: number,
): Answer<T> {
  const no = (refusal: Refusal, conflict = false) => ({ ok: false, refusal, conflict }) as const;
  const { status } = response;
  if (isBusy(response)) return no(busyOutcome(response, now));
  if (status >= 500) return no(undecided(`Tryton answered HTTP ${status}`, how));
  if (status !== 200) return no({ outcome: 'fatal', message: `Tryton answered HTTP ${status} to ${method}` });
  const payload = response.json();
  const failed = errorAnswer.safeParse(payload);
  if (failed.success) return errorOf(failed.data.error, method, how);
  const answered = resultAnswer.safeParse(payload);
  const value = answered.success ? schema.safeParse(answered.data.result) : undefined;
  if (value?.success) return { ok: true, value: value.data, body: response.body };
  return no(undecided(`Tryton answered ${method} with something that does not belong there`, how));
}

const undecided = (message: string, { write }: How): Refusal =>
  write ? { outcome: 'unknown', message } : { outcome: 'retryable', message };

const told = z.tuple([z.string()], z.unknown());

/** `UserError` and `UserWarning` carry a sentence for a person; anything else is a fault of the server, whose trace stays there. */
function errorOf(error: readonly unknown[], method: string, how: How): Answer<never> {
  const [kind, details] = error;
  const no = (refusal: Refusal, conflict = false) => ({ ok: false, refusal, conflict }) as const;
  if (kind === 'ConcurrencyException') {
    const message = 'the record was changed in Tryton since it was read';
    return no({ outcome: 'retryable', message, vendorCode: kind }, true);
  }
  if (kind === 'UserError' || kind === 'UserWarning') {
    const sentence = told.safeParse(
      kind === 'UserWarning' && Array.isArray(details) ? details.slice(1) : details,
    );
    const message = sentence.success ? sentence.data[0] : `Tryton refused ${method}`;
    return no({ outcome: 'fatal', message, vendorCode: kind });
  }
  return no(undecided(`Tryton failed inside ${method}`, how));
}
