/**
 * FedEx Track v1 answers as they are pushed or polled (https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html). Written by this
 * project after the vendor's page. Every delivery repeats the scans before it, newest first, as the real interface does.
 */
import { integer, pick } from '../../core/random';
import { local, type Shipment } from '../shipment';

interface Scan {
  at: number;
  eventType: string;
  eventDescription: string;
  exceptionCode?: string;
  exceptionDescription?: string;
  delayDetail?: { type: string; subType?: string; status: string };
  city: string;
  state: string;
}

const zone = -5;
const hour = 3_600_000;

function scanEvent({ at, eventType, eventDescription, city, state, ...more }: Scan): Record<string, unknown> {
  return {
    date: local(at, zone),
    eventType,
    eventDescription,
    derivedStatusCode: eventType === 'PU' ? 'PU' : eventType === 'DL' ? 'DL' : 'IT',
    derivedStatus: eventType === 'PU' ? 'Picked up' : eventType === 'DL' ? 'Delivered' : 'In transit',
    exceptionCode: more.exceptionCode ?? '',
    exceptionDescription: more.exceptionDescription ?? '',
    scanLocation: { city, stateOrProvinceCode: state, countryCode: 'US', residential: false },
    locationType: 'FEDEX_FACILITY',
    ...(more.delayDetail ? { delayDetail: more.delayDetail } : {}),
  };
}

function answer(
  shipment: Shipment,
  position: number,
  scans: readonly Scan[],
  etaAt: number,
): Record<string, unknown> {
  const { fedexTracking, order, at } = shipment;
  const [latest] = [...scans].reverse();
  const status = latest?.eventType ?? 'IT';
  const identifiers = [
    { type: 'PURCHASE_ORDER', values: [order.orderNumber], trackingNumberUniqueId: '', carrierCode: '' },
  ];
  const result = {
    trackingNumberInfo: {
      trackingNumber: fedexTracking,
      trackingNumberUniqueId: `${Math.floor(at / 1000)}~${fedexTracking}~FDEG`,
      carrierCode: 'FDXG',
    },
    additionalTrackingInfo: { nickname: '', packageIdentifiers: identifiers, hasAssociatedShipments: false },
    shipperInformation: {
      address: { city: 'CHARLOTTE', stateOrProvinceCode: 'NC', countryCode: 'US', residential: false },
    },
    recipientInformation: {
      address: { city: 'SAVANNAH', stateOrProvinceCode: 'GA', countryCode: 'US', residential: false },
    },
    latestStatusDetail: {
      code: status,
      derivedCode: status,
      statusByLocale: latest?.eventDescription,
      description: latest?.eventDescription,
      scanLocation: {
        city: latest?.city,
        stateOrProvinceCode: latest?.state,
        countryCode: 'US',
        residential: false,
      },
      ...(latest?.delayDetail ? { delayDetail: latest.delayDetail } : {}),
    },
    dateAndTimes: [
      { type: 'ACTUAL_PICKUP', dateTime: local(scans[0]?.at ?? at, zone) },
      { type: 'SHIP', dateTime: `${local(scans[0]?.at ?? at, zone).slice(0, 10)}T00:00:00-06:00` },
      { type: 'ESTIMATED_DELIVERY', dateTime: local(etaAt, zone) },
    ],
    scanEvents: [...scans].reverse().map(scanEvent),
    serviceDetail: { type: 'FEDEX_GROUND', description: 'FedEx Ground', shortDescription: 'FG' },
  };
  const output = { completeTrackResults: [{ trackingNumber: fedexTracking, trackResults: [result] }] };
  return { transactionId: shipment.id('fedex', position), output };
}

/** Picked up, on its way, then late: a delay scan with a reason, and an estimate one to three days later. */
export function lateDelivery(shipment: Shipment): Record<string, unknown>[] {
  const { at, random } = shipment;
  const promised = Date.parse(shipment.order.promisedDeliveryAt);
  const delay = pick(random, [
    {
      exceptionDescription: 'Package delayed',
      delayDetail: { type: 'WEATHER', subType: 'SNOW', status: 'DELAYED' },
    },
    { exceptionDescription: 'Package delayed', delayDetail: { type: 'OPERATIONAL', status: 'DELAYED' } },
  ]);
  const pickup: Scan = {
    at: at - 26 * hour,
    eventType: 'PU',
    eventDescription: 'Picked up',
    city: 'CHARLOTTE',
    state: 'NC',
  };
  const transit: Scan = {
    at: at - 9 * hour,
    eventType: 'DP',
    eventDescription: 'Departed FedEx location',
    city: 'CHARLOTTE',
    state: 'NC',
  };
  // DY and A52 as FedEx writes them for a delay (status DY, exception code A52 "Package delayed").
  const late: Scan = {
    at,
    eventType: 'DY',
    eventDescription: 'Delay',
    exceptionCode: 'A52',
    city: 'COLUMBIA',
    state: 'SC',
    ...delay,
  };
  const newEta = Math.max(promised, at) + integer(random, 1, 3) * 24 * hour;
  return [
    answer(shipment, 0, [pickup], promised),
    answer(shipment, 1, [pickup, transit], promised),
    answer(shipment, 2, [pickup, transit, late], newEta),
  ];
}

/** From pickup to the door, nothing wrong. */
export function onTimeDelivery(shipment: Shipment): Record<string, unknown>[] {
  const { at } = shipment;
  const promised = Date.parse(shipment.order.promisedDeliveryAt);
  const place = { city: 'SAVANNAH', state: 'GA' };
  const pickup: Scan = {
    at: at - 26 * hour,
    eventType: 'PU',
    eventDescription: 'Picked up',
    city: 'CHARLOTTE',
    state: 'NC',
  };
  const out: Scan = {
    at: at - 3 * hour,
    eventType: 'OD',
    eventDescription: 'On FedEx vehicle for delivery',
    ...place,
  };
  const delivered: Scan = { at, eventType: 'DL', eventDescription: 'Delivered', ...place };
  return [
    answer(shipment, 0, [pickup], promised),
    answer(shipment, 1, [pickup, out], promised),
    answer(shipment, 2, [pickup, out, delivered], at),
  ];
}
