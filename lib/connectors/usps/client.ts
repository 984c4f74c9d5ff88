/** Calls of the USPS APIs v3: a shared token, a payment authorization for labels, errors as USPS states them. */
import { FatalError } from '../../model/errors';
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs, underToken } from '../kit/oauth';
import { reading } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';

/** https://developers.usps.com/getting-started: client credentials, as JSON. */
function tokenRequests(call: CallContext): HttpRequest[] {
  return credentialPairs(call, 'clientId', 'clientSecret').map(([id, secret]) => ({
    method: 'POST',
    path: '/oauth2/v3/token',
    json: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
  }));
}

export async function sendUsps(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  return underToken(call, tokenRequests(call), (authorization) =>
    call.http({ ...request, headers: { ...request.headers, authorization } }),
  );
}

/** The first error of `error.errors`, or the error above it. */
export function uspsError(response: HttpResponse): VendorError | undefined {
  const error = object(object(response.json())?.error);
  if (error === undefined) return undefined;
  const first = object(list(error.errors)[0]);
  const message = text(first?.detail, 1000) ?? text(error.message, 1000) ?? 'USPS refused the call';
  return { code: text(first?.code, 100) ?? text(error.code, 100), message };
}

/** Payments v3: a payment authorization is good for eight hours. */
const paymentMs = 8 * 3_600_000;
const paymentName = 'payment';

/** The roles of a label that its owner pays; undefined while the settings lack one of them. */
function roles({ settings }: CallContext): Json[] | undefined {
  const { crid, mid, accountNumber, permitZip } = settings;
  if (crid === undefined || mid === undefined || accountNumber === undefined) return undefined;
  const owner = { CRID: crid, MID: mid, manifestMID: settings.manifestMid ?? mid };
  const account =
    settings.accountType === 'PERMIT'
      ? { accountType: 'PERMIT', permitNumber: accountNumber, permitZIP: permitZip }
      : { accountType: 'EPS', accountNumber };
  return [
    { roleName: 'PAYER', ...owner, ...account },
    { roleName: 'LABEL_OWNER', ...owner },
  ];
}

/** True when the partner's settings say who pays for labels. */
export const canPay = (call: CallContext) => roles(call) !== undefined;

export const payerMissing = {
  outcome: 'fatal' as const,
  message: 'set CRID, MID and account number in the partner: labels need them',
};

async function authorizePayment(call: CallContext): Promise<{ value: string; expiresInMs: number }> {
  const json = { roles: roles(call) };
  const response = await reading(() =>
    sendUsps(call, { method: 'POST', path: '/payments/v3/payment-authorization', json }),
  );
  const value = text(object(response.json())?.paymentAuthorizationToken, 10_000);
  if (response.status === 200 && value !== undefined) return { value, expiresInMs: paymentMs };
  throw new FatalError(
    'PAYMENT_REFUSED',
    `USPS answered HTTP ${response.status} to the payment authorization`,
    {
      hint: "Check CRID, MIDs and account of the partner's settings.",
    },
  );
}

/** Sends a request of the Labels API under a payment authorization; a 401 drops it and is tried once more: it was not carried out. */
export async function sendPaid(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const token = () => call.tokens.get(paymentName, () => authorizePayment(call));
  const send = (payment: string) =>
    sendUsps(call, {
      ...request,
      headers: { ...request.headers, 'X-Payment-Authorization-Token': payment },
    });
  const first = await token();
  const response = await send(first);
  if (response.status !== 401) return response;
  call.tokens.drop(paymentName, first);
  return send(await token());
}
