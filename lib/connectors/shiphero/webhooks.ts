/** Webhooks (https://developer.shiphero.com/webhooks): the kind stands in `webhook_type`. */
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { factLines, type OrderLine, pieces } from '../kit/order-lines';
import { idText, type Json, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { codes, identifiersOf, idOf, type Named, objects, type Read, trackingOf } from './ids';

/** Kinds about stock, purchases, returns, payments and printing. */
const otherTypes = new Set([
  'Inventory Update',
  'Inventory Change',
  'Automation Rules',
  'Capture Payment',
  'PO Update',
  'Return Update',
  'Tote Complete',
  'Tote Cleared',
  'Print Barcode',
  'Shipment ASN',
  'Generate Label',
]);

export const typeOf = (root: Json) => text(root.webhook_type ?? object(root.fulfillment)?.webhook_type, 100);
export const isOther = (type: string) => otherTypes.has(type);

/** Who the webhook is about; a shipment's stands under `fulfillment`. */
export function namesOf(root: Json): Named {
  const about = object(root.fulfillment) ?? root;
  return {
    order: idOf('Order', about.order_uuid, about.order_id),
    number: idText(about.order_number, 200),
    partnerOrder: idText(about.partner_order_id, 200),
    shipment: idOf('Shipment', about.shipment_uuid, about.shipment_id),
    warehouse: idOf('Warehouse', about.warehouse_uuid, about.warehouse_id),
    tracking: trackingsOf(root, about),
  };
}

function trackingsOf(root: Json, about: Json) {
  const carrier = about.shipping_carrier;
  const numbers = objects(root.packages, 50).map(
    (one) => one.tracking_number ?? object(one.shipping_label)?.tracking_number,
  );
  const all = [about.tracking_number, ...numbers].flatMap((number) => trackingOf(carrier, number));
  return [...new Map(all.map((one) => [one.value, one])).values()];
}

function linesOf(about: Json): OrderLine[] {
  return objects(about.line_items).flatMap((item): OrderLine[] => {
    const lineId = idText(item.id, 100) ?? idText(item.shiphero_id, 100);
    const quantity = pieces(item.quantity);
    if (lineId === undefined || quantity === undefined) return [];
    return [{ lineId, item: text(item.sku, 200) ?? '', ordered: quantity, fulfilled: quantity }];
  });
}

/** ShipHero's times have no offset: UTC is assumed, and said so. */
function timeOf(about: Json, context: NormalizeContext): { time: EventTime; stated: boolean } | undefined {
  const given = about.created_at ?? about.updated_at ?? about.timestamp;
  if (given === undefined || given === null) return { time: receivedTime(context.receivedAt), stated: false };
  const time = isoTime(given);
  return time === undefined ? undefined : { time, stated: true };
}

export function webhookFact(
  type: string,
  root: Json,
  messageId: string | undefined,
  context: NormalizeContext,
): Read {
  const about = object(root.fulfillment) ?? root;
  const named = namesOf(root);
  if (named.order === undefined && named.number === undefined && named.partnerOrder === undefined)
    return `a ${type} webhook without an order`;
  const found = timeOf(about, context);
  if (found === undefined) return `the time of a ${type} webhook cannot be read`;
  const shipped = type === 'Shipment Update';
  const names = [named.order, named.number, named.partnerOrder, named.shipment];
  return shipmentFact({
    ...(shipped ? {} : { type: 'org.reroute.order.changed.v1' as const }),
    manifest: context.manifest,
    codes,
    code: {
      codeList: 'webhook',
      agency: 'ShipHero',
      status: type,
      text: text(root.reason ?? root.cancellation_reason, 500),
    },
    time: found.time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(named, context),
    // Without a time of its own an event is told from the next of its kind by the id of the message only.
    dedupKey: keyOf(['shiphero', type, ...names, found.stated ? found.time.ms : messageId]),
    more: shipped ? factLines(linesOf(about)) : {},
  });
}
