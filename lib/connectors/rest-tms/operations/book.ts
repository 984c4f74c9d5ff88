import { z } from 'zod';
import { operation } from '../../kit/connector';
import { restQuantity, restTime, tell } from '../../kit/partner-rest';
import { bookedOutcome, lookUpBooking } from '../booking';
import { type Booking, booking } from '../schema';

const party = z.object({
  name: z.string().max(200).optional(),
  street: z.string().max(200).optional(),
  city: z.string().max(200).optional(),
  postalCode: z.string().max(40).optional(),
  country: z.string().length(2).optional().describe('ISO 3166-1 alpha-2'),
});
const input = z.object({
  orderNumber: z.string().min(1).max(200).describe('Order that is shipped'),
  shipmentId: z.string().max(200).optional().describe('Shipment, where it has a number already'),
  carrier: z.string().min(1).max(100).describe('Carrier to book'),
  service: z.string().max(100).optional().describe("The carrier's service"),
  pickupAt: restTime.optional().describe('When it can be collected'),
  from: party.optional().describe('Where it is collected'),
  to: party.optional().describe('Where it goes'),
  packages: z
    .array(
      z.object({
        sscc: z
          .string()
          .regex(/^\d{18}$/)
          .optional(),
        weight: restQuantity.optional(),
      }),
    )
    .max(999)
    .optional()
    .describe('Parcels or pallets'),
});
type Input = z.infer<typeof input>;

/** `POST /bookings`, keyed; our key is the reference too, so that a look-up finds it. */
export const book = operation<Input, Booking>({
  id: 'book',
  title: 'Book transport',
  description: 'Books a carrier for a shipment.',
  kind: 'tms',
  safety: 'keyed',
  costs: true,
  idempotencyHeader: 'Idempotency-Key',
  input,
  output: booking,
  target: (wanted) => `bookings/${wanted.orderNumber}/${wanted.shipmentId ?? ''}/${wanted.carrier}`,
  async send(wanted, call) {
    const json = { reference: call.idempotencyKey, ...wanted };
    const answer = await tell(call, { method: 'POST', path: '/bookings', json, keyed: true }, booking);
    return answer.ok ? bookedOutcome(answer.value) : answer.refusal;
  },
  lookUp: (_wanted, call) => lookUpBooking(call.idempotencyKey, call),
  undo: { operation: 'cancel', input: (_wanted, made) => ({ bookingId: made.id, reason: 'taken back' }) },
});
