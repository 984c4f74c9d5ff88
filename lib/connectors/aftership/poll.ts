/**
 * GET /trackings with `updated_at_min`, page by page: what changed since the last time. Beside the webhook, whose deliveries are given up
 * after some attempts. The end of one round overlaps the beginning of the next by a second; a page that came before is no news.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import { sha256Hex } from '../../model/keys';
import type { HttpResponse } from '../kit/http';
import { isBusy, reading, retryAfterMs } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { present } from '../kit/present';
import { object, objects, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';
import { basePath, pauseMs, sendAftership } from './client';

const cursorShape = z.object({
  /** Epoch milliseconds of `updated_at_min` in this round. */
  since: z.number(),
  /** The vendor's cursor of the next page of this round. */
  next: z.string().optional(),
  /** The newest `updated_at` seen in this round. */
  newest: z.number(),
  /** Hash of the last page. */
  seen: z.string().optional(),
});
type Cursor = z.infer<typeof cursorShape>;

const pageSize = 100;
const overlapMs = 1000;

function cursorOf({ cursor, since }: PollRequest): Cursor {
  if (cursor === undefined) return { since, newest: since };
  const parsed = cursorShape.safeParse(JSON.parse(cursor));
  return parsed.success ? parsed.data : { since, newest: since };
}

export const poll: Poller = {
  subject: 'feed',
  interval: { minMs: 60_000, maxMs: 15 * 60_000 },
  async poll(request, call) {
    const at = cursorOf(request);
    const query = new URLSearchParams(
      present({ updated_at_min: instant(at.since), limit: String(pageSize), cursor: at.next }),
    );
    const path = `${basePath}?${query}`;
    const response = await reading(() => sendAftership(call, { method: 'GET', path }));
    if (isBusy(response)) {
      const pause = retryAfterMs(response, call.now) ?? pauseMs(response, call.now);
      return present({ deliveries: [], more: false, pauseMs: pause });
    }
    if (response.status !== 200) throw refused(response);
    return pageOf(response, at);
  },
};

function pageOf(response: HttpResponse, at: Cursor): PollResult {
  const data = object(object(response.json())?.data);
  if (!Array.isArray(data?.trackings)) throw refused(response);
  const times = objects(data.trackings).flatMap((item) => isoTime(item.updated_at)?.ms ?? []);
  const newest = Math.max(at.newest, ...times);
  const pagination = object(data.pagination);
  const next = pagination?.has_next_page === true ? text(pagination.next_cursor, 1000) : undefined;
  const seen = sha256Hex(response.body);
  const cursor: Cursor =
    next === undefined
      ? { since: Math.max(at.since, newest - overlapMs), newest, seen }
      : { since: at.since, next, newest, seen };
  const isNews = data.trackings.length > 0 && seen !== at.seen;
  const delivery = { headers: { 'content-type': 'application/json' }, body: response.body };
  return {
    deliveries: isNews ? [delivery] : [],
    cursor: JSON.stringify(cursor),
    more: next !== undefined,
  };
}

function refused({ status }: HttpResponse) {
  const message = `AfterShip answered HTTP ${status} to a poll`;
  return status >= 500 || status === 408
    ? new RetryableError('POLL_UNANSWERED', message, { hint: 'It is polled again by itself.' })
    : new FatalError('POLL_REFUSED', message, { hint: "Check the partner's API key." });
}
