/** Notifications: https://github.com/amzn/selling-partner-api-models/tree/main/schemas/notifications */
import type { FactDraft } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { businessKey, keyOf, shipmentFact } from '../kit/draft';
import { factLines, type OrderLine, pieces } from '../kit/order-lines';
import { placeOf } from '../kit/place';
import { type Json, object, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';
import { codes, orderFact, type Read, shipmentOf, statedTime } from './fulfillment-order';
import { identifiersOf, objects, trackingOf } from './ids';

export interface Notification {
  type: string;
  payloadVersion: string | undefined;
  /** Unique for each notification. */
  id: string | undefined;
  eventTime: unknown;
  payload: Json;
}

/** Older notifications write their members in capitals, newer ones do not. */
export function notificationOf(root: Json): Notification | undefined {
  const either = (upper: string) => root[upper] ?? root[upper.charAt(0).toLowerCase() + upper.slice(1)];
  const type = text(either('NotificationType'), 100);
  const payload = object(either('Payload'));
  if (type === undefined || payload === undefined) return undefined;
  const metadata = object(either('NotificationMetadata'));
  return {
    type,
    payloadVersion: text(either('PayloadVersion'), 40),
    id: text(metadata?.NotificationId ?? metadata?.notificationId, 200),
    eventTime: either('EventTime'),
    payload: object(Object.values(payload)[0]) ?? payload,
  };
}

type Reader = (notice: Notification, context: NormalizeContext) => Read[];

/** The API's own members under their notification names, so that both are read alike. */
const fulfillmentOrderStatus: Reader = ({ payload, eventTime }, context) => {
  const order = {
    sellerFulfillmentOrderId: payload.SellerFulfillmentOrderId,
    fulfillmentOrderStatus: payload.FulfillmentOrderStatus,
    statusUpdatedDate: payload.StatusUpdatedDateTime ?? eventTime,
  };
  const shipment = object(payload.FulfillmentShipment);
  const own = payload.FulfillmentOrderStatus === undefined ? [] : [orderFact(order, [], context)];
  if (shipment?.FulfillmentShipmentStatus === undefined)
    return own.length > 0 ? own : ['a notification without a status'];
  const packages = objects(shipment.FulfillmentShipmentPackages, 100).map((one) => ({
    packageNumber: one.PackageNumber,
    carrierCode: one.CarrierCode,
    trackingNumber: one.TrackingNumber,
  }));
  const sent = {
    amazonShipmentId: shipment.AmazonShipmentId,
    fulfillmentShipmentStatus: shipment.FulfillmentShipmentStatus,
    estimatedArrivalDate: shipment.EstimatedArrivalDateTime,
    fulfillmentShipmentPackage: packages,
  };
  return [...own, shipmentOf(sent, order, context)];
};

const outboundShipmentStatus: Reader = ({ payload, eventTime }, context) => {
  const status = text(payload.ShipmentStatus, 100);
  const time = statedTime(eventTime, context);
  const shipment = text(payload.AmazonShipmentId, 200);
  if (status === undefined || shipment === undefined) return ['a shipment status without shipment or status'];
  if (time === undefined) return [`the time of shipment status ${status} cannot be read`];
  return [
    shipmentFact({
      manifest: context.manifest,
      codes,
      code: { codeList: 'outbound-shipment-status', agency: 'Amazon', status },
      time,
      recordTime: instant(context.receivedAt),
      identifiers: identifiersOf({ order: payload.AmazonOrderId, shipment }, context),
      dedupKey: keyOf(['amazon', 'outbound-shipment', shipment, status, eventTime ? time.ms : undefined]),
    }),
  ];
};

function changedLines(summary: Json): OrderLine[] {
  return objects(summary.OrderItems).flatMap((item): OrderLine[] => {
    const lineId = text(item.OrderItemId, 100);
    const ordered = pieces(item.Quantity);
    if (lineId === undefined || ordered === undefined) return [];
    return [
      { lineId, item: text(item.SellerSKU, 200) ?? '', ordered, fulfilled: pieces(item.QuantityShipped) },
    ];
  });
}

/** The order's own status, and that of its Easy Ship parcel where it has one: two codes, two facts. */
const orderChange: Reader = ({ payload, eventTime }, context) => {
  const order = text(payload.AmazonOrderId, 200);
  const summary = object(payload.Summary) ?? {};
  const status = text(summary.OrderStatus, 100);
  const trigger = object(payload.OrderChangeTrigger);
  const time = statedTime(trigger?.TimeOfOrderChange ?? eventTime, context);
  if (order === undefined || status === undefined) return ['an order change without order or status'];
  if (time === undefined) return [`the time of order status ${status} cannot be read`];
  const promised = isoTime(summary.LatestDeliveryDate);
  const dated = (trigger?.TimeOfOrderChange ?? eventTime) ? time.ms : undefined;
  const common = {
    manifest: context.manifest,
    codes,
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order }, context),
  };
  const words = [payload.OrderChangeType, trigger?.ChangeReason]
    .flatMap((part) => text(part, 300) ?? [])
    .join(': ');
  const facts: FactDraft[] = [
    shipmentFact({
      ...common,
      type: 'org.reroute.order.changed.v1',
      code: { codeList: 'order-change', agency: 'Amazon', status, text: words === '' ? undefined : words },
      dedupKey: keyOf(['amazon', 'order-change', order, status, text(payload.OrderChangeType, 100), dated]),
      more: {
        ...(promised === undefined ? {} : { context: { promisedDeliveryAt: promised.iso } }),
        ...factLines(changedLines(summary)),
      },
    }),
  ];
  const easyShip = text(summary.EasyShipShipmentStatus, 100);
  if (easyShip !== undefined)
    facts.push(
      shipmentFact({
        ...common,
        code: { codeList: 'easy-ship', agency: 'Amazon', status: easyShip },
        dedupKey: keyOf(['amazon', 'easy-ship', order, easyShip, dated]),
      }),
    );
  return facts;
};

