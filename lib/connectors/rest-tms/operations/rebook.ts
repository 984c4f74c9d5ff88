import { z } from 'zod';
import { operation } from '../../kit/connector';
import { restTime, segment, tell } from '../../kit/partner-rest';
import { bookedOutcome, lookUpBooking } from '../booking';
import { type Booking, booking } from '../schema';

const input = z.object({
  bookingId: z.string().min(1).max(200).describe('Booking to replace'),
  carrier: z.string().min(1).max(100).describe('New carrier'),
  service: z.string().max(100).optional().describe("The carrier's service; as before when empty"),
  pickupAt: restTime.optional().describe('When it can be collected; as before when empty'),
  reason: z.string().max(500).optional().describe('Why, for the record'),
});
type Input = z.infer<typeof input>;

/** `POST /bookings/{id}/rebook`, keyed: the TMS books anew first and only then cancels the old booking. */
export const rebook = operation<Input, Booking>({
  id: 'rebook',
  title: 'Rebook transport',
  description: 'Replaces a booking; the old one stands until the new one is confirmed.',
  kind: 'tms',
  safety: 'keyed',
  costs: true,
  idempotencyHeader: 'Idempotency-Key',
  input,
  output: booking,
  target: (wanted) => `bookings/${wanted.bookingId}/rebook/${wanted.carrier}`,
  async send(wanted, call) {
    const { bookingId, ...change } = wanted;
    const json = { reference: call.idempotencyKey, ...change };
    const path = `/bookings/${segment(bookingId)}/rebook`;
    const answer = await tell(call, { method: 'POST', path, json, keyed: true }, booking);
    return answer.ok ? bookedOutcome(answer.value) : answer.refusal;
  },
  lookUp: (_wanted, call) => lookUpBooking(call.idempotencyKey, call),
});
