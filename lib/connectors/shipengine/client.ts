/** Calls of the ShipEngine API: the key in a header of its own, errors as its description states them (openapi.yaml, error_response_body). */
import { FatalError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import type { PostalAddress } from '../kit/address';
import { type Refusal, refusalOf, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { sendAuthorized } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, object, objects, text } from '../kit/text';
import { codes } from './tracking';

export async function sendShipengine(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const keys = call.secrets('apiKey');
  if (keys.length === 0)
    throw new FatalError('CREDENTIALS_MISSING', 'the ShipEngine API key is not configured', {
      hint: "Set the partner's secret apiKey.",
    });
  return sendAuthorized(call, keys, request, 'api-key');
}

/** The errors of an answer, in one. `schedule_pickup` and others may hold them in a 2xx too. */
export function shipengineError(response: HttpResponse): VendorError | undefined {
  const errors = objects(object(response.json())?.errors, 50);
  if (errors.length === 0) return undefined;
  const messages = errors.flatMap((error) => text(error.message, 300) ?? []);
  const aboutAddress = errors.some((error) => /address|postal_code/.test(text(error.field_name, 200) ?? ''));
  const code = aboutAddress ? 'invalid_address' : text(errors[0]?.error_code, 100);
  return { code, message: messages.join('; ') || 'ShipEngine refused the call' };
}

/** By the code table; a code that it does not know is about the label. */
export function labelException(error: VendorError | undefined): ExceptionCode | undefined {
  const meaning = codes.meaning('error', error?.code ?? 'unspecified');
  return meaning.mapped ? meaning.exception : 'LABEL_GENERATION_FAILED';
}

/** What refuses a void or a pickup is the carrier, but for faults of the account or the request. */
export function carrierException(error: VendorError | undefined): ExceptionCode | undefined {
  return labelException(error) === undefined ? undefined : 'CARRIER_REJECTED';
}

export function refusal(
  response: HttpResponse,
  call: CallContext,
  write: boolean,
  exception: typeof labelException,
): Refusal | undefined {
  return refusalOf(response, call, { write, error: shipengineError(response), exception });
}

/** openapi.yaml, partial_address. */
export function addressOf(address: PostalAddress): Json {
  const [line1, line2, line3] = address.lines;
  return present({
    name: address.name ?? address.company,
    company_name: address.company,
    phone: address.phone,
    email: address.email,
    address_line1: line1,
    address_line2: line2,
    address_line3: line3,
    city_locality: address.city,
    state_province: address.region,
    postal_code: address.postalCode,
    country_code: address.country,
  });
}

/** What openapi.yaml requires of the addresses of a shipment; a sentence when something is missing. */
export function missingIn(address: PostalAddress): string | undefined {
  const { name, company, region, postalCode } = address;
  if ((name ?? company) === undefined) return 'ShipEngine needs a name or a company in both addresses';
  if (region === undefined || postalCode === undefined)
    return 'ShipEngine needs a state or province and a postal code in both addresses';
  return undefined;
}
