import { type Refusal, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import type { HttpResponse } from '../../kit/http';
import { reading } from '../../kit/outbound';
import { type Json, object, objects, text } from '../../kit/text';
import { easypostError, pickupException, sendEasypost } from '../client';
import {
  bookedOf,
  findPickup,
  type Pickup,
  type PickupInput,
  pickupInput,
  pickupOutput,
  pickupRequest,
  rateOf,
} from '../pickups';
import { referenceOf } from '../shipments';

function refusal(response: HttpResponse, call: CallContext, write: boolean): Refusal | undefined {
  return refusalOf(response, call, { write, error: easypostError(response), exception: pickupException });
}

const isRefusal = (value: Json | Refusal): value is Refusal => typeof value.outcome === 'string';

/** A pickup that is not bought obliges nobody, so a lost answer is simply tried again. */
async function createPickup(wanted: PickupInput, call: CallContext): Promise<Json | Refusal> {
  const json = pickupRequest(wanted, call);
  if (typeof json === 'string') return { outcome: 'fatal', message: json };
  const response = await reading(() => sendEasypost(call, { method: 'POST', path: '/v2/pickups', json }));
  return refusal(response, call, false) ?? object(response.json()) ?? unreadable(false);
}

async function buy(pickup: Json, wanted: PickupInput, call: CallContext): Promise<OperationResult<Pickup>> {
  const id = text(pickup.id, 100);
  const rate = rateOf(pickup, wanted);
  if (id === undefined) return unreadable(false);
  if (rate === undefined) {
    const reasons = objects(pickup.messages).flatMap((item) => text(item.message, 300) ?? []);
    const message = `no such pickup is offered: ${reasons.join('; ') || 'no rate for it'}`;
    return { outcome: 'business', code: 'CARRIER_REJECTED', message };
  }
  const path = `/v2/pickups/${encodeURIComponent(id)}/buy`;
  const json = { carrier: rate.carrier, service: rate.service };
  const response = await sendEasypost(call, { method: 'POST', path, json });
  const refused = refusal(response, call, true);
  if (refused !== undefined) return refused;
  const booked = bookedOf(object(response.json()));
  return booked === undefined ? unreadable(true) : ok(booked);
}

const ok = (booked: Pickup) => ({
  outcome: 'ok' as const,
  output: booked,
  confirmed: true,
  reference: booked.confirmation ?? booked.pickupId,
});

/** https://docs.easypost.com/docs/pickups: create, then buy a rate. What exists under our reference is looked up before. */
export const bookPickup = operation<PickupInput, Pickup>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Books a collection of one shipment or one batch; looks up what exists before it books.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: pickupInput,
  output: pickupOutput,
  target: ({ reference }) => `pickup/${reference}`,
  undo: { operation: 'cancelPickup', input: (_wanted, { pickupId }) => ({ pickupId }) },
  async send(wanted, call) {
    const existing = await findPickup(call, referenceOf(call));
    const booked = bookedOf(existing);
    if (booked !== undefined) return ok(booked);
    const pickup = existing ?? (await createPickup(wanted, call));
    return isRefusal(pickup) ? pickup : buy(pickup, wanted, call);
  },
  async lookUp(_wanted, call) {
    const booked = bookedOf(await findPickup(call, referenceOf(call)));
    return booked === undefined ? { found: false } : { found: true, output: booked, confirmed: true };
  },
});
