/** Orders as the GraphQL API answers them: status, holds, what is short, and shipments, each by its own code. */
import type { Discrepancy } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, type ShipmentEvent, shipmentFact } from '../kit/draft';
import { leftOf, pieces } from '../kit/order-lines';
import { idText, type Json, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { codes, identifiersOf, idOf, type Named, nodesOf, objects, type Read, trackingOf } from './ids';

/** Lines of which ShipHero says that pieces wait for stock. */
function backordered(order: Json): Discrepancy[] {
  return nodesOf(order.line_items).flatMap((line): Discrepancy[] => {
    const lineId = idText(line.id, 100);
    const expected = pieces(line.quantity);
    const short = pieces(line.backorder_quantity)?.value;
    if (lineId === undefined || expected === undefined || short === undefined || short === '0') return [];
    const item = text(line.sku, 200);
    const actual = { value: leftOf(expected.value, short), uom: expected.uom };
    return [{ lineId, ...(item === undefined ? {} : { item }), expected, actual }];
  });
}

const activeHolds = (order: Json) =>
  Object.entries(object(order.holds) ?? {})
    .filter(([, active]) => active === true)
    .map(([hold]) => hold.slice(0, 100));

type Common = Pick<ShipmentEvent, 'manifest' | 'codes' | 'recordTime'>;

function shipmentReads(order: Json, names: Named, common: Common, context: NormalizeContext): Read[] {
  return objects(order.shipments, 200).map((shipment): Read => {
    const id = idOf('Shipment', shipment.id, shipment.legacy_id);
    const time = isoTime(shipment.created_date);
    if (id === undefined || time === undefined) return 'a shipment without an id or a readable time';
    const labels = objects(shipment.shipping_labels, 50).flatMap((label) =>
      trackingOf(label.carrier, label.tracking_number),
    );
    return shipmentFact({
      ...common,
      code: { codeList: 'shipment', agency: 'ShipHero', status: 'created_date' },
      time,
      identifiers: identifiersOf({ ...names, shipment: id, tracking: labels }, context),
      dedupKey: keyOf(['shiphero', 'shipment', id, time.ms, ...labels.map(({ value }) => value)]),
    });
  });
}

/** An order is one change, one fact a hold, one for what is short, and one a shipment. */
export function orderFacts(order: Json, context: NormalizeContext): Read[] {
  const id = idOf('Order', order.id, order.legacy_id);
  const status = text(order.fulfillment_status, 100);
  if (id === undefined || status === undefined) return ['an order without id or fulfillment status'];
  const stated = order.updated_at ?? undefined;
  const time: EventTime | undefined =
    stated === undefined ? receivedTime(context.receivedAt) : isoTime(stated);
  if (time === undefined) return ['the time of an order cannot be read'];
  const names: Named = {
    order: id,
    number: idText(order.order_number, 200),
    partnerOrder: idText(order.partner_order_id, 200),
  };
  const common: Common = { manifest: context.manifest, codes, recordTime: instant(context.receivedAt) };
  const dated = stated === undefined ? undefined : time.ms;
  const change = (codeList: string, value: string, details: ShipmentEvent['details'] = {}) =>
    shipmentFact({
      ...common,
      type: 'org.reroute.order.changed.v1',
      code: { codeList, agency: 'ShipHero', status: value },
      time,
      identifiers: identifiersOf(names, context),
      dedupKey: keyOf(['shiphero', codeList, id, value, dated]),
      details,
    });
  const short = status === 'canceled' ? [] : backordered(order);
  return [
    change('fulfillment-status', status),
    ...activeHolds(order).map((hold) => change('hold', hold, { holdReason: hold })),
    ...(short.length === 0 ? [] : [change('backorder', 'backorder_quantity', { discrepancies: short })]),
    ...shipmentReads(order, names, common, context),
  ];
}
