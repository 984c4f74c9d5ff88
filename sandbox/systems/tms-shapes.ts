/** Bodies and bookings of docs/partner-rest.md, "Transport", and how tests steer the carriers. */
import { z } from 'zod';
import { address } from '../core/masterdata';
import { quantity, time } from './shapes';

const place = address.partial({ name: true, street: true });
export const bookingBody = z.object({
  reference: z.string().min(1),
  orderNumber: z.string().min(1),
  carrier: z.string().min(1),
  shipmentId: z.string().optional(),
  service: z.string().optional(),
  pickupAt: time.optional(),
  from: place.optional(),
  to: place.optional(),
  packages: z.array(z.object({ sscc: z.string().optional(), weight: quantity.optional() })).optional(),
});
export const rebookBody = z.object({
  reference: z.string().min(1),
  carrier: z.string().min(1),
  service: z.string().optional(),
  pickupAt: time.optional(),
  reason: z.string().optional(),
});
export const cancelBody = z.object({ reason: z.string().optional() });

export const refusalCodes = [
  'NO_CAPACITY',
  'CARRIER_REJECTED',
  'ADDRESS_INVALID',
  'COMPLIANCE_BLOCK',
] as const;
/** How a carrier answers bookings; `PUT /_admin/tms/carriers/{carrier}`. */
export const carrierPolicy = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('confirm') }),
  z.strictObject({
    decision: z.literal('refuse'),
    code: z.enum(refusalCodes).default('NO_CAPACITY'),
    message: z.string().default('no capacity'),
  }),
  /** Stays REQUESTED until `POST /_admin/tms/bookings/{id}/events` decides. */
  z.strictObject({ decision: z.literal('later') }),
]);
export type CarrierPolicy = z.infer<typeof carrierPolicy>;

export const bookingEvent = z.strictObject({
  type: z.enum([
    'booking.requested',
    'booking.confirmed',
    'booking.rejected',
    'booking.cancelled',
    'pickup.completed',
    'pickup.missed',
    'shipment.delayed',
    'shipment.delivered',
  ]),
  reason: z.strictObject({ code: z.string().min(1), message: z.string().default('') }).optional(),
  etaAt: time.optional(),
  delayMinutes: z.int().optional(),
});
export type BookingEvent = z.infer<typeof bookingEvent>;

export type BookingState = 'REQUESTED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED';
export interface Booking {
  id: string;
  reference: string;
  orderNumber: string;
  shipmentId: string;
  state: BookingState;
  carrier: string;
  service: string;
  trackingNumber: string;
  pickupAt: string;
  etaAt: string;
  cost: { amountMinor: string; currency: string };
  supersedes?: string;
  supersededBy?: string;
  rejection?: { code: string; message: string };
  [more: string]: unknown;
}
