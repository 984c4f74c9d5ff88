import { z } from 'zod';
import { lookUpUnanswered, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { type Json, list, object, objects, text } from '../../kit/text';
import { instant } from '../../kit/time';
import { carrierException, refusal, sendShipengine, shipengineError } from '../client';

const input = contract.input;
type Input = z.infer<typeof input>;
const output = contract.output.extend({
  confirmation: z.string().optional().describe("The carrier's own number"),
});
type Output = z.infer<typeof output>;

/** How far back an unanswered booking is looked for. */
const weekMs = 7 * 86_400_000;

/** What POST /v1/pickups takes; a sentence when something is missing. */
function pickupRequest(wanted: Input): Json | string {
  const { from, readyAt, closeAt, instructions, shipmentIds = [] } = wanted;
  if (shipmentIds.length === 0) return 'a ShipEngine pickup collects labels: name them in shipmentIds';
  const { name = from.company, email, phone } = from;
  if (name === undefined || email === undefined || phone === undefined)
    return 'a ShipEngine pickup needs the name, e-mail and phone of a contact in `from`';
  return present({
    label_ids: shipmentIds,
    contact_details: { name, email, phone },
    pickup_window: { start_at: readyAt, end_at: closeAt },
    pickup_notes: instructions,
  });
}

function pickupOf(pickup: Json | undefined): Output | undefined {
  const pickupId = text(pickup?.pickup_id, 100);
  if (pickupId === undefined || text(pickup?.cancelled_at, 40) !== undefined) return undefined;
  const window = object(pickup?.pickup_window) ?? objects(pickup?.pickup_windows)[0];
  return present({
    pickupId,
    pickupDate: text(window?.start_at, 40)?.slice(0, 10),
    confirmation: text(pickup?.confirmation_number, 100),
  });
}

/** A pickup has no reference of ours: the one that collects the same labels and is not cancelled is ours. */
async function findPickup({ shipmentIds = [] }: Input, call: CallContext): Promise<Output | undefined> {
  const since = encodeURIComponent(instant(call.now - weekMs));
  for (let page = 1; ; page++) {
    const path = `/v1/pickups?created_at_start=${since}&page=${page}&page_size=100`;
    const response = await reading(() => sendShipengine(call, { method: 'GET', path }));
    const answer = object(response.json());
    if (response.status !== 200 || !Array.isArray(answer?.pickups))
      throw lookUpUnanswered('ShipEngine', response);
    const own = objects(answer.pickups).find((pickup) => {
      const collected = list(pickup.label_ids);
      return pickupOf(pickup) !== undefined && shipmentIds.every((id) => collected.includes(id));
    });
    if (own !== undefined) return pickupOf(own);
    if (!(Number(answer.pages) > page)) return undefined;
  }
}

/** openapi.yaml: POST /v1/pickups. The address is that of the labels; a 2xx may hold errors instead of a pickup. */
export const bookPickup = operation<Input, Output>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Books the collection of labels; an unanswered booking is looked up by its labels.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input,
  output,
  target: ({ reference }) => `pickup/${reference}`,
  undo: { operation: 'cancelPickup', input: (_wanted, { pickupId }) => ({ pickupId }) },
  async send(wanted, call) {
    const json = pickupRequest(wanted);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendShipengine(call, { method: 'POST', path: '/v1/pickups', json });
    const refused = refusal(response, call, true, carrierException);
    if (refused !== undefined) return refused;
    const booked = pickupOf(object(response.json()));
    if (booked !== undefined)
      return {
        outcome: 'ok',
        output: booked,
        confirmed: booked.confirmation !== undefined,
        reference: booked.confirmation ?? booked.pickupId,
      };
    const error = shipengineError(response);
    if (error === undefined) return unreadable(true);
    return {
      outcome: 'business',
      code: 'CARRIER_REJECTED',
      message: error.message,
      ...(error.code === undefined ? {} : { vendorCode: error.code }),
    };
  },
  async lookUp(wanted, call) {
    const booked = await findPickup(wanted, call);
    if (booked === undefined) return { found: false };
    return { found: true, output: booked, confirmed: booked.confirmation !== undefined };
  },
});
