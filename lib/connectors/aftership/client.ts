/** Calls of the AfterShip Tracking API: the key in a header of its own, errors in `meta`. */
import { FatalError } from '../../model/errors';
import type { ExceptionCode } from '../../model/taxonomy';
import { type Refusal, refusalOf, type VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { reading, sendAuthorized } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, object, objects, text } from '../kit/text';
import { manifest } from './manifest';
import { codes } from './tracking';

export const basePath = `/tracking/${manifest.apiVersion}/trackings`;
/** https://www.aftership.com/docs/tracking/2025-01/quickstart/rate-limit; the reset is a Unix time in seconds. */
export const rateLimitHeaders = ['x-ratelimit-reset', 'x-ratelimit-limit', 'x-ratelimit-remaining'] as const;

export async function sendAftership(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const keys = call.secrets('apiKey');
  if (keys.length === 0)
    throw new FatalError('CREDENTIALS_MISSING', 'the AfterShip API key is not configured', {
      hint: "Set the partner's secret apiKey.",
    });
  return sendAuthorized(call, keys, request, 'as-api-key');
}

export function aftershipError(response: HttpResponse): VendorError | undefined {
  const meta = object(object(response.json())?.meta);
  const code = text(meta?.code, 20);
  if (code === undefined || response.status < 300) return undefined;
  return { code, message: text(meta?.message, 500) ?? 'AfterShip refused the call' };
}

export function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  const refused = refusalOf(response, call, { write, error: aftershipError(response), exception });
  if (refused?.outcome !== 'retryable') return refused;
  return present({ ...refused, retryAfterMs: refused.retryAfterMs ?? pauseMs(response, call.now) });
}

function exception(error: VendorError | undefined): ExceptionCode | undefined {
  const meaning = codes.meaning('error', error?.code ?? '');
  return meaning.mapped ? meaning.exception : undefined;
}

/** Until the limit is reset, where the answer says when. */
export function pauseMs(response: HttpResponse, now: number): number | undefined {
  const reset = response.headers['x-ratelimit-reset'];
  return reset !== undefined && /^\d{9,11}$/.test(reset)
    ? Math.max(0, Number(reset) * 1000 - now)
    : undefined;
}

/** GET /trackings with `tracking_numbers`: the one with this number, of the carrier where one is named. */
export async function readTrackings(trackingNumber: string, call: CallContext, slug?: string) {
  const query = new URLSearchParams(present({ tracking_numbers: trackingNumber, slug }));
  return reading(() => sendAftership(call, { method: 'GET', path: `${basePath}?${query}` }));
}

/** The tracking of a number in a page; undefined when it is not there. */
export function trackingIn(answer: unknown, trackingNumber: string): Json | undefined {
  const trackings = objects(object(object(answer)?.data)?.trackings);
  return trackings.find((tracking) => tracking.tracking_number === trackingNumber);
}
