/**
 * Orders that changed, with the shipments of those of which something has been shipped: webhooks hold ids only, and may be lost
 * (https://github.com/bigcommerce/docs docs/integrations/webhooks/overview.mdx).
 */
import type { CallContext } from '../kit/connector';
import { isBusy, reading } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { afterPage, deliveryOf, pausedPoll, pollFailed, roundOf } from '../kit/poll-round';
import { pauseOf, sendBigcommerce } from './client';
import { idOf, objects } from './orders';

const pageSize = 50;

const get = (call: CallContext, path: string) =>
  reading(() => sendBigcommerce(call, { method: 'GET', path }));

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const round = roundOf(request, call.now);
  const page = Number(round.place ?? '1');
  const since = encodeURIComponent(new Date(round.since).toISOString());
  const path = `/v2/orders?min_date_modified=${since}&sort=date_modified:desc&limit=${pageSize}&page=${page}`;
  const response = await get(call, path);
  if (isBusy(response)) return pausedPoll(response, call, pauseOf(response));
  if (response.status !== 200 && response.status !== 204) throw pollFailed('BigCommerce', response);
  const orders = response.status === 204 ? [] : objects(response.json());
  const deliveries = orders.length === 0 ? [] : [deliveryOf(response)];
  for (const order of orders.filter(({ items_shipped: shipped }) => Number(shipped) > 0)) {
    const shipments = await get(call, `/v2/orders/${idOf(order.id)}/shipments?limit=250`);
    if (isBusy(shipments)) return pausedPoll(shipments, call, pauseOf(shipments));
    if (shipments.status === 200) deliveries.push(deliveryOf(shipments));
    else if (shipments.status !== 204 && shipments.status !== 404) throw pollFailed('BigCommerce', shipments);
  }
  return { deliveries, ...afterPage(round, orders.length === pageSize ? String(page + 1) : undefined) };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 60_000, maxMs: 900_000 }, poll };
