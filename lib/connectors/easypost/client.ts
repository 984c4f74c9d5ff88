/** Calls of the EasyPost API: the API key as the user of basic authentication, errors as EasyPost states them. */

import { FatalError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import type { PostalAddress } from '../kit/address';
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { sendAuthorized } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';

/** https://docs.easypost.com/docs/authentication */
export async function sendEasypost(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const keys = call.secrets('apiKey');
  if (keys.length === 0)
    throw new FatalError('CREDENTIALS_MISSING', 'the EasyPost API key is not configured', {
      hint: "Set the partner's secret apiKey.",
    });
  const authorizations = keys.map((key) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`);
  return sendAuthorized(call, authorizations, request);
}

export function easypostError(response: HttpResponse): VendorError | undefined {
  const error = object(object(response.json())?.error);
  if (error === undefined) return undefined;
  const details = list(error.errors).map((item) => text(item, 300) ?? text(object(item)?.message, 300));
  const parts = [text(error.message, 500), ...details].filter((words) => words !== undefined);
  return { code: text(error.code, 200), message: parts.join('; ') || 'EasyPost refused the call' };
}

/** ADDRESS.* is about the address; everything else that refuses a shipment means that there is no label. */
export function labelException(error: VendorError | undefined): ExceptionCode {
  return error?.code?.startsWith('ADDRESS.') ? 'ADDRESS_INVALID' : 'LABEL_GENERATION_FAILED';
}

/** What refuses a pickup is the carrier, but for an address that is wrong. */
export function pickupException(error: VendorError | undefined): ExceptionCode {
  return error?.code?.startsWith('ADDRESS.') ? 'ADDRESS_INVALID' : 'CARRIER_REJECTED';
}

export function addressOf({
  name,
  company,
  lines,
  city,
  region,
  postalCode,
  country,
  phone,
  email,
}: PostalAddress): Json {
  return {
    name,
    company,
    street1: lines[0],
    street2: lines.slice(1).join(', ') || undefined,
    city,
    state: region,
    zip: postalCode,
    country,
    phone,
    email,
  };
}
