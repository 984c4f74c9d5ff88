/** Shopify's ids: a number in REST payloads and webhooks, `gid://shopify/Order/450789469` in GraphQL and newer webhooks. */
import type { FactData, Identifiers } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { idText, text } from '../kit/text';

/** The number of an id, as text. A number that JSON cannot hold exactly is no id: it would name another thing. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  const given = idText(value, 120);
  return given === undefined
    ? undefined
    : /^(?:gid:\/\/shopify\/\w+\/)?(\d{1,20})(?:\?.*)?$/.exec(given)?.[1];
}

/** The id of an entity: its GraphQL id is exact where the number is beyond JSON. */
export function ownId(entity: Readonly<Record<string, unknown>>): string | undefined {
  return idOf(entity.admin_graphql_api_id) ?? idOf(entity.id);
}

export const gid = (type: string, id: string) =>
  id.startsWith('gid://') ? id : `gid://shopify/${type}/${id}`;

export interface Named {
  order?: string | undefined;
  /** What people call the order: `#1001`. */
  orderName?: string | undefined;
  fulfillmentOrder?: string | undefined;
  fulfillment?: string | undefined;
  tracking?: FactData['identifiers']['trackingNumber'];
}

/** A fulfilment order is what a warehouse delivers, a fulfilment what left. Names have a namespace of their own. */
export function identifiersOf(named: Named, context: NormalizeContext): Identifiers {
  const namespace = text(context.settings.namespace, 90) ?? 'shopify';
  const id = (value: string | undefined) => (value === undefined ? [] : [{ namespace, value }]);
  const orders = [
    ...id(named.order),
    ...(named.orderName === undefined ? [] : [{ namespace: `${namespace}-name`, value: named.orderName }]),
  ];
  return {
    ...(orders.length === 0 ? {} : { orderNumber: orders }),
    ...(named.fulfillmentOrder === undefined ? {} : { deliveryId: id(named.fulfillmentOrder) }),
    ...(named.fulfillment === undefined ? {} : { shipmentId: id(named.fulfillment) }),
    ...(named.tracking === undefined || named.tracking.length === 0
      ? {}
      : { trackingNumber: named.tracking }),
  };
}
