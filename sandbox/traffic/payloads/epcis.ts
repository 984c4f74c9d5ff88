/**
 * Warehouse events in EPCIS 2.0 JSON-LD (https://ref.gs1.org/standards/epcis/, CBV 2.0). Written by this project after the standard; ordered
 * quantities stand in the extension that lib/connectors/epcis reads. GTINs and GLNs lie in GS1's demonstration prefix.
 */
import { decimalText, type OrderLine } from '../../core/masterdata';
import { integer } from '../../core/random';
import { gtinOf, type Shipment, utc } from '../shipment';

const context = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { reroute: 'urn:reroute:epcis:1:' },
] as const;

export interface PickedLine {
  line: OrderLine;
  /** Decimal text. */
  picked: string;
}

type Step = 'picking' | 'packing' | 'shipping';

/** One object event about lines of the order. */
function objectEvent(
  shipment: Shipment,
  position: number,
  step: Step,
  at: number,
  lines: readonly PickedLine[],
): Record<string, unknown> {
  const { order } = shipment;
  const transaction = (type: string, number: string) => ({
    type,
    bizTransaction: `https://orders.example/${type.split(':').at(-1)}/${number}`,
  });
  const element = (line: OrderLine, quantity: string) => ({
    epcClass: classOf(line.item),
    quantity: Number(quantity),
    ...(line.uom === 'EA' ? {} : { uom: line.uom }),
    'reroute:lineId': line.lineId,
  });
  const event = {
    type: 'ObjectEvent',
    eventID: `urn:uuid:${uuid(shipment.id(`epcis-${step}`, position))}`,
    eventTime: utc(at),
    eventTimeZoneOffset: '+00:00',
    action: 'OBSERVE',
    bizStep: step,
    disposition: step === 'shipping' ? 'in_transit' : 'in_progress',
    ...(step === 'picking' ? {} : { epcList: [`https://id.gs1.org/00/${shipment.sscc}`] }),
    readPoint: { id: `https://wms.example/locations/${order.location}/${step}` },
    bizLocation: { id: `https://wms.example/locations/${order.location}` },
    bizTransactionList: [
      transaction('po', order.orderNumber),
      transaction('reroute:salesOrder', order.orderNumber),
      transaction('reroute:delivery', order.deliveryId),
      transaction('reroute:shipment', order.shipmentId),
    ],
    quantityList: lines.map(({ line, picked }) => element(line, picked)),
    ...(step === 'picking'
      ? { 'reroute:expectedQuantityList': lines.map(({ line }) => element(line, line.quantity)) }
      : {}),
  };
  return {
    '@context': context,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: utc(at + 1_000),
    epcisBody: { eventList: [event] },
  };
}

function classOf(item: string): string {
  const gtin = gtinOf(item);
  return gtin === undefined
    ? `https://wms.example/items/${encodeURIComponent(item)}`
    : `https://id.gs1.org/01/${gtin}`;
}

function uuid(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

const whole = (line: OrderLine): PickedLine => ({ line, picked: line.quantity });
const minute = 60_000;

/** Everything picked, packed and handed to the carrier. */
export function normalPick(shipment: Shipment): Record<string, unknown>[] {
  const lines = shipment.order.lines.map(whole);
  const { at } = shipment;
  return [
    objectEvent(shipment, 0, 'picking', at - 40 * minute, lines),
    objectEvent(shipment, 1, 'packing', at - 20 * minute, lines),
    objectEvent(shipment, 2, 'shipping', at, lines),
  ];
}

/** One line comes up short; the others, where there are any, were picked before in an event of their own. */
export function shortPick(shipment: Shipment): Record<string, unknown>[] {
  const { order, random, at } = shipment;
  const position = integer(random, 0, order.lines.length - 1);
  const short = order.lines.filter((_, index) => index === position);
  const others = order.lines.filter((_, index) => index !== position).map(whole);
  const missing = short.map((line) => ({
    line,
    picked: decimalText(integer(random, 0, Math.max(0, Math.ceil(Number(line.quantity)) - 1))),
  }));
  const before = others.length > 0 ? [objectEvent(shipment, 0, 'picking', at - 15 * minute, others)] : [];
  return [...before, objectEvent(shipment, 1, 'picking', at, missing)];
}
