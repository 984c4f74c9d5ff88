import { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { present } from '../../kit/present';
import { type Json, object, text } from '../../kit/text';
import { instant } from '../../kit/time';
import { addressOf, messagesOf, refusal, sendShippo } from '../client';

const input = contract.input.extend({
  buildingLocation: z
    .enum([
      'Back Door',
      'Front Door',
      'In/At Mailbox',
      'Knock on Door',
      'Mail Room',
      'Office',
      'Reception',
      'Ring Bell',
      'Security Deck',
      'Shipping Dock',
      'Side Door',
    ])
    .default('Shipping Dock')
    .describe('Where in the building the parcels are'),
});
type Input = z.infer<typeof input>;
const output = contract.output.extend({
  confirmation: z.string().optional().describe("The carrier's own number"),
});
type Output = z.infer<typeof output>;

/** What POST /pickups takes; a sentence when something is missing. */
function pickupRequest(wanted: Input): Json | string {
  const { carrier, shipmentIds = [], from } = wanted;
  if (carrier === undefined || shipmentIds.length === 0)
    return 'a Shippo pickup collects transactions of one carrier account: name it in carrier and them in shipmentIds';
  if ((from.name ?? from.company) === undefined || from.region === undefined || from.postalCode === undefined)
    return 'a Shippo pickup needs a name, a state and a postal code';
  return {
    carrier_account: carrier,
    location: present({
      address: addressOf(from),
      building_location_type: wanted.buildingLocation,
      instructions: wanted.instructions,
    }),
    requested_start_time: instant(Date.parse(wanted.readyAt)),
    requested_end_time: instant(Date.parse(wanted.closeAt)),
    transactions: shipmentIds,
    metadata: wanted.reference,
  };
}

/**
 * docs.goshippo.com/docs/guides_general/pickup: POST /pickups, for USPS and DHL Express. Shippo has no call that reads or cancels a
 * pickup: after an unanswered booking a person decides.
 */
export const bookPickup = operation<Input, Output>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Books the collection of labels; it can neither be looked up nor taken back through Shippo.',
  kind: 'carrier',
  safety: 'irreversible',
  costs: true,
  input,
  output,
  target: ({ reference }) => `pickup/${reference}`,
  async send(wanted, call) {
    const json = pickupRequest(wanted);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendShippo(call, { method: 'POST', path: '/pickups', json });
    const refused = refusal(response, call, true, () => 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    const pickup = object(response.json());
    const status = text(pickup?.status, 60);
    const pickupId = text(pickup?.object_id, 100);
    if (status === 'ERROR') {
      const message = messagesOf(pickup) || 'the carrier refused the pickup';
      return { outcome: 'business', code: 'CARRIER_REJECTED', message, vendorCode: status };
    }
    if (pickupId === undefined || (status !== 'CONFIRMED' && status !== 'PENDING')) return unreadable(true);
    const confirmation = text(pickup?.confirmation_code, 100);
    const start = text(pickup?.confirmed_start_time, 40) ?? text(pickup?.requested_start_time, 40);
    return {
      outcome: 'ok',
      output: present({ pickupId, pickupDate: start?.slice(0, 10), confirmation }),
      confirmed: status === 'CONFIRMED',
      reference: confirmation ?? pickupId,
    };
  },
});
