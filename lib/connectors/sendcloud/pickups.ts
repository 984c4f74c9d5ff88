/** Pickups as Sendcloud takes and shows them: version 3 of the API (https://sendcloud.dev/api/v3/pickups). */
import { z } from 'zod';
import { RetryableError } from '../../model/errors';
import type { CallContext } from '../kit/connector';
import { bookPickup } from '../kit/contracts/carrier';
import { weightIn } from '../kit/measures';
import { present } from '../kit/present';
import { type Json, object, objects, text } from '../kit/text';
import { instant } from '../kit/time';
import { lookUpParcels } from './labels';

export const pickupInput = bookPickup.input.extend({
  contractId: z
    .int()
    .positive()
    .optional()
    .describe('Where the account has several contracts with the carrier'),
});
export type PickupInput = z.infer<typeof pickupInput>;
export const pickupOutput = bookPickup.output.extend({
  confirmation: z.string().optional().describe("The carrier's own number"),
});
export type Pickup = z.infer<typeof pickupOutput>;

export const path = '/api/v3/pickups';
const pageSize = 100;
const seconds = (rfc3339: string) => `${instant(Date.parse(rfc3339)).slice(0, 19)}Z`;

/** What POST /pickups takes; a sentence when something is missing. */
export function pickupRequest(wanted: PickupInput): Json | string {
  const { carrier, weight, from } = wanted;
  const kilograms = weight === undefined ? undefined : weightIn(weight, 'KGM', 2);
  if (carrier === undefined || kilograms === undefined)
    return 'a Sendcloud pickup needs the code of the carrier and the weight of all parcels';
  const { name, company, lines, city, postalCode, country, phone, email } = from;
  return present({
    address: present({
      name: name ?? company,
      company_name: company,
      address_line_1: lines[0],
      address_line_2: lines.slice(1).join(', ') || undefined,
      city,
      postal_code: postalCode,
      country_code: country,
      phone_number: phone,
      email,
    }),
    time_slots: [{ start_at: seconds(wanted.readyAt), end_at: seconds(wanted.closeAt) }],
    items: [
      {
        quantity: wanted.parcels,
        container_type: 'parcel',
        total_weight: { value: kilograms, unit: 'kg' },
      },
    ],
    carrier_code: carrier,
    reference: wanted.reference,
    special_instructions: wanted.instructions,
    contract_id: wanted.contractId,
  });
}

/** A pickup that the carrier has or will get; undefined for one that failed or was cancelled. */
export function pickupOf(pickup: Json | undefined): Pickup | undefined {
  const pickupId = text(pickup?.id, 100);
  const status = text(pickup?.status, 60);
  if (pickupId === undefined || (status !== 'ANNOUNCING' && status !== 'CREATED')) return undefined;
  const slot = objects(pickup?.time_slots)[0];
  return present({
    pickupId,
    pickupDate: text(slot?.start_at, 40)?.slice(0, 10),
    confirmation: text(pickup?.tracking_number, 100),
  });
}

export async function readPickup(call: CallContext, id: string): Promise<Json | undefined> {
  return object((await lookUpParcels(call, `${path}/${encodeURIComponent(id)}`)).data);
}

/** The list has no references: those of the same carrier and time are read one by one. */
export async function findPickup(wanted: PickupInput, call: CallContext): Promise<Json | undefined> {
  const answer = await lookUpParcels(call, `${path}?page_size=${pageSize}`);
  const pickups = objects(answer.data);
  const start = Date.parse(wanted.readyAt);
  const candidates = pickups.filter(
    (pickup) =>
      pickup.carrier_code === wanted.carrier &&
      pickupOf(pickup) !== undefined &&
      objects(pickup.time_slots).some((slot) => Date.parse(text(slot.start_at, 40) ?? '') === start),
  );
  for (const { id } of candidates) {
    const pickup = await readPickup(call, text(id, 100) ?? '');
    if (pickup?.reference === wanted.reference) return pickup;
  }
  if (pickups.length < pageSize) return undefined;
  throw new RetryableError('LOOK_UP_UNANSWERED', `more than ${pageSize} pickups to look through`, {
    hint: 'Look for the pickup in the Sendcloud panel.',
  });
}
