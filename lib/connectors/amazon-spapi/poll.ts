/**
 * Fulfilment orders that changed (listAllFulfillmentOrders). Beside the notifications: a queue may lose one, and only the order itself tells
 * which lines are short, so that orders which end short are fetched whole.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext, InboundRequest } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { isBusy, reading, retryAfterMs } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { text } from '../kit/text';
import { base, orderPath, pauseOf, payloadOf, sendAmazon } from './client';
import { objects } from './ids';

/** Changes that were on their way while the last list was made are asked for again. */
const overlapMs = 120_000;

const cursor = z.object({
  since: z.number(),
  /** When the first page of this round was asked for. */
  asked: z.number().optional(),
  token: z.string().optional(),
});
type Cursor = z.infer<typeof cursor>;

function cursorOf(request: PollRequest): Cursor {
  try {
    return cursor.parse(JSON.parse(request.cursor ?? ''));
  } catch {
    return { since: request.since };
  }
}

const get = (call: CallContext, path: string) => reading(() => sendAmazon(call, { method: 'GET', path }));

const bodyOf = ({ body }: HttpResponse): InboundRequest => ({
  headers: { 'content-type': 'application/json' },
  body,
});

const short = new Set(['COMPLETEPARTIALLED', 'UNFULFILLABLE']);
const endedShort = (status: unknown) => short.has(text(status, 60)?.replace(/_/g, '').toUpperCase() ?? '');

function busy(response: HttpResponse, call: CallContext): PollResult {
  return {
    deliveries: [],
    more: false,
    pauseMs: retryAfterMs(response, call.now) ?? pauseOf(response) ?? 2000,
  };
}

function failed({ status }: HttpResponse): Error {
  const message = `Amazon answered HTTP ${status} to the list of fulfillment orders`;
  return status >= 500
    ? new RetryableError('POLL_UNANSWERED', message, { hint: 'It is asked again by itself.' })
    : new FatalError('POLL_REFUSED', message, { hint: "Check the partner's credentials and roles." });
}

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const at = cursorOf(request);
  const query =
    at.token === undefined
      ? `queryStartDate=${encodeURIComponent(new Date(at.since).toISOString())}`
      : `nextToken=${encodeURIComponent(at.token)}`;
  const response = await get(call, `${base}/fulfillmentOrders?${query}`);
  if (isBusy(response)) return busy(response, call);
  // A page token that has expired: the round begins anew.
  if (response.status === 400 && at.token !== undefined)
    return { deliveries: [], cursor: JSON.stringify({ since: at.since }), more: true };
  const payload = response.status === 200 ? payloadOf(response) : undefined;
  if (payload === undefined) throw failed(response);
  const orders = objects(payload.fulfillmentOrders);
  const deliveries = orders.length === 0 ? [] : [bodyOf(response)];
  for (const order of orders.filter(({ fulfillmentOrderStatus }) => endedShort(fulfillmentOrderStatus))) {
    const detail = await get(call, orderPath(text(order.sellerFulfillmentOrderId, 200) ?? ''));
    if (isBusy(detail)) return busy(detail, call);
    if (detail.status === 200) deliveries.push(bodyOf(detail));
    else if (detail.status !== 404) throw failed(detail);
  }
  const asked = at.asked ?? call.now;
  const token = text(payload.nextToken, 4000);
  const next: Cursor = token === undefined ? { since: asked - overlapMs } : { since: at.since, asked, token };
  return { deliveries, cursor: JSON.stringify(next), more: token !== undefined };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 60_000, maxMs: 900_000 }, poll };
