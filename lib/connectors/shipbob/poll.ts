/**
 * Orders that were updated, with their shipments. Beside the webhooks: deliveries may come out of order, and problems after an order has left
 * have no topic of their own (https://developer.shipbob.com/guides/tracking).
 */
import type { CallContext } from '../kit/connector';
import { isBusy, reading } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { afterPage, deliveryOf, pausedPoll, pollFailed, roundOf } from '../kit/poll-round';
import { sendShipbob } from './client';
import { objects } from './shipments';

const pageSize = 250;

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const round = roundOf(request, call.now);
  const page = Number(round.place ?? '1');
  const since = encodeURIComponent(new Date(round.since).toISOString());
  const path = `/order?LastUpdateStartDate=${since}&Limit=${pageSize}&Page=${page}`;
  const response = await reading(() => sendShipbob(call, { method: 'GET', path }));
  if (isBusy(response)) return pausedPoll(response, call);
  const body = response.status === 200 ? response.json() : undefined;
  if (!Array.isArray(body)) throw pollFailed('ShipBob', response);
  const more = objects(body).length === pageSize ? String(page + 1) : undefined;
  return { deliveries: body.length === 0 ? [] : [deliveryOf(response)], ...afterPage(round, more) };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 60_000, maxMs: 900_000 }, poll };
