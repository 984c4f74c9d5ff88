/** Calls of the Sendcloud API: the pair of keys as basic authentication, errors as its two versions state them. */
import { FatalError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import { type Refusal, refusalOf, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs } from '../kit/oauth';
import { sendAuthorized } from '../kit/outbound';
import { present } from '../kit/present';
import { object, objects, text } from '../kit/text';

export async function sendSendcloud(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const pairs = credentialPairs(call, 'publicKey', 'secretKey');
  if (pairs.length === 0)
    throw new FatalError('CREDENTIALS_MISSING', 'the keys of Sendcloud are not configured', {
      hint: "Set the partner's secrets publicKey and secretKey.",
    });
  const authorizations = pairs.map((pair) => `Basic ${Buffer.from(pair.join(':')).toString('base64')}`);
  return sendAuthorized(call, authorizations, request);
}

/** v2 has `error`, v3 `errors`; a refused cancellation has a `message`. */
export function sendcloudError(response: HttpResponse): VendorError | undefined {
  const body = object(response.json());
  const error = object(body?.error) ?? objects(body?.errors, 20)[0] ?? body;
  const message = text(error?.message, 500) ?? text(error?.detail, 500) ?? text(error?.title, 500);
  return message === undefined ? undefined : present({ code: text(error?.code, 100), message });
}

export function refusal(
  response: HttpResponse,
  call: CallContext,
  write: boolean,
  exception: ExceptionCode | undefined,
): Refusal | undefined {
  const error = sendcloudError(response);
  return refusalOf(response, call, { write, error, exception: () => exception });
}
