/** Shipments as webhooks and the Orders API carry them (OpenAPI 2026-01, Orders.ShipmentViewModel). */
import type { Discrepancy, FactContext, FactDraft, Identifiers } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { leftOf, pieces } from '../kit/order-lines';
import { idText, type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

export const objects = (value: unknown, max = 1000): Json[] =>
  list(value, max).flatMap((item): Json[] => {
    const found = object(item);
    return found === undefined ? [] : [found];
  });

/** Ids are positive integers; a number that JSON cannot hold exactly is none. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  const given = text(value, 20);
  return given !== undefined && /^\d{1,18}$/.test(given) ? given : undefined;
}

export interface Named {
  order?: string | undefined;
  /** The merchant's own, immutable name of the order. */
  reference?: string | undefined;
  shipment?: string | undefined;
  location?: string | undefined;
  tracking?: Identifiers['trackingNumber'];
}

export function identifiersOf(named: Named, context: NormalizeContext): Identifiers {
  const namespace = text(context.settings.namespace, 90) ?? 'shipbob';
  const orders = [
    ...(named.order === undefined ? [] : [{ namespace, value: named.order }]),
    ...(named.reference === undefined ? [] : [{ namespace: `${namespace}-ref`, value: named.reference }]),
  ];
  return {
    ...(orders.length === 0 ? {} : { orderNumber: orders }),
    ...(named.shipment === undefined ? {} : { shipmentId: [{ namespace, value: named.shipment }] }),
    ...(named.location === undefined ? {} : { inventoryLocation: [{ namespace, value: named.location }] }),
    ...(named.tracking === undefined || named.tracking.length === 0
      ? {}
      : { trackingNumber: named.tracking }),
  };
}

export function trackingOf(carrier: unknown, number: unknown): NonNullable<Identifiers['trackingNumber']> {
  const value = idText(number, 100);
  return value === undefined ? [] : [{ carrier: text(carrier, 100)?.toLowerCase() ?? 'unknown', value }];
}

/** Inventory of which less is committed than the shipment needs. */
function shortLines(shipment: Json): Discrepancy[] {
  return objects(shipment.products).flatMap((product) =>
    objects(product.inventory_items).flatMap((inventory): Discrepancy[] => {
      const lineId = idOf(inventory.id);
      const expected = pieces(inventory.quantity);
      const actual = pieces(inventory.quantity_committed);
      if (lineId === undefined || expected === undefined || actual === undefined) return [];
      if (leftOf(expected.value, actual.value) === '0') return [];
      const item = text(product.sku, 200);
      return [{ lineId, ...(item === undefined ? {} : { item }), expected, actual }];
    }),
  );
}

/** When the status came about, as near as the shipment says. */
function timeOf(
  shipment: Json,
  status: string,
  reason: string | undefined,
  context: NormalizeContext,
): EventTime | undefined {
  const delivered = status === 'Completed' && reason === 'Delivered' ? shipment.delivery_date : undefined;
  const completed = status === 'Completed' ? shipment.actual_fulfillment_date : undefined;
  const stated = delivered ?? completed ?? shipment.last_update_at ?? shipment.created_date;
  return stated === undefined || stated === null ? receivedTime(context.receivedAt) : isoTime(stated);
}

interface Detail {
  name: string | undefined;
  words: string | undefined;
}

/** The status details, one a name: a shipment short of three products has one reason, not three. */
function detailsOf(shipment: Json): Detail[] {
  const byName = new Map<string, Detail>();
  for (const detail of objects(shipment.status_details, 200)) {
    const name = text(detail.name, 200);
    if (name !== undefined && !byName.has(name))
      byName.set(name, { name, words: text(detail.description, 1000) });
  }
  return byName.size === 0 ? [{ name: undefined, words: undefined }] : [...byName.values()];
}

function namesOf(shipment: Json): Named {
  const tracking = object(shipment.tracking);
  return {
    order: idOf(shipment.order_id),
    reference: idText(shipment.reference_id, 200),
    shipment: idOf(shipment.id),
    location: idOf(object(shipment.location)?.id),
    tracking: trackingOf(tracking?.carrier, tracking?.tracking_number),
  };
}

function contextOf(shipment: Json): { context?: FactContext } {
  const warehouse = text(object(shipment.location)?.name, 100);
  return warehouse === undefined ? {} : { context: { warehouse } };
}

/** One fact a reason of its status. */
export function shipmentFacts(shipment: Json, context: NormalizeContext): Read[] {
  const id = idOf(shipment.id);
  const status = text(shipment.status, 100);
  if (id === undefined || status === undefined) return ['a shipment without id or status'];
  const short = shortLines(shipment);
  return detailsOf(shipment).map(({ name, words }): Read => {
    const time = timeOf(shipment, status, name, context);
    if (time === undefined) return `the time of a ${status} shipment cannot be read`;
    const needsLines = codes.meaning('shipment', status, name).exception === 'INVENTORY_SHORT_PICK';
    const codeList = needsLines && short.length === 0 ? 'shipment-without-lines' : 'shipment';
    const held = status === 'OnHold' ? { holdReason: (words ?? name ?? status).slice(0, 500) } : {};
    const dated =
      time.confidence === 'ASSUMED_UTC' && shipment.last_update_at === undefined ? undefined : time.ms;
    return shipmentFact({
      manifest: context.manifest,
      codes,
      code: { codeList, agency: 'ShipBob', status, reason: name, text: words },
      time,
      recordTime: instant(context.receivedAt),
      identifiers: identifiersOf(namesOf(shipment), context),
      dedupKey: keyOf(['shipbob', 'shipment', id, status, name, dated]),
      details: { ...held, ...(needsLines && short.length > 0 ? { discrepancies: short } : {}) },
      more: contextOf(shipment),
    });
  });
}
