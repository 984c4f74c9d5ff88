/** Bookings and webhook events of docs/partner-rest.md. */
import { z } from 'zod';
import { restMoney, restTime } from '../kit/partner-rest';

export const bookingStates = ['REQUESTED', 'CONFIRMED', 'REJECTED', 'CANCELLED'] as const;

/** What an operation answers: unknown fields are dropped. */
export const booking = z.object({
  id: z.string().min(1).max(200).describe("The TMS's own id of the booking"),
  reference: z.string().min(1).max(200).describe('Our reference'),
  orderNumber: z.string().max(200).optional(),
  shipmentId: z.string().max(200).optional(),
  state: z.enum(bookingStates),
  carrier: z.string().min(1).max(100),
  service: z.string().max(100).optional(),
  trackingNumber: z.string().max(100).optional(),
  pickupAt: restTime.optional(),
  etaAt: restTime.optional(),
  cost: restMoney.optional(),
  supersedes: z.string().max(200).optional(),
  supersededBy: z.string().max(200).optional(),
  rejection: z.object({ code: z.string().max(200), message: z.string().max(2000).optional() }).optional(),
});
export type Booking = z.infer<typeof booking>;

/** What a webhook carries: loose, so that a newer TMS does not break it. */
export const webhookEvent = z.looseObject({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  occurredAt: restTime,
  data: z.looseObject({
    booking: z.looseObject({ ...booking.shape, state: z.string().max(100) }),
    reason: z.looseObject({ code: z.string().max(200), message: z.string().max(2000).optional() }).optional(),
    etaAt: restTime.optional(),
    delayMinutes: z.int().optional(),
  }),
});
export type WebhookEvent = z.infer<typeof webhookEvent>;
