/** The REST record service (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1540810168.html) under an access token. */
import { z } from 'zod';
import type { Read, Refusal } from '../kit/change';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { underToken } from '../kit/oauth';
import { busyOutcome, isBusy, reading } from '../kit/outbound';
import { signedAssertion } from './assertion';
import { settingsOf } from './manifest';

const tokenPath = '/services/rest/auth/oauth2/v1/token';
const records = '/services/rest/record/v1';

/** `1234567_SB1` is `1234567-sb1` in host names. */
const audienceOf = (accountId: string) =>
  `https://${accountId.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com${tokenPath}`;

/** One request for each certificate that may be in force: id and key rotate together. */
function tokenRequests(call: CallContext): HttpRequest[] {
  const { accountId, algorithm } = settingsOf(call.settings);
  const [clientId = ''] = call.secrets('clientId');
  const certificates = call.secrets('certificateId');
  return call.secrets('privateKey').flatMap((pem, at) => {
    const certificateId = certificates[at];
    if (certificateId === undefined) return [];
    const claims = { clientId, certificateId, audience: audienceOf(accountId), now: call.now };
    return [
      {
        method: 'POST' as const,
        path: tokenPath,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: signedAssertion(claims, pem, algorithm),
        }).toString(),
      },
    ];
  });
}

function send(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = { accept: 'application/json', 'x-correlation-id': call.correlationId, ...request.headers };
  return underToken(call, tokenRequests(call), (authorization) =>
    call.http({ ...request, path: records + request.path, headers: { ...headers, authorization } }),
  );
}

export async function get<T>(call: CallContext, path: string, schema: z.ZodType<T>): Promise<Read<T>> {
  const response = await reading(() => send(call, { method: 'GET', path }));
  if (response.status !== 200) return { ok: false, refusal: refusalOf(response, call, false) };
  const parsed = schema.safeParse(response.json());
  if (parsed.success) return { ok: true, state: parsed.data };
  const message = 'NetSuite answered with something that is no such record';
  return { ok: false, refusal: { outcome: 'fatal', message } };
}

/**
 * Changes a record; NetSuite answers 204 and has no conditional update. The idempotency header that it documents counts for asynchronous
 * requests only (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_164494900632.html), so a lost answer is looked up.
 */
export async function patch(call: CallContext, path: string, json: unknown): Promise<Refusal | undefined> {
  const response = await send(call, { method: 'PATCH', path, json });
  return response.status < 300 ? undefined : refusalOf(response, call, true);
}

const failure = z.looseObject({
  'o:errorDetails': z
    .array(z.looseObject({ detail: z.string().optional(), 'o:errorCode': z.string().optional() }))
    .min(1),
});

/** https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156570709583.html */
function refusalOf(response: HttpResponse, call: CallContext, write: boolean): Refusal {
  if (isBusy(response)) return busyOutcome(response, call.now);
  const { status } = response;
  const parsed = failure.safeParse(response.json());
  const [first] = parsed.success ? parsed.data['o:errorDetails'] : [];
  const message = first?.detail || `NetSuite answered HTTP ${status}`;
  const vendorCode = first?.['o:errorCode'] ? { vendorCode: first['o:errorCode'] } : {};
  if (status >= 500 || status === 408)
    return write ? { outcome: 'unknown', message } : { outcome: 'retryable', message, ...vendorCode };
  if (status === 404) return { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message, ...vendorCode };
  return { outcome: 'fatal', message, ...vendorCode };
}
