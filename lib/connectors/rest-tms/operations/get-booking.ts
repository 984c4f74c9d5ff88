import { z } from 'zod';
import { operation } from '../../kit/connector';
import { ask, segment } from '../../kit/partner-rest';
import { type Booking, booking } from '../schema';

const input = z.object({ bookingId: z.string().min(1).max(200).describe('Booking to read') });

/** `GET /bookings/{id}`. */
export const getBooking = operation<z.infer<typeof input>, Booking>({
  id: 'getBooking',
  title: 'Read booking',
  description: 'Reads the state of a booking.',
  kind: 'tms',
  safety: 'read',
  input,
  output: booking,
  target: (wanted) => `bookings/${wanted.bookingId}`,
  async send(wanted, call) {
    const answer = await ask(call, `/bookings/${segment(wanted.bookingId)}`, booking);
    if (!answer.ok) return answer.refusal;
    return { outcome: 'ok', output: answer.value, confirmed: true, reference: answer.value.id };
  },
});
