/** Shipments of an order for the operations. */
import type { CallContext } from '../kit/connector';
import { type Json, text } from '../kit/text';
import { type Found, orderPath, readList, readOne } from './client';

/** Providers that BigCommerce knows itself; any other is named as the method. */
const providers = new Set([
  'auspost',
  'canadapost',
  'endicia',
  'usps',
  'fedex',
  'ups',
  'upsready',
  'upsonline',
  'shipperhq',
  'royalmail',
]);

export function carrierFields(carrier: string | undefined): Json {
  if (carrier === undefined) return {};
  const provider = carrier.toLowerCase().replace(/[^a-z]/g, '');
  return providers.has(provider) ? { shipping_provider: provider } : { shipping_method: carrier };
}

export async function readShipments(call: CallContext, orderNumber: string): Promise<Found<Json[]>> {
  const path = orderPath(orderNumber);
  return path.ok ? readList(call, `${path.value}/shipments?limit=250`) : path;
}

export async function readShipment(call: CallContext, orderNumber: string, id: string): Promise<Found<Json>> {
  const path = orderPath(orderNumber);
  return path.ok ? readOne(call, `${path.value}/shipments/${encodeURIComponent(id)}`) : path;
}

export const trackingOf = (shipment: Json) => text(shipment.tracking_number, 200);
