/**
 * `GET /events` of both versions, page by page, from the time the newest event was written. Pushes may be lost, and not every carrier pushes;
 * what comes twice is known by its key. In 3.0 a carrier need not answer without a booking, document or container: `pollFilter` names one.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { bearer, isBusy, reading, retryAfterMs, sendAuthorized } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { list, object, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';

/** `from` stays while there are pages, as 3.0 wants every page asked for with the parameters of the first. */
const position = z.object({
  from: z.number(),
  page: z.string().max(4000).optional(),
  newest: z.number().optional(),
});
type Position = z.infer<typeof position>;

function positionOf({ cursor, since }: PollRequest): Position {
  try {
    return position.parse(JSON.parse(cursor ?? ''));
  } catch {
    return { from: since };
  }
}

const names = {
  '2.2': { since: 'eventCreatedDateTime:gte', written: 'eventCreatedDateTime', next: 'next-page' },
  '3.0': { since: 'eventUpdatedDateTimeMin', written: 'eventUpdatedDateTime', next: 'next-page-cursor' },
} as const;

const namesOf = ({ settings }: CallContext) => names[settings.pollVersion === '3.0' ? '3.0' : '2.2'];

function pathOf(at: Position, call: CallContext): string {
  const query = new URLSearchParams(object(call.settings.pollFilter) as Record<string, string> | undefined);
  query.set(namesOf(call).since, instant(at.from));
  query.set('limit', '100');
  if (at.page !== undefined) query.set('cursor', at.page);
  return `${text(call.settings.eventsPath, 300) ?? '/v2/events'}?${query}`;
}

/** 2.2 calls the header a link; carriers send the cursor alone, or a URL that holds it. */
function nextPage(response: HttpResponse, header: string): string | undefined {
  const value = response.headers[header]?.trim();
  if (value === undefined || value === '') return undefined;
  const query = value.indexOf('?');
  return (query < 0 ? undefined : new URLSearchParams(value.slice(query)).get('cursor')) ?? value;
}

function eventsIn(response: HttpResponse): readonly unknown[] {
  const body = response.json();
  return Array.isArray(body) ? body : list(object(body)?.events);
}

function newestOf(
  events: readonly unknown[],
  written: string,
  before: number | undefined,
): number | undefined {
  let newest = before;
  for (const event of events) {
    const at = isoTime(object(event)?.[written])?.ms;
    if (at !== undefined && (newest === undefined || at > newest)) newest = at;
  }
  return newest;
}

function refused({ status }: HttpResponse): Error {
  const message = `the carrier answered HTTP ${status} to a question for events`;
  return status >= 500 || status === 408
    ? new RetryableError('POLL_UNANSWERED', message, { hint: 'It is asked again by itself.' })
    : new FatalError('POLL_REFUSED', message, { hint: "Check the partner's token, path and filter." });
}

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const at = positionOf(request);
  const { written, next } = namesOf(call);
  const version = call.settings.pollVersion === '3.0' ? '3.0.0' : '2';
  const headers = { accept: 'application/json', 'api-version': version };
  const response = await reading(() =>
    sendAuthorized(call, bearer(call, 'apiToken'), { method: 'GET', path: pathOf(at, call), headers }),
  );
  if (isBusy(response))
    return { deliveries: [], more: false, pauseMs: retryAfterMs(response, call.now) ?? 60_000 };
  if (response.status < 200 || response.status >= 300) throw refused(response);
  const events = eventsIn(response);
  const newest = newestOf(events, written, at.newest);
  const page = nextPage(response, next);
  const position: Position =
    page === undefined
      ? { from: newest ?? at.from }
      : { from: at.from, page, ...(newest === undefined ? {} : { newest }) };
  return {
    deliveries:
      events.length === 0 ? [] : [{ headers: { 'content-type': 'application/json' }, body: response.body }],
    cursor: JSON.stringify(position),
    more: page !== undefined,
  };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 120_000, maxMs: 1_800_000 }, poll };
