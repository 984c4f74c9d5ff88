import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { object } from '../../kit/text';
import { answerOf, mediaTypes, refusal, sendCanadaPost } from '../client';
import {
  findPickup,
  type Pickup,
  type PickupInput,
  pickupInput,
  pickupOf,
  pickupRequest,
  pickupsPath,
} from '../pickups';

/** POST /enab/{customer}/pickuprequest */
export const bookPickup = operation<PickupInput, Pickup>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Books an on-demand pickup; an unanswered booking is looked up by day and reference.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: pickupInput,
  output: contract.output,
  target: ({ reference }) => `pickup/${reference}`,
  undo: { operation: 'cancelPickup', input: (_wanted, { pickupId }) => ({ pickupId }) },
  async send(wanted, call) {
    const request = pickupRequest(wanted, call);
    if ('fault' in request) return { outcome: 'fatal', message: request.fault };
    const { body } = request;
    const path = pickupsPath(call);
    const response = await sendCanadaPost(call, mediaTypes.pickup, { method: 'POST', path, body });
    const refused = refusal(response, call, true, 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    const booked = pickupOf(object(answerOf(response, 'pickup-request-info')?.['pickup-request-header']));
    return booked === undefined
      ? unreadable(true)
      : { outcome: 'ok', output: booked, confirmed: true, reference: booked.pickupId };
  },
  async lookUp(wanted, call) {
    const booked = pickupOf(await findPickup(wanted, call));
    return booked === undefined ? { found: false } : { found: true, output: booked, confirmed: true };
  },
});
