import { z } from 'zod';
import { RetryableError } from '../../../model/errors';
import { tooLong } from '../../kit/address-room';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { type Json, object, text } from '../../kit/text';
import { wallClock } from '../../kit/time';
import { accountMissing, accountOf, sendUps, upsError } from '../client';
import { isListed, pendingPickups } from '../pickups';
import { pickupWeight } from '../units';

const input = contract.input.extend({
  parcels: contract.input.shape.parcels.max(999).describe('Pieces; 999 at most'),
  service: z
    .string()
    .regex(/^\d{2,3}$/)
    .default('003')
    .describe('UPS service code, e.g. 003 for Ground'),
  destinationCountry: z
    .string()
    .length(2)
    .optional()
    .describe('Where the pieces go; the country of the pickup where it is left out'),
  residential: z.boolean().default(false),
});
type Input = z.infer<typeof input>;
type Output = z.infer<typeof contract.output>;

const room = { carrier: 'UPS', line: 73, city: 50, postalCode: 8 };

/** Ours, so that a booking whose answer got lost is found again. */
const referenceOf = (call: CallContext) => call.idempotencyKey.slice(0, 35);

function requestOf(wanted: Input, account: string, call: CallContext): Json | string {
  const { from, readyAt, closeAt, instructions, reference } = wanted;
  const phone = from.phone?.replace(/\D/g, '').slice(0, 25);
  const contact = from.name ?? from.company;
  if (!phone || contact === undefined) return 'UPS needs a name and a phone number where it collects';
  const ready = wallClock(readyAt);
  const close = wallClock(closeAt);
  if (ready.day !== close.day) return 'a pickup begins and ends on one day';
  const street = from.lines.join(', ');
  // Of a ZIP code and its extension only the first fits.
  const postalCode = from.country === 'US' ? from.postalCode?.slice(0, 5) : from.postalCode;
  const unfit = tooLong(room, { lines: [street], city: from.city, postalCode });
  if (unfit !== undefined) return unfit;
  const weight = wanted.weight === undefined ? undefined : pickupWeight(wanted.weight, from.country);
  return {
    PickupCreationRequest: {
      Request: {},
      RatePickupIndicator: 'N',
      Shipper: { Account: { AccountNumber: account, AccountCountryCode: from.country } },
      PickupDateInfo: {
        ReadyTime: ready.time.replace(':', ''),
        CloseTime: close.time.replace(':', ''),
        PickupDate: ready.day.replaceAll('-', ''),
      },
      PickupAddress: {
        CompanyName: (from.company ?? contact).slice(0, 27),
        ContactName: contact.slice(0, 22),
        AddressLine: [street],
        City: from.city,
        ...(from.region === undefined ? {} : { StateProvince: from.region }),
        ...(postalCode === undefined ? {} : { PostalCode: postalCode }),
        CountryCode: from.country,
        ResidentialIndicator: wanted.residential ? 'Y' : 'N',
        Phone: { Number: phone },
      },
      AlternateAddressIndicator: 'Y',
      PickupPiece: [
        {
          ServiceCode: wanted.service.padStart(3, '0'),
          Quantity: String(wanted.parcels),
          DestinationCountryCode: wanted.destinationCountry ?? from.country,
          ContainerCode: '01',
        },
      ],
      ...(weight === undefined ? {} : { TotalWeight: weight }),
      PaymentMethod: text(call.settings.pickupPayment, 2) ?? '01',
      SpecialInstruction: [instructions, reference]
        .filter((part) => part !== undefined)
        .join(' ')
        .slice(0, 57),
      ReferenceNumber: referenceOf(call),
    },
  };
}

/**
 * Pickup.yaml: POST /api/pickupcreation/v2409/pickup, an on-call pickup. UPS takes no idempotency key; it lists our reference with the pickups
 * of today and tomorrow, so a lost answer about a later day can only be settled by a person, or by the look-up of the day before.
 */
export const bookPickup = operation<Input, Output>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description:
    'Orders a driver; an unanswered call is looked up by our reference before another one is ordered.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input,
  output: contract.output,
  target: ({ reference }) => `pickup/${reference}`,
  undo: {
    operation: 'cancelPickup',
    input: (_wanted, { pickupId, pickupDate }) => ({
      pickupId,
      ...(pickupDate === undefined ? {} : { pickupDate }),
    }),
  },
  async send(wanted, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    const json = requestOf(wanted, account, call);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendUps(call, { method: 'POST', path: '/api/pickupcreation/v2409/pickup', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: upsError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const answer = object(object(response.json())?.PickupCreationResponse);
    const status = object(object(answer?.Response)?.ResponseStatus);
    const pickupId = text(answer?.PRN, 26);
    if (pickupId !== undefined)
      return {
        outcome: 'ok',
        output: { pickupId, pickupDate: wallClock(wanted.readyAt).day },
        confirmed: true,
        reference: pickupId,
      };
    if (text(status?.Code, 1) !== '0') return unreadable(true);
    const message = text(status?.Description, 500) ?? 'UPS did not take the pickup';
    return { outcome: 'business', code: 'CARRIER_REJECTED', message, vendorCode: '0' };
  },
  async lookUp(wanted, call) {
    const account = accountOf(call);
    if (account === undefined) return { found: false };
    const pending = await pendingPickups(call, account);
    const { day } = wallClock(wanted.readyAt);
    const own = pending.find(({ reference, status }) => reference === referenceOf(call) && status !== '007');
    if (own !== undefined)
      return {
        found: true,
        output: { pickupId: own.prn, pickupDate: day },
        confirmed: true,
        reference: own.prn,
      };
    if (isListed(wanted.readyAt, call.now)) return { found: false };
    throw new RetryableError('LOOK_UP_INCONCLUSIVE', `UPS does not list pickups of ${day} yet`, {
      hint: 'Ask UPS whether the pickup is booked, or wait until the day before it.',
    });
  },
});
