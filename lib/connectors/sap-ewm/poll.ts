/**
 * Items that changed, then the orders that they are of, whole. Newest first: what changes meanwhile moves to the front, where the next round finds it,
 * and nothing is moved past the page that is being read.
 */
import type { CallContext, InboundRequest } from '../kit/connector';
import { isBusy } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { afterPage, deliveryOf, pausedPoll, pollFailed, roundOf } from '../kit/poll-round';
import { quoted, readRows, rowsIn } from './client';
import { settingsOf } from './manifest';
import { numberOf } from './orders';

const pageSize = 100;
/** Orders of one read: their numbers stand in its address. */
const ordersAtOnce = 25;

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const { deliveryOrderPath, warehouse } = settingsOf(call.settings);
  const round = roundOf(request, call.now);
  const skip = Number(round.place ?? '0');
  const since = new Date(round.since).toISOString().replace(/\.\d+Z$/, 'Z');
  const filter = [
    `EWMDelivLastChangeUTCDateTime ge ${since}`,
    ...(warehouse === undefined ? [] : [`EWMWarehouse eq ${quoted(warehouse)}`]),
  ].join(' and ');
  const items = await readRows(call, deliveryOrderPath, 'WhseOutboundDeliveryOrderItem', {
    filter,
    select: 'EWMOutboundDeliveryOrder,EWMOutboundDeliveryOrderItem',
    orderby: 'EWMDelivLastChangeUTCDateTime desc',
    top: pageSize,
    skip,
  });
  if (isBusy(items)) return pausedPoll(items, call);
  const page = rowsIn(items, pageSize);
  if (page === undefined) throw pollFailed('SAP EWM', items);
  const orders = [
    ...new Set(
      page.rows.map((row) => row.EWMOutboundDeliveryOrder).filter((order) => typeof order === 'string'),
    ),
  ].filter((order) => numberOf(order) !== undefined);
  const deliveries: InboundRequest[] = [];
  for (let at = 0; at < orders.length; at += ordersAtOnce) {
    const heads = await readRows(call, deliveryOrderPath, 'WhseOutboundDeliveryOrderHead', {
      filter: orders
        .slice(at, at + ordersAtOnce)
        .map((order) => `EWMOutboundDeliveryOrder eq ${quoted(order)}`)
        .join(' or '),
      expand: '_WhseOutbDeliveryOrderItem',
    });
    if (isBusy(heads)) return pausedPoll(heads, call);
    const answered = rowsIn(heads, ordersAtOnce);
    if (answered === undefined) throw pollFailed('SAP EWM', heads);
    if (answered.rows.length > 0) deliveries.push(deliveryOf(heads));
  }
  return { deliveries, ...afterPage(round, page.more ? String(skip + page.rows.length) : undefined) };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 60_000, maxMs: 900_000 }, poll };
