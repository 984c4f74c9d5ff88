/**
 * UPS Track Alert events (https://github.com/UPS-API/api-documentation, UPSTrackAlert.yaml, webhook TrackingEvent). Written by this project
 * after the vendor's file: one event a delivery, local time beside GMT, fields without a value are empty text.
 */
import { local, type Shipment } from '../shipment';

interface Activity {
  at: number;
  type: string;
  code: string;
  description: string;
  descriptionCode: string;
  city: string;
  state: string;
  /** Day of the scheduled delivery, epoch milliseconds. */
  scheduled?: number;
}

const zone = -5;
const hour = 3_600_000;
const day = (instant: number) => local(instant, zone).slice(0, 10).replaceAll('-', '');
const clock = (instant: number, offset: number) => local(instant, offset).slice(11, 19).replaceAll(':', '');

function trackingEvent(shipment: Shipment, activity: Activity): Record<string, unknown> {
  const { at, type, code, description, descriptionCode, city, state, scheduled } = activity;
  const delivered = type === 'D';
  return {
    trackingNumber: shipment.upsTracking,
    localActivityDate: day(at),
    localActivityTime: clock(at, zone),
    activityLocation: { city, stateProvince: state, postalCode: delivered ? '28209' : '', country: 'US' },
    activityStatus: { type, code, description, descriptionCode },
    scheduledDeliveryDate: scheduled === undefined ? '' : day(scheduled),
    actualDeliveryDate: delivered ? day(at) : '',
    actualDeliveryTime: delivered ? clock(at, zone) : '',
    gmtActivityDate: local(at, 0).slice(0, 10).replaceAll('-', ''),
    gmtActivityTime: clock(at, 0),
    deliveryStartTime: '',
    deliveryEndTime: '',
    deliveryTimeDescription: scheduled === undefined ? '' : 'end of day',
  };
}

function begun(shipment: Shipment, scheduled: number): Activity[] {
  const { at } = shipment;
  const place = { city: 'Hickory', state: 'NC' };
  return [
    {
      at: at - 30 * hour,
      type: 'M',
      code: 'MP',
      description: 'Shipment Ready for UPS',
      descriptionCode: '003',
      city: '',
      state: '',
    },
    {
      at: at - 20 * hour,
      type: 'I',
      code: 'OR',
      description: 'On the Way',
      descriptionCode: '005',
      ...place,
      scheduled,
    },
    {
      at: at - 18 * hour,
      type: 'I',
      code: 'DP',
      description: 'On the Way',
      descriptionCode: '005',
      ...place,
      scheduled,
    },
  ];
}

/** An exception on the way: type X with a weather delay (code DJ), which alone does not say that it will be late. */
export function exceptionAlert(shipment: Shipment): Record<string, unknown>[] {
  const scheduled = Date.parse(shipment.order.promisedDeliveryAt);
  const weather = 'Severe weather conditions have delayed delivery';
  const place = { city: 'Columbia', state: 'SC' };
  const exception: Activity = {
    at: shipment.at,
    type: 'X',
    code: 'DJ',
    description: weather,
    descriptionCode: '052',
    ...place,
    scheduled: scheduled + 24 * hour,
  };
  return [...begun(shipment, scheduled), exception].map((activity) => trackingEvent(shipment, activity));
}

export function deliveredAlert(shipment: Shipment): Record<string, unknown>[] {
  const scheduled = Date.parse(shipment.order.promisedDeliveryAt);
  const place = { city: 'Charlotte', state: 'NC' };
  const { at } = shipment;
  const out: Activity = {
    at: at - 5 * hour,
    type: 'I',
    code: 'OT',
    description: 'Out for Delivery',
    descriptionCode: '021',
    ...place,
    scheduled,
  };
  const delivered: Activity = {
    at,
    type: 'D',
    code: 'FS',
    description: 'Delivered',
    descriptionCode: '011',
    ...place,
  };
  return [...begun(shipment, scheduled), out, delivered].map((activity) => trackingEvent(shipment, activity));
}
