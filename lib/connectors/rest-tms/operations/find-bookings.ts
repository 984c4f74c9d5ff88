import { z } from 'zod';
import { operation } from '../../kit/connector';
import { ask } from '../../kit/partner-rest';
import { booking } from '../schema';

const input = z.object({
  reference: z.string().min(1).max(200).describe('What the booking was made under, e.g. the order number'),
});
const output = z.object({ items: z.array(booking).describe('Newest first; empty when there is none') });

/** `GET /bookings?reference=`. */
export const findBookings = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'findBookings',
  title: 'Find bookings',
  description: 'Finds the bookings that were made under a reference.',
  kind: 'tms',
  safety: 'read',
  input,
  output,
  target: (wanted) => `bookings?reference=${wanted.reference}`,
  async send({ reference }, call) {
    const answer = await ask(call, `/bookings?reference=${encodeURIComponent(reference)}`, output);
    if (!answer.ok) return answer.refusal;
    // Compared again here: a TMS that ignores the filter would hand us somebody else's booking.
    const items = answer.value.items.filter((one) => one.reference === reference);
    return { outcome: 'ok', output: { items }, confirmed: true };
  },
});
