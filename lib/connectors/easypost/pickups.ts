/** Pickups as EasyPost takes and shows them (https://docs.easypost.com/docs/pickups). */
import { z } from 'zod';
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { bookPickup } from '../kit/contracts/carrier';
import { reading } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, object, objects, text } from '../kit/text';
import { addressOf, sendEasypost } from './client';
import { referenceOf } from './shipments';

export const pickupInput = bookPickup.input.extend({
  batchId: z.string().max(100).optional().describe('EasyPost batch whose shipments are collected'),
});
export type PickupInput = z.infer<typeof pickupInput>;
export const pickupOutput = bookPickup.output.extend({
  confirmation: z.string().optional().describe("The carrier's own number"),
});
export type Pickup = z.infer<typeof pickupOutput>;

/** What POST /v2/pickups takes; a sentence when EasyPost cannot be told what is collected. */
export function pickupRequest(wanted: PickupInput, call: CallContext): Json | string {
  const { batchId, shipmentIds = [], carrier, readyAt, closeAt, instructions, from } = wanted;
  const [shipment, ...others] = shipmentIds;
  if (batchId === undefined && (shipment === undefined || others.length > 0))
    return 'an EasyPost pickup collects one shipment or one batch: name one of them';
  return {
    pickup: present({
      reference: referenceOf(call),
      address: addressOf(from),
      min_datetime: readyAt,
      max_datetime: closeAt,
      is_account_address: false,
      instructions,
      ...(batchId === undefined ? { shipment: { id: shipment } } : { batch: { id: batchId } }),
      carrier_accounts: carrier?.startsWith('ca_') ? [{ id: carrier }] : undefined,
    }),
  };
}

/** The rate that is wanted, else the cheapest of those that are offered. */
export function rateOf(pickup: Json, { service, carrier }: PickupInput): Json | undefined {
  const named = carrier?.startsWith('ca_') ? undefined : carrier;
  return objects(pickup.pickup_rates)
    .filter((rate) => service === undefined || rate.service === service)
    .filter((rate) => named === undefined || rate.carrier === named)
    .toSorted((a, b) => Number(a.rate) - Number(b.rate))[0];
}

/** `A Pickup object can be retrieved by either an id or reference`; undefined when there is none. */
export async function findPickup(call: CallContext, id: string): Promise<Json | undefined> {
  const path = `/v2/pickups/${encodeURIComponent(id)}`;
  const response = await reading(() => sendEasypost(call, { method: 'GET', path }));
  if (response.status === 404) return undefined;
  const found = response.status === 200 ? object(response.json()) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('EasyPost', response);
}

/** The booked pickup; undefined while it is only rated, or cancelled. */
export function bookedOf(pickup: Json | undefined): Pickup | undefined {
  const pickupId = text(pickup?.id, 100);
  if (pickupId === undefined || pickup?.status !== 'scheduled') return undefined;
  return present({
    pickupId,
    pickupDate: text(pickup.min_datetime, 40)?.slice(0, 10),
    confirmation: text(pickup.confirmation, 100),
  });
}
