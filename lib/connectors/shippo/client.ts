/** Calls of the Shippo API: token and version in headers, errors as its endpoints state them. */
import { FatalError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import type { PostalAddress } from '../kit/address';
import { lookUpUnanswered, type Refusal, refusalOf, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { reading, sendAuthorized } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, list, object, objects, text } from '../kit/text';
import { manifest } from './manifest';

/** https://docs.goshippo.com/api-reference: `Authorization: ShippoToken ...`, the version in `SHIPPO-API-VERSION`. */
export async function sendShippo(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const tokens = call.secrets('apiToken');
  if (tokens.length === 0)
    throw new FatalError('CREDENTIALS_MISSING', 'the Shippo API token is not configured', {
      hint: "Set the partner's secret apiToken.",
    });
  const headers = { ...request.headers, 'shippo-api-version': manifest.apiVersion };
  return sendAuthorized(
    call,
    tokens.map((token) => `ShippoToken ${token}`),
    { ...request, headers },
  );
}

/** Errors are a `detail`, or sentences by the field they are about; the first field is the code. */
export function shippoError(response: HttpResponse): VendorError | undefined {
  const body = object(response.json());
  if (body === undefined) return undefined;
  const detail = text(body.detail, 500);
  if (detail !== undefined) return { message: detail };
  const fields = Object.keys(body).slice(0, 10);
  const words = fields.flatMap((field) => list(body[field], 5).flatMap((item) => text(item, 300) ?? []));
  const message = words.join('; ') || `refused because of ${fields.join(', ') || 'nothing it names'}`;
  return present({ code: fields[0], message });
}

export function labelException(error: VendorError | undefined): ExceptionCode {
  return error?.code?.startsWith('address_') ? 'ADDRESS_INVALID' : 'LABEL_GENERATION_FAILED';
}

export function refusal(
  response: HttpResponse,
  call: CallContext,
  write: boolean,
  exception: (error: VendorError | undefined) => ExceptionCode | undefined,
): Refusal | undefined {
  return refusalOf(response, call, { write, error: shippoError(response), exception });
}

/** Sentences of an object's `messages`, which are objects in most places and plain text in some. */
export function messagesOf(body: Json | undefined): string {
  const words = list(body?.messages, 20).flatMap(
    (item) => text(item, 300) ?? text(object(item)?.text, 300) ?? [],
  );
  return words.join('; ');
}

/** The first code among an object's messages. */
export function codeIn(body: Json | undefined): { vendorCode?: string } {
  return present({
    vendorCode: objects(body?.messages, 20).flatMap((item) => text(item.code, 100) ?? [])[0],
  });
}

/** GET of a page or an object during a look-up. @throws LOOK_UP_UNANSWERED when it is no 200 */
export async function lookUpShippo(call: CallContext, path: string): Promise<Json> {
  const response = await reading(() => sendShippo(call, { method: 'GET', path }));
  const found = response.status === 200 ? object(response.json()) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('Shippo', response);
}

export function addressOf(address: PostalAddress): Json {
  const [street1, street2, street3] = address.lines;
  const { name, company, city, region, postalCode, country, phone, email } = address;
  return present({
    name: name ?? company,
    company,
    street1,
    street2,
    street3,
    city,
    state: region,
    zip: postalCode,
    country,
    phone,
    email,
  });
}
