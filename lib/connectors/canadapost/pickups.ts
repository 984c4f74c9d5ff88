/** On-demand pickups as Canada Post takes and shows them (.../services/parcelpickup/createpickup.jsf). */
import { z } from 'zod';
import { tooLong } from '../kit/address-room';
import type { CallContext } from '../kit/connector';
import { bookPickup } from '../kit/contracts/carrier';
import { present } from '../kit/present';
import { idText, type Json, object, objects, text } from '../kit/text';
import { wallClock } from '../kit/time';
import { customerOf, mediaTypes } from './client';
import { lookUpDocument, postalCode } from './labels';
import { xmlDocument } from './write-xml';

export const pickupInput = bookPickup.input.extend({
  atBusinessAddress: z
    .boolean()
    .default(false)
    .describe("True for the address of the account's profile; `from` is the contact alone then"),
});
export type PickupInput = z.infer<typeof pickupInput>;
export type Pickup = z.infer<typeof bookPickup.output>;

const namespace = 'http://www.canadapost.ca/ws/pickuprequest';

export const pickupsPath = (call: CallContext) => `/enab/${customerOf(call).mailedBy}/pickuprequest`;

const room = { carrier: 'Canada Post', line: 35, city: 35, postalCode: 7 };

/** The instructions begin with our reference, by which an unanswered booking is found again. */
const instructionsOf = ({ reference, instructions }: PickupInput) =>
  instructions === undefined ? reference : `${reference}: ${instructions}`;

/** The body of Create Pickup Request; what is wrong with the input otherwise. */
export function pickupRequest(wanted: PickupInput, call: CallContext): { body: string } | { fault: string } {
  const { from } = wanted;
  const code = postalCode(from.postalCode);
  const phone = phoneOf(from.phone);
  const contact = from.name ?? from.company;
  if (from.email === undefined || phone === undefined || contact === undefined)
    return { fault: 'Canada Post needs name, e-mail and a North American phone of the contact' };
  const street = from.lines.join(', ');
  const long = wanted.atBusinessAddress ? undefined : tooLong(room, { ...from, lines: [street] });
  if (long !== undefined) return { fault: long };
  if (!wanted.atBusinessAddress && (code === undefined || from.region === undefined))
    return { fault: 'Canada Post collects at a Canadian address with province and postal code' };
  const ready = wallClock(wanted.readyAt);
  const close = wallClock(wanted.closeAt);
  const preferred = quarterFrom(ready.time);
  const closing = quarterUntil(close.time);
  if (ready.day !== close.day || preferred === undefined || closing === undefined)
    return { fault: 'Canada Post collects from 12:00 to 17:45, within one day' };
  return {
    body: xmlDocument('pickup-request-details', namespace, {
      'customer-request-id': call.idempotencyKey.slice(0, 35),
      'pickup-type': 'OnDemand',
      'pickup-location': {
        'business-address-flag': wanted.atBusinessAddress,
        'alternate-address': wanted.atBusinessAddress
          ? undefined
          : {
              company: (from.company ?? contact).slice(0, 35),
              'address-line-1': street,
              city: from.city,
              province: from.region,
              'postal-code': code,
            },
      },
      'contact-info': {
        'contact-name': contact.slice(0, 45),
        email: from.email,
        'contact-phone': phone,
      },
      'location-details': { 'pickup-instructions': instructionsOf(wanted) },
      'pickup-volume': `${wanted.parcels} parcels`,
      'pickup-times': {
        'on-demand-pickup-time': { date: ready.day, 'preferred-time': preferred, 'closing-time': closing },
      },
      'payment-info': {
        'contract-id': text(call.settings.contractId, 10),
        'method-of-payment': text(call.settings.methodOfPayment, 15) ?? 'Account',
      },
    }),
  };
}

/** `613-555-0100`, as it is asked for. */
function phoneOf(value: string | undefined): string | undefined {
  const [, area, exchange, line] = /^1?(\d{3})(\d{3})(\d{4})$/.exec(value?.replace(/\D/g, '') ?? '') ?? [];
  return area === undefined ? undefined : `${area}-${exchange}-${line}`;
}

const earliest = 12 * 60;
const latest = 17 * 60 + 45;
const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The next quarter of an hour at which a pickup can begin. */
function quarterFrom(time: string): string | undefined {
  const minutes = Math.max(Math.ceil(minutesOf(time) / 15) * 15, earliest);
  return minutes <= latest ? timeOf(minutes) : undefined;
}

/** The last one before it has to end. */
function quarterUntil(time: string): string | undefined {
  const minutes = Math.min(Math.floor(minutesOf(time) / 15) * 15, latest);
  return minutes > earliest ? timeOf(minutes) : undefined;
}

/** What a `pickup-request-header` says; undefined for a pickup that does not take place. */
export function pickupOf(header: Json | undefined): Pickup | undefined {
  const pickupId = idText(header?.['request-id']);
  if (pickupId === undefined || statusOf(header) === 'Cancelled') return undefined;
  return present({ pickupId, pickupDate: text(header?.['next-pickup-date'], 20) });
}

export const statusOf = (header: Json | undefined) => text(header?.['request-status'], 40);

export async function readPickup(call: CallContext, id: string): Promise<Json | undefined> {
  const path = `${pickupsPath(call)}/${encodeURIComponent(id)}/details`;
  return lookUpDocument(call, mediaTypes.pickup, path, 'pickup-request-detailed-info');
}

/** Get Pickup Requests lists the open ones and the last ones by day; the instructions are in the details of each. */
export async function findPickup(wanted: PickupInput, call: CallContext): Promise<Json | undefined> {
  const found = await lookUpDocument(call, mediaTypes.pickup, pickupsPath(call), 'pickup-requests');
  const { day } = wallClock(wanted.readyAt);
  const headers = objects(found?.['pickup-request']).map((item) => object(item['pickup-request-header']));
  for (const header of headers) {
    const pickup = pickupOf(header);
    if (pickup === undefined || (pickup.pickupDate ?? day) !== day) continue;
    const details = object((await readPickup(call, pickup.pickupId))?.['pickup-request-details']);
    const instructions = text(object(details?.['location-details'])?.['pickup-instructions'], 200);
    if (instructions === instructionsOf(wanted)) return header;
  }
  return undefined;
}
