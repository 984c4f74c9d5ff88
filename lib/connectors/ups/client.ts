/** Calls of the UPS REST APIs: a shared token, the two transaction headers, errors as UPS states them. */
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs, underToken } from '../kit/oauth';
import { object, text } from '../kit/text';
import { readErrors } from './refusals';
import { errorsOf } from './track-json';

/** OAuthClientCredentials.yaml: `client_secret_basic`. */
function tokenRequests(call: CallContext): HttpRequest[] {
  return credentialPairs(call, 'clientId', 'clientSecret').map(([id, secret]) => {
    const basic = Buffer.from(`${id}:${secret}`).toString('base64');
    return {
      method: 'POST',
      path: '/security/v1/oauth/token',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    };
  });
}

/** Sends one authorised request. `transId` names the request, 32 characters at most. */
export async function sendUps(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const headers = {
    transId: call.correlationId.replace(/-/g, '').slice(0, 32),
    transactionSrc: text(call.settings.transactionSource, 512) ?? 'reroute',
    ...request.headers,
  };
  return underToken(call, tokenRequests(call), (authorization) =>
    call.http({ ...request, headers: { ...headers, authorization } }),
  );
}

/** The first error of an answer's body. */
export function upsError(response: HttpResponse): VendorError | undefined {
  return readErrors(errorsOf(object(response.json()) ?? {}))[0];
}

/** The shipper's account; labels and pickups need it. */
export const accountOf = (call: CallContext) => text(call.settings.shipperNumber, 6);

export const accountMissing = {
  outcome: 'fatal' as const,
  message: 'set the shipper number in the partner: labels and pickups need it',
};
