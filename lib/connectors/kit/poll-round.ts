/**
 * Rounds of a poller that asks for what changed since a moment, page by page. The next round begins a little before the first page of this one
 * was asked for: what was being written meanwhile is asked for again, and dropped by its key.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext, InboundRequest } from './connector';
import type { HttpResponse } from './http';
import { retryAfterMs } from './outbound';
import type { PollRequest, PollResult } from './poll';

export interface Round {
  /** Epoch milliseconds. */
  since: number;
  /** When the first page was asked for. */
  asked: number;
  /** Where the next page begins: a token, a page number, an offset; absent on the first. */
  place?: string | undefined;
}

const kept = z.object({ since: z.number(), asked: z.number().optional(), place: z.string().optional() });

/** The round that a cursor continues, or a new one. A cursor that cannot be read begins anew at `since`. */
export function roundOf(request: PollRequest, now: number): Round {
  try {
    const { since, asked = now, place } = kept.parse(JSON.parse(request.cursor ?? ''));
    return { since, asked, place };
  } catch {
    return { since: request.since, asked: now };
  }
}

const defaultOverlapMs = 120_000;

/** The cursor after a page: `place` of the next one, or undefined when the round is done. */
export function afterPage(
  { since, asked }: Round,
  place: string | undefined,
  overlapMs = defaultOverlapMs,
): Pick<PollResult, 'cursor' | 'more'> {
  const next = place === undefined ? { since: asked - overlapMs } : { since, asked, place };
  return { cursor: JSON.stringify(next), more: place !== undefined };
}

/** A body as it is handed to `inbound`. */
export const deliveryOf = ({ body }: HttpResponse): InboundRequest => ({
  headers: { 'content-type': 'application/json' },
  body,
});

/** A busy vendor: the same page is asked for again after a pause. */
export function pausedPoll(response: HttpResponse, call: CallContext, pauseMs?: number): PollResult {
  return { deliveries: [], more: false, pauseMs: pauseMs ?? retryAfterMs(response, call.now) ?? 5000 };
}

/** A page that was refused: retried for a fault of the vendor, shown for one of the configuration. */
export function pollFailed(vendor: string, { status }: HttpResponse): Error {
  const message = `${vendor} answered HTTP ${status} to the poller`;
  return status >= 500 || status === 408
    ? new RetryableError('POLL_UNANSWERED', message, { hint: 'It is asked again by itself.' })
    : new FatalError('POLL_REFUSED', message, {
        hint: "Check the partner's credentials and what they allow.",
      });
}
