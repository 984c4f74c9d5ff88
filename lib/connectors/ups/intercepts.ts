/** Calls of the Delivery Intercept API v2 (DeliveryIntercept.yaml): its own headers, and failures inside of a 2xx. */
import { type Refusal, refusalOf, unreadable } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { type Json, list, object, text } from '../kit/text';
import { sendUps, upsError } from './client';

/** `+` and 1 to 13 digits; a number without a country is taken for one of the country it stands in, where that is the United States. */
export function interceptPhone(phone: string | undefined, country = 'US'): string | undefined {
  const digits = phone?.replace(/\D/g, '') ?? '';
  if (digits === '') return undefined;
  if (phone?.trim().startsWith('+')) return digits.length <= 13 ? `+${digits}` : undefined;
  if (country !== 'US' || digits.length !== 10) return undefined;
  return `+1${digits}`;
}

/** Who asks: from the partner's settings. */
export function requesterOf(call: CallContext): Json | undefined {
  const name = text(call.settings.contactName, 30);
  const telephone = interceptPhone(text(call.settings.contactPhone, 30));
  return name === undefined || telephone === undefined ? undefined : { name, telephone };
}

export interface Intercepted {
  transactionId: string | undefined;
}

/** Sends one intercept; what UPS answers with `success: false` is a refusal, whatever its HTTP status. */
export async function sendIntercept(
  call: CallContext,
  path: string,
  trackingNumber: string,
  json: Json,
): Promise<{ refusal: Refusal } | Intercepted> {
  const response = await sendUps(call, {
    method: 'POST',
    path: `/api/deliveryintercept/v2/${path}/${encodeURIComponent(trackingNumber)}?loc=en_US`,
    headers: { platformType: 'XOLT', inquiryType: 'U', transId: call.idempotencyKey.slice(0, 14) },
    json,
  });
  const refusal = refusalOf(response, call, {
    write: true,
    error: upsError(response),
    exception: () => 'CARRIER_REJECTED',
  });
  if (refusal !== undefined) return { refusal };
  const answer = object(response.json());
  if (typeof answer?.success !== 'boolean') return { refusal: unreadable(true) };
  if (answer.success) return { transactionId: text(answer.transactionId, 100) };
  return { refusal: { outcome: 'business', code: 'CARRIER_REJECTED', ...faultOf(answer) } };
}

function faultOf(answer: Json): { message: string; vendorCode?: string } {
  const first = object(list(answer.errors)[0]);
  const code = text(first?.errorCode ?? first?.code, 20) ?? text(answer.statusCode, 20);
  const message =
    text(first?.errorMessage ?? first?.message, 500) ??
    text(answer.statusMsg, 500) ??
    'UPS refused the intercept';
  return { message, ...(code === undefined ? {} : { vendorCode: code }) };
}
