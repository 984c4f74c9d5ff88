/**
 * Fulfilment orders that changed (listAllFulfillmentOrders). Beside the notifications: a queue may lose one, and only the order itself tells
 * which lines are short, so that orders which end short are fetched whole.
 */
import type { CallContext } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { isBusy, reading, retryAfterMs } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { afterPage, deliveryOf, pausedPoll, pollFailed, roundOf } from '../kit/poll-round';
import { text } from '../kit/text';
import { base, orderPath, pauseOf, payloadOf, sendAmazon } from './client';
import { objects } from './ids';

const get = (call: CallContext, path: string) => reading(() => sendAmazon(call, { method: 'GET', path }));

const short = new Set(['COMPLETEPARTIALLED', 'UNFULFILLABLE']);
const endedShort = (status: unknown) => short.has(text(status, 60)?.replace(/_/g, '').toUpperCase() ?? '');

const paused = (response: HttpResponse, call: CallContext) =>
  pausedPoll(response, call, retryAfterMs(response, call.now) ?? pauseOf(response));

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const round = roundOf(request, call.now);
  const query =
    round.place === undefined
      ? `queryStartDate=${encodeURIComponent(new Date(round.since).toISOString())}`
      : `nextToken=${encodeURIComponent(round.place)}`;
  const response = await get(call, `${base}/fulfillmentOrders?${query}`);
  if (isBusy(response)) return paused(response, call);
  // A page token that has expired: the round begins anew.
  if (response.status === 400 && round.place !== undefined)
    return { deliveries: [], cursor: JSON.stringify({ since: round.since }), more: true };
  const payload = response.status === 200 ? payloadOf(response) : undefined;
  if (payload === undefined) throw pollFailed('Amazon', response);
  const orders = objects(payload.fulfillmentOrders);
  const deliveries = orders.length === 0 ? [] : [deliveryOf(response)];
  for (const order of orders.filter(({ fulfillmentOrderStatus }) => endedShort(fulfillmentOrderStatus))) {
    const detail = await get(call, orderPath(text(order.sellerFulfillmentOrderId, 200) ?? ''));
    if (isBusy(detail)) return paused(detail, call);
    if (detail.status === 200) deliveries.push(deliveryOf(detail));
    else if (detail.status !== 404) throw pollFailed('Amazon', detail);
  }
  return { deliveries, ...afterPage(round, text(payload.nextToken, 4000)) };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 60_000, maxMs: 900_000 }, poll };
