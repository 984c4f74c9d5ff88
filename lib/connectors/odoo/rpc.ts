/**
 * One call of a method of an Odoo model. JSON-RPC: `POST /jsonrpc`, service `object`, `execute_kw`; errors come with HTTP 200 as `error.data`
 * (https://www.odoo.com/documentation/18.0/developer/reference/external_api.html). JSON-2: `POST /json/2/<model>/<method>` under an API key;
 * errors come as 4xx and 5xx (https://www.odoo.com/documentation/19.0/developer/reference/external_api.html). Each call is one database
 * transaction, which an error discards.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { credentialPairs } from '../kit/oauth';
import { busyOutcome, isBusy, reading, sendAuthorized } from '../kit/outbound';
import { settingsOf } from './manifest';

/** `body` is the answer as Odoo sent it. */
export type Answer<T> = { ok: true; value: T; body: Uint8Array } | { ok: false; refusal: Refusal };

export interface Method {
  model: string;
  method: string;
  /** Records that the method acts on. */
  ids?: readonly number[];
  /** Parameters by name. */
  args?: Readonly<Record<string, unknown>>;
  /** A write that was perhaps carried out is unknown; a read is simply repeated. */
  write?: boolean;
}

/** What an error of Odoo says: JSON-RPC nests it in `error.data`, JSON-2 sends it bare. */
const fault = z.looseObject({ name: z.string(), message: z.string().nullish() });
const rpcError = z.looseObject({ error: z.looseObject({ data: fault.optional() }) });
const rpcResult = z.looseObject({ result: z.unknown() });
const login = z.object({ uid: z.int().positive(), key: z.string(), user: z.string() });

/** Calls a method and checks its result against the schema. */
export async function odoo<T>(call: CallContext, method: Method, schema: z.ZodType<T>): Promise<Answer<T>> {
  const json2 = settingsOf(call.settings).protocol === 'json2';
  const ask = () => (json2 ? askJson2(call, method) : askRpc(call, method));
  const response = await (method.write ? ask() : reading(ask));
  const told = json2 ? readJson2(response) : readRpc(response);
  if ('fault' in told) return { ok: false, refusal: refusalOf(response, told.fault, method, call.now) };
  const value = schema.safeParse(told.result);
  if (value.success) return { ok: true, value: value.data, body: response.body };
  const message = `Odoo answered ${method.model}.${method.method} with something that does not belong there`;
  return { ok: false, refusal: undecided(message, method) };
}

type Told = { result: unknown } | { fault: z.infer<typeof fault> | undefined };

function readRpc(response: HttpResponse): Told {
  const payload = response.json();
  const failed = rpcError.safeParse(payload);
  if (failed.success) return { fault: failed.data.error.data };
  const answered = rpcResult.safeParse(payload);
  return response.status === 200 && answered.success
    ? { result: answered.data.result }
    : { fault: undefined };
}

function readJson2(response: HttpResponse): Told {
  if (response.status === 200) return { result: response.json() };
  const failed = fault.safeParse(response.json());
  return { fault: failed.success ? failed.data : undefined };
}

function askJson2(call: CallContext, { model, method, ids, args }: Method): Promise<HttpResponse> {
  const keys = call.secrets('apiKey').map((key) => `bearer ${key}`);
  return sendAuthorized(call, keys, {
    method: 'POST',
    path: `/json/2/${model}/${method}`,
    headers: { 'x-odoo-database': settingsOf(call.settings).database },
    json: { ...(ids === undefined ? {} : { ids }), ...args },
  });
}

function post(call: CallContext, service: string, method: string, args: readonly unknown[]) {
  return call.http({
    method: 'POST',
    path: '/jsonrpc',
    headers: { 'x-correlation-id': call.correlationId },
    json: { jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } },
  });
}

async function askRpc(call: CallContext, wanted: Method): Promise<HttpResponse> {
  const kept = await call.tokens.get('login', () => signOn(call));
  const response = await execute(call, kept, wanted);
  const told = readRpc(response);
  // Access denied was not carried out: the key may have been exchanged since.
  if (!('fault' in told) || told.fault?.name !== 'odoo.exceptions.AccessDenied') return response;
  call.tokens.drop('login', kept);
  return execute(call, await call.tokens.get('login', () => signOn(call)), wanted);
}

function execute(call: CallContext, kept: string, { model, method, ids, args = {} }: Method) {
  const { uid, key } = login.parse(JSON.parse(kept));
  // `create` takes its records by position in all versions.
  const { vals_list: records, ...named } = args;
  const positional = [...(ids === undefined ? [] : [ids]), ...(records === undefined ? [] : [records])];
  const { database } = settingsOf(call.settings);
  return post(call, 'object', 'execute_kw', [database, uid, key, model, method, positional, named]);
}

/** The id of the user, which every call names beside the key; `false` when the credentials are wrong. */
async function signOn(call: CallContext) {
  const { database } = settingsOf(call.settings);
  for (const [user, key] of credentialPairs(call, 'username', 'apiKey')) {
    const response = await reading(() => post(call, 'common', 'authenticate', [database, user, key, {}]));
    const told = readRpc(response);
    if ('fault' in told) throw unavailable(response.status, told.fault?.name);
    if (typeof told.result === 'number') return { value: JSON.stringify({ uid: told.result, key, user }) };
  }
  throw new FatalError('CREDENTIALS_REFUSED', 'Odoo did not let this user in', {
    hint: "Check the partner's database, login and API key.",
  });
}

const unavailable = (status: number, name = 'no answer') =>
  new RetryableError('TOKEN_UNAVAILABLE', `Odoo answered HTTP ${status} (${name}) to the sign-on`, {
    hint: 'It is tried again by itself.',
  });

/** `odoo.exceptions.*` that speak to a person; their sentence is passed on. */
const spoken: readonly string[] = [
  'odoo.exceptions.UserError',
  'odoo.exceptions.ValidationError',
  'odoo.exceptions.RedirectWarning',
];

function refusalOf(
  response: HttpResponse,
  told: z.infer<typeof fault> | undefined,
  method: Method,
  now: number,
): Refusal {
  if (isBusy(response)) return busyOutcome(response, now);
  const what = `${method.model}.${method.method}`;
  const name = told?.name;
  const vendorCode = name === undefined ? {} : { vendorCode: name };
  if (name !== undefined && spoken.includes(name))
    return { outcome: 'fatal', message: told?.message || `Odoo refused ${what}`, ...vendorCode };
  if (name === 'odoo.exceptions.MissingError' || (name === undefined && response.status === 404)) {
    const message = `Odoo has no such record for ${what}`;
    return { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message, ...vendorCode };
  }
  if (name === 'odoo.exceptions.AccessError' || name === 'odoo.exceptions.AccessDenied')
    return { outcome: 'fatal', message: `Odoo does not let this user do ${what}`, ...vendorCode };
  if (response.status === 401 || response.status === 403)
    return { outcome: 'fatal', message: `Odoo refused the credentials for ${what}`, ...vendorCode };
  return undecided(`Odoo failed inside ${what} (HTTP ${response.status}, ${name ?? 'no reason'})`, method);
}

const undecided = (message: string, { write = false }: Method): Refusal =>
  write ? { outcome: 'unknown', message } : { outcome: 'retryable', message };
