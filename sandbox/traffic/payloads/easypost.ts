/**
 * EasyPost `tracker.updated` webhooks (https://docs.easypost.com/docs/events, /trackers). Written by this project after the vendor's pages:
 * an Event whose result is the tracker with all its details so far.
 */
import { type Shipment, utc } from '../shipment';

interface Detail {
  at: number;
  status: string;
  statusDetail: string;
  message: string;
  city: string;
  state: string;
  zip: string;
}

const hour = 3_600_000;

function trackerUpdated(
  shipment: Shipment,
  position: number,
  details: readonly Detail[],
  etaAt: number,
): Record<string, unknown> {
  const last = details.at(-1);
  const at = last?.at ?? shipment.at;
  const tracker = {
    id: `trk_${shipment.id('tracker', 0)}`,
    object: 'Tracker',
    mode: 'production',
    tracking_code: shipment.uspsTracking,
    status: last?.status,
    status_detail: last?.statusDetail,
    created_at: utc(details[0]?.at ?? at),
    updated_at: utc(at + 60_000),
    signed_by: null,
    weight: 17.6,
    est_delivery_date: utc(etaAt),
    shipment_id: `shp_${shipment.id('shipment', 0)}`,
    carrier: 'USPS',
    tracking_details: details.map((detail) => ({
      object: 'TrackingDetail',
      message: detail.message,
      description: null,
      status: detail.status,
      status_detail: detail.statusDetail,
      datetime: utc(detail.at),
      source: 'USPS',
      carrier_code: null,
      tracking_location: {
        object: 'TrackingLocation',
        city: detail.city,
        state: detail.state,
        country: 'US',
        zip: detail.zip,
      },
    })),
    carrier_detail: null,
    fees: [],
    public_url: `https://track.example/${shipment.uspsTracking}`,
  };
  const previous = details.at(-2);
  return {
    id: `evt_${shipment.id('easypost', position)}`,
    object: 'Event',
    mode: 'production',
    description: position === 0 ? 'tracker.created' : 'tracker.updated',
    previous_attributes: previous ? { status: previous.status } : {},
    pending_urls: [],
    completed_urls: [],
    created_at: utc(at + 60_000),
    updated_at: utc(at + 60_000),
    user_id: `user_${shipment.id('user', 0)}`,
    status: 'pending',
    result: tracker,
  };
}

const begun = (at: number): Detail[] => [
  {
    at: at - 40 * hour,
    status: 'pre_transit',
    statusDetail: 'label_created',
    message: 'Shipping label created',
    city: 'CHARLOTTE',
    state: 'NC',
    zip: '28208',
  },
  {
    at: at - 24 * hour,
    status: 'in_transit',
    statusDetail: 'departed_facility',
    message: 'Departed facility',
    city: 'CHARLOTTE',
    state: 'NC',
    zip: '28208',
  },
];

function growing(
  shipment: Shipment,
  details: readonly Detail[],
  etas: readonly number[],
): Record<string, unknown>[] {
  return details.map((_, index) =>
    trackerUpdated(shipment, index, details.slice(0, index + 1), etas[index] ?? etas.at(-1) ?? shipment.at),
  );
}

export function trackedDelivery(shipment: Shipment): Record<string, unknown>[] {
  const { at } = shipment;
  const promised = Date.parse(shipment.order.promisedDeliveryAt);
  const place = { city: 'ASHEVILLE', state: 'NC', zip: '28801' };
  const out: Detail = {
    at: at - 4 * hour,
    status: 'out_for_delivery',
    statusDetail: 'out_for_delivery',
    message: 'Out for delivery',
    ...place,
  };
  const delivered: Detail = {
    at,
    status: 'delivered',
    statusDetail: 'arrived_at_destination',
    message: 'Delivered',
    ...place,
  };
  return growing(shipment, [...begun(at), out, delivered], [promised]);
}

/** Late on the way, by weather: the status stays in_transit, only the detail and the estimate tell. */
export function trackedDelay(shipment: Shipment): Record<string, unknown>[] {
  const { at } = shipment;
  const promised = Date.parse(shipment.order.promisedDeliveryAt);
  const place = { city: 'COLUMBIA', state: 'SC', zip: '29201' };
  const late: Detail = {
    at,
    status: 'in_transit',
    statusDetail: 'weather_delay',
    message: 'Weather delay',
    ...place,
  };
  return growing(shipment, [...begun(at), late], [promised, promised, Math.max(promised, at) + 24 * hour]);
}
