/** Calls of the FedEx REST APIs: a shared token, errors as FedEx states them. */

import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs, underToken } from '../kit/oauth';
import { list, object, text } from '../kit/text';

/** https://developer.fedex.com/api/en-us/catalog/authorization/v1/docs.html */
function tokenRequests(call: CallContext): HttpRequest[] {
  return credentialPairs(call, 'clientId', 'clientSecret').map(([id, secret]) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    });
    return {
      method: 'POST',
      path: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    };
  });
}

/** Sends one authorised request; the correlation id goes along as FedEx's customer transaction id. */
export async function sendFedex(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = {
    ...request.headers,
    'x-customer-transaction-id': call.correlationId,
    'x-locale': 'en_US',
  };
  return underToken(call, tokenRequests(call), (authorization) =>
    call.http({ ...request, headers: { ...headers, authorization } }),
  );
}

/** The first error of an answer's body. */
export function fedexError(response: HttpResponse): VendorError | undefined {
  const first = object(list(object(response.json())?.errors)[0]);
  if (first === undefined) return undefined;
  return { code: text(first.code, 200), message: text(first.message, 1000) ?? 'FedEx refused the call' };
}

/** The shipper's account; labels and pickups need it. */
export const accountOf = (call: CallContext) => text(call.settings.accountNumber, 20);

export const accountMissing = {
  outcome: 'fatal' as const,
  message: 'set the FedEx account number in the partner: labels and pickups need it',
};

/** Errors that no order and no address causes: the partner's settings are wrong. */
export const faultsOfSettings: ReadonlySet<string> = new Set([
  'ACCOUNTNUMBER.REGISTRATION.REQUIRED',
  'SHIPMENT.USER.UNAUTHORIZED',
  'UNAUTHORIZED.USAGE',
]);
