/** Booking webhooks of docs/partner-rest.md, "Transport". Written by this project. */
import { integer } from '../../core/random';
import { type Shipment, utc } from '../shipment';

const minute = 60_000;
const hour = 60 * minute;

function event(
  shipment: Shipment,
  position: number,
  type: string,
  at: number,
  state: string,
  details: Record<string, unknown>,
): Record<string, unknown> {
  const { order } = shipment;
  const rejection = state === 'REJECTED' ? { rejection: details.reason } : {};
  const booking = {
    id: `BK-${order.orderNumber}`,
    reference: order.orderNumber,
    orderNumber: order.orderNumber,
    shipmentId: order.shipmentId,
    state,
    carrier: order.carrier,
    service: 'ground',
    pickupAt: utc(shipment.at + 4 * hour),
    etaAt: order.promisedDeliveryAt,
    ...rejection,
  };
  return {
    id: `evt-${shipment.id(`tms-${type}`, position)}`,
    type,
    occurredAt: utc(at),
    data: { booking, ...details },
  };
}

export function bookingConfirmed(shipment: Shipment): Record<string, unknown>[] {
  const { at } = shipment;
  return [
    event(shipment, 0, 'booking.requested', at - 30 * minute, 'REQUESTED', {}),
    event(shipment, 1, 'booking.confirmed', at, 'CONFIRMED', {}),
  ];
}

export function bookingRejected(shipment: Shipment): Record<string, unknown>[] {
  const { at } = shipment;
  const reason = { code: 'NO_CAPACITY', message: 'No capacity on the requested day' };
  return [
    event(shipment, 0, 'booking.requested', at - 30 * minute, 'REQUESTED', {}),
    event(shipment, 1, 'booking.rejected', at, 'REJECTED', { reason }),
  ];
}

export function pickupMissed(shipment: Shipment): Record<string, unknown>[] {
  const { at, random } = shipment;
  const delayMinutes = integer(random, 60, 600);
  return [
    event(shipment, 0, 'booking.confirmed', at - 8 * hour, 'CONFIRMED', {}),
    event(shipment, 1, 'pickup.missed', at, 'CONFIRMED', { delayMinutes }),
  ];
}
