/** What the answers to a booking mean. */
import { z } from 'zod';
import type { CallContext, LookUpResult, OperationResult } from '../kit/connector';
import { ask, foundOrThrow } from '../kit/partner-rest';
import { type Booking, booking } from './schema';

const bookings = z.object({ items: z.array(booking) });

/** A booking that the carrier refused is a business problem, whatever the HTTP status was. */
export function bookedOutcome(made: Booking): OperationResult<Booking> {
  if (made.state === 'REJECTED') {
    const { code, message } = made.rejection ?? { code: 'REJECTED', message: undefined };
    return {
      outcome: 'business',
      code: 'CARRIER_REJECTED',
      message: message ?? `${made.carrier} rejected the booking`,
      vendorCode: code,
    };
  }
  return { outcome: 'ok', output: made, confirmed: made.state === 'CONFIRMED', reference: made.id };
}

/** Finds the booking made under our reference. A rejected or cancelled one does not stand in the way of a new one. */
export async function lookUpBooking(reference: string, call: CallContext): Promise<LookUpResult<Booking>> {
  const answer = foundOrThrow(
    await ask(call, `/bookings?reference=${encodeURIComponent(reference)}`, bookings),
  );
  const made = answer?.items.find(
    (one) => one.reference === reference && (one.state === 'CONFIRMED' || one.state === 'REQUESTED'),
  );
  if (made === undefined) return { found: false };
  return { found: true, output: made, confirmed: made.state === 'CONFIRMED', reference: made.id };
}
