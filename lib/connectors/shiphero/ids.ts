/** ShipHero's ids: a number (legacy), and the base64 of type and number (`Order:272271706`) that the GraphQL API uses. */
import type { FactDraft, Identifiers } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { idText, type Json, list, object, text } from '../kit/text';

export const codes = loadCodes(__dirname);

/** The fact, or a sentence that says what is wrong. */
export type Read = FactDraft | string;

export const objects = (value: unknown, max = 1000): Json[] =>
  list(value, max).flatMap((item): Json[] => {
    const found = object(item);
    return found === undefined ? [] : [found];
  });

/** Nodes of a GraphQL connection. */
export const nodesOf = (connection: unknown): Json[] =>
  objects(object(connection)?.edges).flatMap((edge): Json[] => {
    const node = object(edge.node);
    return node === undefined ? [] : [node];
  });

/** The GraphQL id of a thing, made of its number where only that is there, so that both name one thing. */
export function idOf(type: string, id: unknown, legacy?: unknown): string | undefined {
  const given = idText(id, 100) ?? idText(legacy, 30);
  return given !== undefined && /^\d{1,15}$/.test(given)
    ? Buffer.from(`${type}:${given}`).toString('base64')
    : given;
}

export interface Named {
  order?: string | undefined;
  /** What people call the order. */
  number?: string | undefined;
  /** The order's id in the shop it comes from. */
  partnerOrder?: string | undefined;
  shipment?: string | undefined;
  warehouse?: string | undefined;
  tracking?: Identifiers['trackingNumber'];
}

export function identifiersOf(named: Named, context: NormalizeContext): Identifiers {
  const namespace = text(context.settings.namespace, 90) ?? 'shiphero';
  const as = (suffix: string, value: string | undefined) =>
    value === undefined ? [] : [{ namespace: namespace + suffix, value }];
  const orders = [
    ...as('', named.order),
    ...as('-number', named.number),
    ...as('-partner', named.partnerOrder),
  ];
  return {
    ...(orders.length === 0 ? {} : { orderNumber: orders }),
    ...(named.shipment === undefined ? {} : { shipmentId: as('', named.shipment) }),
    ...(named.warehouse === undefined ? {} : { inventoryLocation: as('', named.warehouse) }),
    ...(named.tracking === undefined || named.tracking.length === 0
      ? {}
      : { trackingNumber: named.tracking }),
  };
}

/** Pickups have words where others have a number: what holds no digit is no tracking number. */
export function trackingOf(carrier: unknown, number: unknown): NonNullable<Identifiers['trackingNumber']> {
  const value = idText(number, 100);
  return value === undefined || !/\d/.test(value)
    ? []
    : [{ carrier: text(carrier, 100)?.toLowerCase() ?? 'unknown', value }];
}
