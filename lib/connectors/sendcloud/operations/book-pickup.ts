import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { object } from '../../kit/text';
import { refusal, sendSendcloud } from '../client';
import {
  findPickup,
  type Pickup,
  type PickupInput,
  path,
  pickupInput,
  pickupOf,
  pickupOutput,
  pickupRequest,
} from '../pickups';

/** POST /api/v3/pickups: what is ANNOUNCING or CREATED was sent to the carrier, which has not confirmed it. */
export const bookPickup = operation<PickupInput, Pickup>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description:
    'Books a one-time collection; an unanswered booking is looked up by carrier, time and reference.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: pickupInput,
  output: pickupOutput,
  target: ({ reference }) => `pickup/${reference}`,
  undo: { operation: 'cancelPickup', input: (_wanted, { pickupId }) => ({ pickupId }) },
  async send(wanted, call) {
    const json = pickupRequest(wanted);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendSendcloud(call, { method: 'POST', path, json });
    const refused = refusal(response, call, true, 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    const pickup = object(object(response.json())?.data);
    if (pickup?.status === 'FAILED')
      return {
        outcome: 'business',
        code: 'CARRIER_REJECTED',
        message: 'the carrier refused the pickup',
        vendorCode: 'FAILED',
      };
    const booked = pickupOf(pickup);
    if (booked === undefined) return unreadable(true);
    return {
      outcome: 'ok',
      output: booked,
      confirmed: booked.confirmation !== undefined,
      reference: booked.confirmation ?? booked.pickupId,
    };
  },
  async lookUp(wanted, call) {
    const booked = pickupOf(await findPickup(wanted, call));
    if (booked === undefined) return { found: false };
    return { found: true, output: booked, confirmed: booked.confirmation !== undefined };
  },
});