/** One fact a milestone of the history; the latest is one of them. */
const milestoneChanged: Reader = ({ payload }, context) => {
  const detail = object(payload.trackingDetail) ?? {};
  const identifier = object(detail.identifier) ?? {};
  const number = text(identifier.aftn ?? identifier.trackingNumber, 100);
  const history = objects(detail.milestoneHistory);
  const latest = object(detail.latestMilestone);
  const milestones = history.length > 0 ? history : latest === undefined ? [] : [latest];
  if (number === undefined || milestones.length === 0)
    return ['a milestone change without a number or milestones'];
  const estimate = objects(detail.trackingEstimates).find(({ type }) => type === 'ESTIMATED_DELIVERY_DATE');
  const eta = isoTime(object(estimate?.estimatedInterval)?.endTime);
  return milestones.map((milestone): Read => {
    const status = text(object(milestone.status)?.code, 100);
    const time = isoTime(milestone.occurredAt);
    if (status === undefined || time === undefined) return 'a milestone without a code or a readable time';
    const reason = text(object(milestone.status)?.subCode, 100);
    const address = object(object(milestone.location)?.address);
    const place = placeOf({ city: address?.city, region: address?.region, country: address?.countryCode });
    return shipmentFact({
      manifest: context.manifest,
      codes,
      code: {
        codeList: 'milestone',
        agency: 'Amazon',
        status,
        reason,
        text: text(object(milestone.status)?.description, 1000),
      },
      time,
      recordTime: instant(context.receivedAt),
      identifiers: identifiersOf({ tracking: trackingOf('amazon', number) }, context),
      place,
      dedupKey: businessKey({
        carrier: 'amazon',
        trackingNumber: number,
        status,
        reason,
        eventTime: time.ms,
        place,
      }),
      ...(eta === undefined ? {} : { more: { context: { etaAt: eta.iso } } }),
    });
  });
};

/** Readers by type, with the payload version that each follows. */
const readers: Readonly<Record<string, { version: string; read: Reader }>> = {
  FULFILLMENT_ORDER_STATUS: { version: '1.0', read: fulfillmentOrderStatus },
  FBA_OUTBOUND_SHIPMENT_STATUS: { version: '1.0', read: outboundShipmentStatus },
  ORDER_CHANGE: { version: '1.0', read: orderChange },
  SHIPMENT_TRACKING_MILESTONE_CHANGED: { version: '2026-01-30', read: milestoneChanged },
};

/** What a notification tells; the version it should have when it has another; undefined for types that tell nothing of a shipment. */
export function readNotification(
  notice: Notification,
  context: NormalizeContext,
): Read[] | { supported: string } | undefined {
  const reader = Object.hasOwn(readers, notice.type) ? readers[notice.type] : undefined;
  if (reader === undefined) return undefined;
  if (notice.payloadVersion !== undefined && notice.payloadVersion !== reader.version)
    return { supported: reader.version };
  return reader.read(notice, context);
}
