/** Amazon's many numbers, each in a namespace of its own. */
import type { Identifiers } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { idText, type Json, list, object, text } from '../kit/text';

export interface Named {
  /** `AmazonOrderId`, in 3-7-7 format. */
  order?: unknown;
  /** `sellerFulfillmentOrderId`: the seller's own name of a fulfilment order. */
  fulfillmentOrder?: unknown;
  /** What the customer sees as the order's number. */
  displayable?: unknown;
  /** `amazonShipmentId` */
  shipment?: unknown;
  /** Number of a package in Amazon's network: what getPackageTrackingDetails takes. */
  packages?: readonly unknown[];
  tracking?: Identifiers['trackingNumber'];
}

export function identifiersOf(named: Named, context: NormalizeContext): Identifiers {
  const namespace = text(context.settings.namespace, 60) ?? 'amazon';
  const id = (suffix: string, value: unknown) => {
    const found = idText(value, 200);
    return found === undefined ? [] : [{ namespace: namespace + suffix, value: found }];
  };
  const orders = [
    ...id('', named.order),
    ...id('-mcf', named.fulfillmentOrder),
    ...id('-displayable', named.displayable),
  ];
  const shipments = [
    ...id('', named.shipment),
    ...(named.packages ?? []).slice(0, 100).flatMap((value) => id('-package', value)),
  ];
  return {
    ...(orders.length === 0 ? {} : { orderNumber: orders }),
    ...(shipments.length === 0 ? {} : { shipmentId: shipments }),
    ...(named.tracking === undefined || named.tracking.length === 0
      ? {}
      : { trackingNumber: named.tracking }),
  };
}

/** Amazon's carrier codes as other systems name the carriers: lower case. */
export function trackingOf(carrier: unknown, number: unknown): NonNullable<Identifiers['trackingNumber']> {
  const value = idText(number, 100);
  return value === undefined ? [] : [{ carrier: text(carrier, 100)?.toLowerCase() ?? 'unknown', value }];
}

/** Objects of a list; what is no object is left out. */
export const objects = (value: unknown, max = 1000): Json[] =>
  list(value, max).flatMap((item): Json[] => {
    const found = object(item);
    return found === undefined ? [] : [found];
  });
