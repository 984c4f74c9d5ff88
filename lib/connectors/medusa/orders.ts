/** Orders and fulfilments of the Admin API v2 (AdminOrder and AdminFulfillment of @medusajs/types 2.21). */
import type { FactContext, FactDraft, Identifiers } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { smaller } from '../kit/decimal';
import { keyOf, shipmentFact } from '../kit/draft';
import { moneyOf } from '../kit/money';
import { factLines, type OrderLine, pieces } from '../kit/order-lines';
import { idText, type Json, list, object, text } from '../kit/text';
import { instant, isoTime, receivedTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

export const objects = (value: unknown, max = 1000): Json[] =>
  list(value, max).flatMap((item): Json[] => {
    const found = object(item);
    return found === undefined ? [] : [found];
  });

export interface Named {
  order?: string | undefined;
  /** The number people see. */
  display?: string | undefined;
  fulfillment?: string | undefined;
  location?: string | undefined;
  tracking?: Identifiers['trackingNumber'];
}

export function identifiersOf(named: Named, context: NormalizeContext): Identifiers {
  const namespace = text(context.settings.namespace, 90) ?? 'medusa';
  const orders = [
    ...(named.order === undefined ? [] : [{ namespace, value: named.order }]),
    ...(named.display === undefined ? [] : [{ namespace: `${namespace}-display`, value: named.display }]),
  ];
  return {
    ...(orders.length === 0 ? {} : { orderNumber: orders }),
    ...(named.fulfillment === undefined ? {} : { shipmentId: [{ namespace, value: named.fulfillment }] }),
    ...(named.location === undefined ? {} : { inventoryLocation: [{ namespace, value: named.location }] }),
    ...(named.tracking === undefined || named.tracking.length === 0
      ? {}
      : { trackingNumber: named.tracking }),
  };
}

/** The larger of two amounts: what was delivered has left, whether or not it was marked as shipped. */
const larger = (a: string, b: string) => (smaller(a, b) === a ? b : a);

/** Lines by their quantities: `fulfilled` is what has left, which is more than a fulfilment that was made. */
export function linesOf(order: Json): OrderLine[] {
  return objects(order.items).flatMap((item): OrderLine[] => {
    const detail = object(item.detail) ?? {};
    const lineId = idText(item.id, 100);
    const ordered = pieces(detail.quantity ?? item.quantity);
    if (lineId === undefined || ordered === undefined) return [];
    const shipped = pieces(detail.shipped_quantity)?.value;
    const delivered = pieces(detail.delivered_quantity)?.value ?? '0';
    return [
      {
        lineId,
        item: text(item.variant_sku, 200) ?? text(item.title, 200) ?? '',
        ordered,
        fulfilled: shipped === undefined ? undefined : { value: larger(shipped, delivered), uom: 'EA' },
      },
    ];
  });
}

function contextOf(order: Json): { context?: FactContext } {
  const orderValue = moneyOf(order.total, order.currency_code);
  const country = text(object(order.shipping_address)?.country_code, 2)?.toUpperCase();
  const region = country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined;
  if (orderValue === undefined && region === undefined) return {};
  return {
    context: {
      ...(orderValue === undefined ? {} : { orderValue }),
      ...(region === undefined ? {} : { region }),
    },
  };
}

function namesOf(order: Json): Named {
  return { order: idText(order.id, 200), display: text(order.display_id, 40) };
}

export function orderFact(order: Json, context: NormalizeContext): Read {
  const names = namesOf(order);
  const status = text(order.status, 100);
  if (names.order === undefined || status === undefined) return 'an order without id or status';
  const stated = order.updated_at ?? order.created_at;
  const time = stated === undefined || stated === null ? receivedTime(context.receivedAt) : isoTime(stated);
  if (time === undefined) return 'the time of an order cannot be read';
  return shipmentFact({
    type: 'org.reroute.order.changed.v1',
    manifest: context.manifest,
    codes,
    code: { codeList: 'order-status', agency: 'Medusa', status },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(names, context),
    dedupKey: keyOf([
      'medusa',
      'order',
      names.order,
      status,
      text(order.version, 20),
      stated ? time.ms : undefined,
    ]),
    more: { ...contextOf(order), ...factLines(linesOf(order)) },
  });
}

/** The moments of a fulfilment: each is an event of its own. */
const moments = ['packed_at', 'shipped_at', 'delivered_at', 'canceled_at'] as const;

function labelsOf(fulfillment: Json): NonNullable<Identifiers['trackingNumber']> {
  const carrier = text(fulfillment.provider_id, 100)?.toLowerCase() ?? 'unknown';
  const numbers = new Set(
    objects(fulfillment.labels, 100).flatMap((label) => idText(label.tracking_number, 100) ?? []),
  );
  return [...numbers].map((value) => ({ carrier, value }));
}

export function fulfillmentFacts(fulfillment: Json, order: Json, context: NormalizeContext): Read[] {
  const id = idText(fulfillment.id, 200);
  if (id === undefined) return ['a fulfillment without id'];
  const identifiers = identifiersOf(
    {
      ...namesOf(order),
      fulfillment: id,
      location: idText(fulfillment.location_id, 200),
      tracking: labelsOf(fulfillment),
    },
    context,
  );
  return moments.flatMap((moment): Read[] => {
    const at = fulfillment[moment];
    if (at === undefined || at === null) return [];
    const time = isoTime(at);
    if (time === undefined) return [`${moment} of a fulfillment cannot be read`];
    return [
      shipmentFact({
        manifest: context.manifest,
        codes,
        code: { codeList: 'fulfillment', agency: 'Medusa', status: moment },
        time,
        recordTime: instant(context.receivedAt),
        identifiers,
        dedupKey: keyOf(['medusa', 'fulfillment', id, moment, time.ms]),
      }),
    ];
  });
}

/** An order with its fulfilments. */
export function orderFacts(order: Json, context: NormalizeContext): Read[] {
  const fulfillments = objects(order.fulfillments, 500);
  return [orderFact(order, context), ...fulfillments.flatMap((one) => fulfillmentFacts(one, order, context))];
}
