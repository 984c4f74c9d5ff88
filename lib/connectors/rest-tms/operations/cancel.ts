import { z } from 'zod';
import { operation } from '../../kit/connector';
import { ask, foundOrThrow, segment, tell } from '../../kit/partner-rest';
import { type Booking, booking } from '../schema';

const input = z.object({
  bookingId: z.string().min(1).max(200).describe('Booking to cancel'),
  reason: z.string().max(500).default('cancelled').describe('Why, for the record'),
});
type Input = z.infer<typeof input>;

/** `POST /bookings/{id}/cancel`, keyed. Taken back by booking the same transport anew. */
export const cancel = operation<Input, Booking>({
  id: 'cancel',
  title: 'Cancel booking',
  description: 'Cancels a booking that has not been collected yet.',
  kind: 'tms',
  safety: 'keyed',
  idempotencyHeader: 'Idempotency-Key',
  input,
  output: booking,
  target: (wanted) => `bookings/${wanted.bookingId}/cancel`,
  async send(wanted, call) {
    const path = `/bookings/${segment(wanted.bookingId)}/cancel`;
    const answer = await tell(
      call,
      { method: 'POST', path, json: { reason: wanted.reason }, keyed: true },
      booking,
    );
    if (!answer.ok) return answer.refusal;
    const { value } = answer;
    return { outcome: 'ok', output: value, confirmed: value.state === 'CANCELLED', reference: value.id };
  },
  async lookUp(wanted, call) {
    const found = foundOrThrow(await ask(call, `/bookings/${segment(wanted.bookingId)}`, booking));
    if (found?.state !== 'CANCELLED') return { found: false };
    return { found: true, output: found, confirmed: true, reference: found.id };
  },
  // A cancelled booking does not come back: taking it back is booking the same transport again, under a new number.
  undo: {
    operation: 'book',
    input: (_wanted, { orderNumber, shipmentId, carrier, service, pickupAt }) => ({
      orderNumber,
      carrier,
      ...(shipmentId === undefined ? {} : { shipmentId }),
      ...(service === undefined ? {} : { service }),
      ...(pickupAt === undefined ? {} : { pickupAt }),
    }),
  },
});
