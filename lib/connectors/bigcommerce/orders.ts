/** Orders and shipments as the Orders V2 API answers them: https://github.com/bigcommerce/docs reference/orders.v2.oas2.yml */
import { DateTime } from 'luxon';
import type { FactContext, FactDraft, Identifiers } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { moneyOf } from '../kit/money';
import { factLines, leftOf, type OrderLine, pieces } from '../kit/order-lines';
import { type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

/** Ids are positive integers; a number that JSON cannot hold exactly is none. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  const given = text(value, 20);
  return given !== undefined && /^\d{1,18}$/.test(given) ? given : undefined;
}

export const objects = (value: unknown, max = 1000): Json[] =>
  list(value, max).flatMap((item): Json[] => {
    const found = object(item);
    return found === undefined ? [] : [found];
  });

/** V2 writes RFC 2822 dates with their offset; newer fields are ISO 8601. */
export function timeOf(value: unknown): EventTime | undefined {
  const iso = isoTime(value);
  const given = text(value, 60);
  if (iso !== undefined || given === undefined) return iso;
  const at = DateTime.fromRFC2822(given, { setZone: true });
  return at.isValid ? isoTime(at.toISO({ suppressMilliseconds: true })) : undefined;
}

export interface Named {
  order?: string | undefined;
  shipment?: string | undefined;
  tracking?: Identifiers['trackingNumber'];
}

export function identifiersOf({ order, shipment, tracking }: Named, context: NormalizeContext): Identifiers {
  const namespace = text(context.settings.namespace, 90) ?? 'bigcommerce';
  return {
    ...(order === undefined ? {} : { orderNumber: [{ namespace, value: order }] }),
    ...(shipment === undefined ? {} : { shipmentId: [{ namespace, value: shipment }] }),
    ...(tracking === undefined || tracking.length === 0 ? {} : { trackingNumber: tracking }),
  };
}

/** Products of an order: what was refunded is no longer ordered. */
export function linesOf(products: readonly Json[]): OrderLine[] {
  return products.flatMap((product): OrderLine[] => {
    const lineId = idOf(product.id);
    const ordered = pieces(product.quantity);
    if (lineId === undefined || ordered === undefined) return [];
    const refunded = pieces(product.quantity_refunded)?.value ?? '0';
    return [
      {
        lineId,
        item: text(product.sku, 200) ?? text(product.name, 200) ?? '',
        ordered: { value: leftOf(ordered.value, refunded), uom: ordered.uom },
        fulfilled: pieces(product.quantity_shipped),
      },
    ];
  });
}

function contextOf(order: Json): { context?: FactContext } {
  // The API writes four decimals: 49.0000 is 49 in any currency.
  const value = moneyOf(order.total_inc_tax, order.default_currency_code ?? order.currency_code);
  return value === undefined ? {} : { context: { orderValue: value } };
}

/** An order by its status id; the name of a status may be changed by the store, its id may not. */
export function orderFact(order: Json, context: NormalizeContext): Read {
  const id = idOf(order.id);
  const status = typeof order.status_id === 'number' ? String(order.status_id) : text(order.status_id, 20);
  if (id === undefined || status === undefined) return 'an order without id or status';
  const stated = order.date_modified ?? order.date_created;
  const time =
    stated === undefined || stated === null || stated === ''
      ? receivedTime(context.receivedAt)
      : timeOf(stated);
  if (time === undefined) return 'the time of an order cannot be read';
  const dated = stated ? time.ms : undefined;
  return shipmentFact({
    type: 'org.reroute.order.changed.v1',
    manifest: context.manifest,
    codes,
    code: { codeList: 'order-status', agency: 'BigCommerce', status, text: text(order.status, 200) },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order: id }, context),
    dedupKey: keyOf(['bigcommerce', 'order', id, status, dated]),
    more: { ...contextOf(order), ...factLines(linesOf(objects(order.products))) },
  });
}

/** A shipment with what it holds: BigCommerce makes one when items are shipped. */
export function shipmentOf(shipment: Json, context: NormalizeContext): Read {
  const id = idOf(shipment.id);
  const time = timeOf(shipment.date_created);
  if (id === undefined) return 'a shipment without id';
  if (time === undefined) return 'the time of a shipment cannot be read';
  const number = text(shipment.tracking_number, 101);
  const carrier = text(shipment.shipping_provider, 100) ?? text(shipment.tracking_carrier, 100) ?? 'unknown';
  const tracking =
    number === undefined || number.length > 100 ? [] : [{ carrier: carrier.toLowerCase(), value: number }];
  const lines = objects(shipment.items).flatMap((item): OrderLine[] => {
    const lineId = idOf(item.order_product_id);
    const quantity = pieces(item.quantity);
    return lineId === undefined || quantity === undefined
      ? []
      : [{ lineId, item: '', ordered: quantity, fulfilled: quantity }];
  });
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'shipment-event', agency: 'BigCommerce', status: 'created' },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order: idOf(shipment.order_id), shipment: id, tracking }, context),
    // A tracking number that comes later is news.
    dedupKey: keyOf(['bigcommerce', 'shipment', id, number]),
    more: factLines(lines),
  });
}
