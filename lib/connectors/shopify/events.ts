/** Fulfilments and their events, as the topics `fulfillments/*` and `fulfillment_events/create` carry them. */
import type { FactDraft, Identifiers } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { factLines, type OrderLine, pieces } from '../kit/order-lines';
import { placeOf } from '../kit/place';
import { type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { identifiersOf, idOf, ownId } from './ids';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

/** Carriers' names as they stand in tracking numbers elsewhere: lower case. */
function trackingOf(entity: Json): NonNullable<Identifiers['trackingNumber']> {
  const carrier = text(entity.tracking_company, 100)?.toLowerCase() ?? 'unknown';
  const numbers = [...list(entity.tracking_numbers, 100), entity.tracking_number];
  const unique = new Set(numbers.flatMap((number) => text(number, 101) ?? []));
  return [...unique].flatMap((value) => (value.length > 100 ? [] : [{ carrier, value }]));
}

/** https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillmentevent */
export function eventFact(event: Json, context: NormalizeContext): Read {
  const id = ownId(event);
  const status = text(event.status, 100)?.toLowerCase();
  const time = isoTime(event.happened_at ?? event.created_at);
  if (id === undefined || status === undefined) return 'a fulfillment event without id or status';
  if (time === undefined) return `the time of a ${status} event cannot be read`;
  const eta = isoTime(event.estimated_delivery_at ?? event.estimated_delivery_date);
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'fulfillment-event', agency: 'Shopify', status, text: text(event.message, 2000) },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(
      { order: idOf(event.order_id), fulfillment: idOf(event.fulfillment_id) },
      context,
    ),
    dedupKey: keyOf(['shopify', 'fulfillment-event', id]),
    place: placeOf({
      city: event.city,
      region: event.province,
      postalCode: event.zip,
      country: event.country,
    }),
    ...(eta === undefined ? {} : { more: { context: { etaAt: eta.iso } } }),
  });
}

/** What a fulfilment holds of each line: all of it is fulfilled by it. */
function shippedLines(fulfillment: Json): OrderLine[] {
  return list(fulfillment.line_items, 1000).flatMap((item): OrderLine[] => {
    const line = object(item) ?? {};
    const lineId = ownId(line);
    const quantity = pieces(line.quantity);
    if (lineId === undefined || quantity === undefined) return [];
    return [{ lineId, item: text(line.sku, 200) ?? '', ordered: quantity, fulfilled: quantity }];
  });
}

/**
 * https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment: its own status. `shipment_status` repeats the latest event,
 * which comes as an event of its own, and decides nothing here.
 */
export function fulfillmentFact(fulfillment: Json, context: NormalizeContext): Read {
  const id = ownId(fulfillment);
  const status = text(fulfillment.status, 100)?.toLowerCase();
  if (id === undefined || status === undefined) return 'a fulfillment without id or status';
  const time = timeOf(fulfillment, context);
  if (time === undefined) return `the time of a ${status} fulfillment cannot be read`;
  const name = text(fulfillment.name, 100);
  const lines = status === 'success' ? shippedLines(fulfillment) : [];
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'fulfillment', agency: 'Shopify', status, text: name },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(
      { order: idOf(fulfillment.order_id), fulfillment: id, tracking: trackingOf(fulfillment) },
      context,
    ),
    dedupKey: keyOf(['shopify', 'fulfillment', id, status, time.ms]),
    more: factLines(lines),
  });
}

/** The time of the last change; an entity without any is dated by its receipt, one with an unreadable time not at all. */
export function timeOf(entity: Json, context: NormalizeContext): EventTime | undefined {
  const stated = entity.updated_at ?? entity.created_at;
  return stated === undefined || stated === null ? receivedTime(context.receivedAt) : isoTime(stated);
}

/** `FulfillmentRequest`, as older fulfilment services see it: only `failed_at` is bad news. */
export function requestFact(request: Json, context: NormalizeContext): Read {
  const id = ownId(request);
  if (id === undefined) return 'a fulfillment request without id';
  const [status, at] =
    request.failed_at !== null && request.failed_at !== undefined
      ? ['failed', request.failed_at]
      : request.delivered_at !== null && request.delivered_at !== undefined
        ? ['delivered', request.delivered_at]
        : ['pending', request.updated_at ?? request.created_at];
  const time = at === undefined ? receivedTime(context.receivedAt) : isoTime(at);
  if (time === undefined) return `the time of a ${status} fulfillment request cannot be read`;
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: {
      codeList: 'fulfillment-request',
      agency: 'Shopify',
      status: String(status),
      text: text(request.failure_message, 2000),
    },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order: idOf(request.order_id) }, context),
    dedupKey: keyOf([
      'shopify',
      'fulfillment-request',
      id,
      String(status),
      at === undefined ? undefined : time.ms,
    ]),
  });
}
