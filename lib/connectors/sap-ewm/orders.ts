/** Outbound delivery orders as the service answers them: a head, and items with a status of their own. */
import type { FactDraft, Identifiers, Quantity } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { decimalOf, plainDecimal } from '../kit/decimal';
import { keyOf, shipmentFact } from '../kit/draft';
import { factLines, type OrderLine } from '../kit/order-lines';
import { sapUnit } from '../kit/sap';
import { idText, type Json, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { objects } from './client';
import { settingsOf } from './manifest';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

/** Numbers of documents come with and without leading zeros, by service and release: without, so that both name one thing. */
export function numberOf(value: unknown): string | undefined {
  const given = idText(value, 40);
  const number = given !== undefined && /^\d+$/.test(given) ? given.replace(/^0+/, '') : given;
  return number === '' ? undefined : number;
}

/** OData v4 writes quantities as numbers, or as text for clients that ask for exact ones. */
export function quantityOf(value: unknown, unit: unknown): Quantity | undefined {
  const amount = typeof value === 'number' ? decimalOf(value) : plainDecimal(text(value, 60) ?? '');
  const uom = sapUnit(text(unit, 3));
  return amount === undefined || uom === undefined || amount.length > 40 ? undefined : { value: amount, uom };
}

export type StatusField = 'GoodsIssueStatus' | 'PickingStatus';

export const itemsOf = (head: Json) => objects(head._WhseOutbDeliveryOrderItem, 5000);

/**
 * The status of an order, from its items, as EWM itself sums it up on the head: what is not relevant (0) has no effect, all completed (9) is completed,
 * all not started (1) is not started, and a mixture is partial (2).
 */
export function overall(items: readonly Json[], field: StatusField): string | undefined {
  const found = new Set(items.map((item) => text(item[field], 10)).filter((status) => status !== undefined));
  if (found.size > 1) found.delete('0');
  const [only] = found;
  if (found.size <= 1) return only;
  const strange = [...found].find((status) => !/^[129]$/.test(status));
  return strange ?? '2';
}

function identifiersOf(head: Json, items: readonly Json[], context: NormalizeContext): Identifiers {
  const { namespace, erpNamespace } = settingsOf(context.settings);
  const unique = (values: readonly unknown[]) => [
    ...new Set(values.map(numberOf).filter((value) => value !== undefined)),
  ];
  const as = (name: string, values: readonly string[]) => values.map((value) => ({ namespace: name, value }));
  const own = unique([head.EWMOutboundDeliveryOrder]);
  const erp = unique([head.OutboundDelivery, ...items.map(({ OutboundDelivery }) => OutboundDelivery)]);
  const sales = unique(items.map(({ SalesOrder }) => SalesOrder));
  const warehouse = text(head.EWMWarehouse, 40);
  return {
    deliveryId: [...as(namespace, own), ...as(erpNamespace, erp.slice(0, 100))],
    ...(sales.length === 0 ? {} : { erpSalesOrderId: as(erpNamespace, sales.slice(0, 100)) }),
    ...(warehouse === undefined ? {} : { inventoryLocation: as(namespace, [warehouse]) }),
  };
}

/** An item that was split into batches only carries those; they are the lines. */
function linesOf(items: readonly Json[]): OrderLine[] {
  const parents = new Set(items.map((item) => numberOf(item.EWMWhseReqItmBatSpltParentItem)));
  return items.flatMap((item): OrderLine[] => {
    const lineId = numberOf(item.EWMOutboundDeliveryOrderItem);
    const ordered = quantityOf(item.ProductQuantity, item.QuantityUnit);
    if (lineId === undefined || ordered === undefined || parents.has(lineId)) return [];
    const fulfilled = issued[text(item.GoodsIssueStatus, 10) ?? ''];
    return [
      {
        lineId,
        item: text(item.Product, 200) ?? '',
        ordered,
        ...(fulfilled === undefined ? {} : { fulfilled: fulfilled(ordered) }),
      },
    ];
  });
}

/** How much has left, where the status of the item says so exactly. */
const issued: Readonly<Record<string, (ordered: Quantity) => Quantity>> = {
  '9': (ordered) => ordered,
  '1': ({ uom }) => ({ value: '0', uom }),
};

/** The latest of the times that can be read. */
function latest(values: readonly unknown[]): EventTime | undefined {
  const times = values.map((value) => isoTime(value)).filter((time) => time !== undefined);
  return times.reduce<EventTime | undefined>(
    (last, time) => (last === undefined || time.ms > last.ms ? time : last),
    undefined,
  );
}

/** An order is one fact for how far picking is, and one for goods issue. */
export function orderFacts(head: Json, context: NormalizeContext): Read[] {
  const order = numberOf(head.EWMOutboundDeliveryOrder);
  const items = itemsOf(head);
  if (order === undefined) return ['a delivery order without a number'];
  if (items.length === 0) return ['a delivery order without its items'];
  const changes = [head, ...items].map((row) => row.EWMDelivLastChangeUTCDateTime);
  const changed = latest(changes);
  const left = latest(items.map((item) => item.ActlGoodsIssueStartUTCDateTime));
  const common = {
    manifest: context.manifest,
    codes,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(head, items, context),
    more: factLines(linesOf(items)),
  };
  return (['PickingStatus', 'GoodsIssueStatus'] as const).flatMap((field): Read[] => {
    const status = overall(items, field);
    if (status === undefined) return [];
    const done = field === 'GoodsIssueStatus' && status === '9';
    const stated = (done ? left : undefined) ?? changed;
    const fact = shipmentFact({
      ...common,
      ...(done ? {} : { type: 'org.reroute.order.changed.v1' as const }),
      code: { codeList: field, agency: 'SAP', status },
      time: stated ?? receivedTime(context.receivedAt),
      dedupKey: keyOf(['sap-ewm', field, order, status, stated?.ms]),
    });
    return [fact];
  });
}
