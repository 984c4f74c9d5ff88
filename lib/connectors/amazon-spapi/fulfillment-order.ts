/** Fulfilment orders of Multi-Channel Fulfillment, as getFulfillmentOrder and listAllFulfillmentOrders answer them. */
import type { Discrepancy, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { factLines, leftOf, type OrderLine, pieces, sumBy } from '../kit/order-lines';
import { type Json, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { identifiersOf, objects, trackingOf } from './ids';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

/** A stated time; an absent one is that of the receipt, an unreadable one is none. */
export function statedTime(value: unknown, context: NormalizeContext): EventTime | undefined {
  return value === undefined || value === null ? receivedTime(context.receivedAt) : isoTime(value);
}

export interface ItemState extends OrderLine {
  ordered: { value: string; uom: string };
  /** Cancelled and unfulfillable pieces. */
  missing: string;
}

/** What left in shipments that are SHIPPED, by item. */
export function shippedByItem(shipments: readonly Json[]): Map<string, string> {
  return sumBy(
    shipments
      .filter((shipment) => shipment.fulfillmentShipmentStatus === 'SHIPPED')
      .flatMap((shipment) => objects(shipment.fulfillmentShipmentItem))
      .flatMap((item) => {
        const id = text(item.sellerFulfillmentOrderItemId, 100);
        const amount = pieces(item.quantity)?.value;
        return id === undefined || amount === undefined ? [] : [[id, amount] as const];
      }),
  );
}

export function itemsOf(result: Json): ItemState[] {
  const shipped = shippedByItem(objects(result.fulfillmentShipments));
  return objects(result.fulfillmentOrderItems).flatMap((item): ItemState[] => {
    const lineId = text(item.sellerFulfillmentOrderItemId, 100);
    const ordered = pieces(item.quantity);
    if (lineId === undefined || ordered === undefined) return [];
    const lost = sumBy(
      [item.cancelledQuantity, item.unfulfillableQuantity].flatMap((amount) => {
        const found = pieces(amount)?.value;
        return found === undefined ? [] : [['lost', found] as const];
      }),
    );
    const fulfilled = { value: shipped.get(lineId) ?? '0', uom: ordered.uom };
    return [
      { lineId, item: text(item.sellerSku, 200) ?? '', ordered, fulfilled, missing: lost.get('lost') ?? '0' },
    ];
  });
}

/** Lines of which Amazon says that pieces will not come. */
function missingLines(items: readonly ItemState[]): Discrepancy[] {
  return items
    .filter(({ missing }) => missing !== '0')
    .map(({ lineId, item, ordered, missing }) => ({
      lineId,
      ...(item === '' ? {} : { item }),
      expected: ordered,
      actual: { value: leftOf(ordered.value, missing), uom: ordered.uom },
    }));
}

const needsLines = new Set(['PARTIALLY_FULFILLED', 'INVENTORY_SHORT_PICK']);

/** The order itself. Without its items, a shortage is not told by this fact: which lines are short is told by the order's own items. */
export function orderFact(order: Json, items: readonly ItemState[], context: NormalizeContext): Read {
  const id = text(order.sellerFulfillmentOrderId, 200);
  const status = text(order.fulfillmentOrderStatus, 100);
  if (id === undefined || status === undefined) return 'a fulfillment order without id or status';
  const time = statedTime(order.statusUpdatedDate, context);
  if (time === undefined) return `the time of fulfillment order status ${status} cannot be read`;
  const lines = missingLines(items);
  const short = needsLines.has(codes.meaning('order-status', status).exception ?? '');
  const codeList = short && lines.length === 0 ? 'order-status-notice' : 'order-status';
  return shipmentFact({
    type: 'org.reroute.order.changed.v1',
    manifest: context.manifest,
    codes,
    code: { codeList, agency: 'Amazon', status },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ fulfillmentOrder: id, displayable: order.displayableOrderId }, context),
    dedupKey: keyOf(['amazon', 'order', id, status, time.ms, items.length === 0 ? 'head' : 'items']),
    ...(short && lines.length > 0 ? { details: { discrepancies: lines } } : {}),
    more: factLines(items),
  });
}

/** One shipment of a fulfilment order. Amazon dates only what has left; what is pending or cancelled is dated by the order's last change. */
export function shipmentOf(shipment: Json, order: Json, context: NormalizeContext): Read {
  const id = text(shipment.amazonShipmentId, 200);
  const status = text(shipment.fulfillmentShipmentStatus, 100);
  if (id === undefined || status === undefined) return 'a shipment without id or status';
  const left =
    status === 'SHIPPED' ? (shipment.shippingDate ?? order.statusUpdatedDate) : order.statusUpdatedDate;
  const time = statedTime(left, context);
  if (time === undefined) return `the time of a ${status} shipment cannot be read`;
  const packages = objects(shipment.fulfillmentShipmentPackage, 100);
  const eta = isoTime(shipment.estimatedArrivalDate);
  const warehouse = text(shipment.fulfillmentCenterId, 100);
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'shipment-status', agency: 'Amazon', status },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(
      {
        fulfillmentOrder: order.sellerFulfillmentOrderId,
        displayable: order.displayableOrderId,
        shipment: id,
        packages: packages.map(({ packageNumber }) => packageNumber),
        tracking: packages.flatMap((one) => trackingOf(one.carrierCode, one.trackingNumber)),
      },
      context,
    ),
    // A new estimate is news, the time of the order's last change is not.
    dedupKey: keyOf(['amazon', 'shipment', id, status, eta?.ms]),
    more: {
      context: {
        ...(eta === undefined ? {} : { etaAt: eta.iso }),
        ...(warehouse === undefined ? {} : { warehouse }),
      },
    },
  });
}

/** `payload` of getFulfillmentOrder: the order with its items, and each of its shipments. */
export function detailFacts(payload: Json, context: NormalizeContext): Read[] {
  const order = object(payload.fulfillmentOrder) ?? {};
  return [
    orderFact(order, itemsOf(payload), context),
    ...objects(payload.fulfillmentShipments).map((shipment) => shipmentOf(shipment, order, context)),
  ];
}
