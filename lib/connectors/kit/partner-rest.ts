/** The client side of docs/partner-rest.md: one call, one answer checked by a schema, refusals sorted by their fate. */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import type { CallContext, OperationResult } from './connector';
import type { HttpRequest, HttpResponse } from './http';
import { bearer, busyOutcome, isBusy, reading, retryAfterMs, sendAuthorized } from './outbound';

export type Refusal = Exclude<OperationResult<never>, { outcome: 'ok' }>;
export type Answer<T> = { ok: true; status: number; value: T } | { ok: false; refusal: Refusal };

/** Problem codes of the page that are business exceptions; all others are configuration or contract faults. */
const businessCodes: Readonly<Record<string, ExceptionCode>> = {
  ITEM_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  ORDER_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  RESERVATION_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  RELEASE_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  BOOKING_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  SHIPMENT_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  TICKET_UNKNOWN: 'IDENTIFIER_UNRESOLVED',
  INSUFFICIENT_STOCK: 'INVENTORY_SHORT_PICK',
  RELEASE_BLOCKED: 'COMPLIANCE_BLOCK',
  NO_CAPACITY: 'CARRIER_REJECTED',
  CARRIER_REJECTED: 'CARRIER_REJECTED',
  ADDRESS_INVALID: 'ADDRESS_INVALID',
  COMPLIANCE_BLOCK: 'COMPLIANCE_BLOCK',
};

const problem = z.looseObject({
  code: z.string().optional(),
  detail: z.string().optional(),
  title: z.string().optional(),
});

/** Percent-encodes one path segment. */
export const segment = (value: string) => encodeURIComponent(value);

async function exchange(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  return sendAuthorized(call, bearer(call), {
    ...request,
    headers: { accept: 'application/json', ...request.headers },
  });
}

/** A read: no answer or a 5xx is retryable. */
export async function ask<T extends z.ZodType>(
  call: CallContext,
  path: string,
  schema: T,
): Promise<Answer<z.infer<T>>> {
  const response = await reading(() => exchange(call, { method: 'GET', path }));
  return answerOf(response, schema, false, call.now);
}

/** A write; `keyed` sends the effect's key. Time-outs pass through as `HttpAmbiguousError`, other 5xx are unknown. */
export async function tell<T extends z.ZodType>(
  call: CallContext,
  request: { method: 'POST' | 'PUT' | 'DELETE'; path: string; json?: unknown; keyed?: boolean },
  schema: T,
): Promise<Answer<z.infer<T>>> {
  const { keyed, ...rest } = request;
  const headers = keyed ? { 'idempotency-key': call.idempotencyKey } : {};
  return answerOf(await exchange(call, { ...rest, headers }), schema, true, call.now);
}

function answerOf<T extends z.ZodType>(
  response: HttpResponse,
  schema: T,
  write: boolean,
  now: number,
): Answer<z.infer<T>> {
  if (response.status < 200 || response.status >= 300)
    return { ok: false, refusal: refusalOf(response, write, now) };
  const parsed = schema.safeParse(response.json());
  if (parsed.success) return { ok: true, status: response.status, value: parsed.data };
  const message = `the partner answered ${response.status} with a body that does not follow docs/partner-rest.md`;
  // A write that was accepted but answered with something else may well have been done.
  return { ok: false, refusal: write ? { outcome: 'unknown', message } : { outcome: 'fatal', message } };
}

function refusalOf(response: HttpResponse, write: boolean, now: number): Refusal {
  if (isBusy(response)) return busyOutcome(response, now);
  const parsed = problem.safeParse(response.json());
  const code = parsed.success ? parsed.data.code : undefined;
  const detail = parsed.success ? (parsed.data.detail ?? parsed.data.title) : undefined;
  const message = detail ?? `the partner answered ${response.status}`;
  const vendorCode = code === undefined ? {} : { vendorCode: code };
  if (response.status >= 500 || response.status === 408) {
    return write ? { outcome: 'unknown', message } : { outcome: 'retryable', message, ...vendorCode };
  }
  if (code === 'IDEMPOTENCY_IN_FLIGHT') {
    return {
      outcome: 'retryable',
      message,
      retryAfterMs: retryAfterMs(response, now) ?? 1000,
      ...vendorCode,
    };
  }
  if (response.status === 401)
    return { outcome: 'fatal', message: 'the partner refused our token', ...vendorCode };
  const business = code === undefined ? undefined : businessCodes[code];
  if (business !== undefined) return { outcome: 'business', code: business, message, ...vendorCode };
  return { outcome: 'fatal', message, ...vendorCode };
}

/** For look-ups: `not found` is an answer, everything else that is not `ok` must not be taken for it. */
export function foundOrThrow<T>(answer: Answer<T>): T | undefined {
  if (answer.ok) return answer.value;
  const { refusal } = answer;
  if (refusal.outcome === 'business' && refusal.code === 'IDENTIFIER_UNRESOLVED') return undefined;
  if (refusal.outcome === 'fatal' || refusal.outcome === 'business') {
    throw new FatalError('LOOK_UP_REFUSED', refusal.message, {
      hint: 'Correct the partner settings, then replay.',
    });
  }
  throw new RetryableError('LOOK_UP_FAILED', refusal.message, {
    hint: 'The look-up is tried again by itself.',
  });
}

/** Quantities, money and times as the page writes them. */
export const restQuantity = z.object({
  value: z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .describe('Decimal number as text'),
  uom: z.string().min(2).max(3).describe('UNECE Rec 20 unit code'),
});
export const restMoney = z.object({
  amountMinor: z
    .string()
    .regex(/^-?\d+$/)
    .describe('Integer amount in minor units, as text'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('ISO 4217'),
});
export const restTime = z.iso.datetime({ offset: true });
/** A DELETE answers 204 without a body. */
export const noBody = z.unknown();
