/** Orders that changed, with lines and fulfilments: Medusa has no webhooks of its own (https://docs.medusajs.com/api/admin#orders_getorders). */

import type { CallContext } from '../kit/connector';
import { isBusy, reading } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { afterPage, deliveryOf, pausedPoll, pollFailed, roundOf } from '../kit/poll-round';
import { object } from '../kit/text';
import { encoded, sendMedusa } from './client';
import { orderFields } from './order-view';
import { objects } from './orders';

const pageSize = 50;

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const round = roundOf(request, call.now);
  const offset = Number(round.place ?? '0');
  const since = encoded(new Date(round.since).toISOString());
  const path = `/admin/orders?updated_at%5B%24gte%5D=${since}&order=-updated_at&limit=${pageSize}&offset=${offset}&fields=${orderFields}`;
  const response = await reading(() => sendMedusa(call, { method: 'GET', path }));
  if (isBusy(response)) return pausedPoll(response, call);
  const body = response.status === 200 ? object(response.json()) : undefined;
  if (body === undefined) throw pollFailed('Medusa', response);
  const orders = objects(body.orders);
  const more = orders.length === pageSize ? String(offset + pageSize) : undefined;
  return { deliveries: orders.length === 0 ? [] : [deliveryOf(response)], ...afterPage(round, more) };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 30_000, maxMs: 600_000 }, poll };
