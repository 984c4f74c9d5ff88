/** Calls of the Canada Post web services (REST): basic authentication, a media type a service, errors as `messages`. */
import { FatalError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import { type Refusal, refusalOf, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { credentialPairs } from '../kit/oauth';
import { sendAuthorized } from '../kit/outbound';
import { type Json, object, objects, text } from '../kit/text';
import { readXml } from './read-xml';

export const mediaTypes = {
  track: 'application/vnd.cpc.track-v2+xml',
  shipment: 'application/vnd.cpc.shipment-v8+xml',
  pickup: 'application/vnd.cpc.pickuprequest+xml',
} as const;

/** A call for everything that is accepted is refused: each names its media type. */
export async function sendCanadaPost(
  call: CallContext,
  accept: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  const authorizations = credentialPairs(call, 'username', 'password').map(
    (pair) => `Basic ${Buffer.from(pair.join(':')).toString('base64')}`,
  );
  const contentType = request.body === undefined ? {} : { 'content-type': accept };
  return sendAuthorized(call, authorizations, {
    ...request,
    headers: { accept, 'accept-language': 'en-CA', ...contentType },
  });
}

/** @throws FatalError SETTING_MISSING */
export function customerOf(call: CallContext): { mailedBy: string; onBehalfOf: string } {
  const mailedBy = text(call.settings.customerNumber, 10);
  if (mailedBy === undefined)
    throw new FatalError('SETTING_MISSING', 'the customer number of Canada Post is not set', {
      hint: "Set the partner's setting customerNumber.",
    });
  return { mailedBy, onBehalfOf: text(call.settings.onBehalfOf, 10) ?? mailedBy };
}

/** The element that an answer consists of, when it is a document with that root. */
export function answerOf(response: HttpResponse, root: string): Json | undefined {
  const parsed = readXml(response.body, { attributes: true });
  const document = parsed.ok ? object(parsed.value) : undefined;
  if (document === undefined || !Object.hasOwn(document, root)) return undefined;
  // An element without content is an empty text.
  return object(document[root]) ?? {};
}

/** The first of the `messages`. */
export function errorOf(messages: Json | undefined): VendorError | undefined {
  const message = objects(messages?.message, 20)[0];
  const code = text(message?.code, 100);
  const description = text(message?.description, 1000);
  return code === undefined && description === undefined
    ? undefined
    : { code, message: description ?? `refused with ${code}` };
}

/** `Rejected by SLM Monitor`: the API key has used up its calls and is blocked for up to a minute. */
const throttled = 'Server';

export function refusal(
  response: HttpResponse,
  call: CallContext,
  write: boolean,
  exception: ExceptionCode | undefined,
): Refusal | undefined {
  const error = errorOf(answerOf(response, 'messages'));
  if (error?.code === throttled && response.status >= 400)
    return { outcome: 'retryable', message: error.message, vendorCode: throttled, retryAfterMs: 60_000 };
  return refusalOf(response, call, { write, error, exception: () => exception });
}
