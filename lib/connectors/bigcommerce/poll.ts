/**
 * Orders that changed, with the shipments of those of which something has been shipped: webhooks hold ids only, and may be lost
 * (https://github.com/bigcommerce/docs docs/integrations/webhooks/overview.mdx).
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext, InboundRequest } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { isBusy, reading, retryAfterMs } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { pauseOf, sendBigcommerce } from './client';
import { idOf, objects } from './orders';

const pageSize = 50;
/** Changes that were being written while the last list was made are asked for again. */
const overlapMs = 120_000;

const cursor = z.object({ since: z.number(), asked: z.number().optional(), page: z.int().min(1).default(1) });
type Cursor = z.infer<typeof cursor>;

function cursorOf(request: PollRequest): Cursor {
  try {
    return cursor.parse(JSON.parse(request.cursor ?? ''));
  } catch {
    return { since: request.since, page: 1 };
  }
}

const get = (call: CallContext, path: string) =>
  reading(() => sendBigcommerce(call, { method: 'GET', path }));
const bodyOf = ({ body }: HttpResponse): InboundRequest => ({
  headers: { 'content-type': 'application/json' },
  body,
});

function failed({ status }: HttpResponse): Error {
  const message = `BigCommerce answered HTTP ${status} to the list of orders`;
  return status >= 500
    ? new RetryableError('POLL_UNANSWERED', message, { hint: 'It is asked again by itself.' })
    : new FatalError('POLL_REFUSED', message, { hint: "Check the partner's token and its scopes." });
}

const busy = (response: HttpResponse, call: CallContext): PollResult => ({
  deliveries: [],
  more: false,
  pauseMs: pauseOf(response) ?? retryAfterMs(response, call.now) ?? 5000,
});

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const at = cursorOf(request);
  const since = encodeURIComponent(new Date(at.since).toISOString());
  const path = `/v2/orders?min_date_modified=${since}&sort=date_modified:asc&limit=${pageSize}&page=${at.page}`;
  const response = await get(call, path);
  if (isBusy(response)) return busy(response, call);
  if (response.status !== 200 && response.status !== 204) throw failed(response);
  const orders = response.status === 204 ? [] : objects(response.json());
  const deliveries = orders.length === 0 ? [] : [bodyOf(response)];
  for (const order of orders.filter(({ items_shipped: shipped }) => Number(shipped) > 0)) {
    const shipments = await get(call, `/v2/orders/${idOf(order.id)}/shipments?limit=250`);
    if (isBusy(shipments)) return busy(shipments, call);
    if (shipments.status === 200) deliveries.push(bodyOf(shipments));
    else if (shipments.status !== 204 && shipments.status !== 404) throw failed(shipments);
  }
  const asked = at.asked ?? call.now;
  const more = orders.length === pageSize;
  const next = more ? { since: at.since, asked, page: at.page + 1 } : { since: asked - overlapMs };
  return { deliveries, cursor: JSON.stringify(next), more };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 60_000, maxMs: 900_000 }, poll };
