/** Calls of the MyDHL API: basic authentication, the version header, problems as DHL states them. */
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs } from '../kit/oauth';
import { sendAuthorized } from '../kit/outbound';
import { object, text } from '../kit/text';

/** `x-version`: the interface version; `Message-Reference`: our name for the call, 36 characters at most. */
export async function sendDhl(
  call: CallContext,
  { query, ...request }: HttpRequest & { query?: Readonly<Record<string, string>> },
): Promise<HttpResponse> {
  const authorizations = credentialPairs(call, 'apiKey', 'apiSecret').map(
    ([key, secret]) => `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
  );
  return sendAuthorized(call, authorizations, {
    ...request,
    path: query === undefined ? request.path : `${request.path}?${queryText(query)}`,
    headers: {
      ...request.headers,
      'x-version': '3.1.0',
      'Message-Reference': call.correlationId.slice(0, 36),
    },
  });
}

function queryText(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** `detail` begins with the code where there is one: `8003: Account not allowed for this service.` */
export function dhlError(response: HttpResponse): VendorError | undefined {
  const problem = object(response.json());
  const detail = text(problem?.detail, 1000) ?? text(problem?.title, 1000) ?? text(problem?.message, 1000);
  if (detail === undefined) return undefined;
  const [, code, message] = /^(\d{3,6}):\s*(.*)$/s.exec(detail) ?? [];
  return code === undefined ? { message: detail } : { code, message: message || detail };
}

export const accountOf = (call: CallContext) => text(call.settings.accountNumber, 12);

export const accountMissing = {
  outcome: 'fatal' as const,
  message: 'set the account number in the partner: labels and pickups need it',
};

/** `2026-03-02T14:00:00 GMT-05:00`, as DHL writes times with their zone. */
export function dhlTime(rfc3339: string): string {
  const offset = /[+-]\d{2}:\d{2}$/.exec(rfc3339)?.[0] ?? '+00:00';
  return `${rfc3339.slice(0, 16)}:00 GMT${offset}`;
}
