import { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { totalWeight } from '../../kit/measures';
import { type Json, object, text } from '../../kit/text';
import { wallClock } from '../../kit/time';
import { isDomestic, streetOf, unfitAddress } from '../address';
import { sendUsps, uspsError } from '../client';

const packageTypes = new Set([
  'FIRST-CLASS_PACKAGE_SERVICE',
  'PRIORITY_MAIL_EXPRESS',
  'PRIORITY_MAIL',
  'RETURNS',
  'USPS_GROUND_ADVANTAGE',
  'INTERNATIONAL',
]);

const input = contract.input.extend({
  packageLocation: z
    .enum([
      'FRONT_DOOR',
      'BACK_DOOR',
      'SIDE_DOOR',
      'KNOCK_ON_DOOR',
      'MAIL_ROOM',
      'OFFICE',
      'PORCH',
      'RECEPTION',
      'MAILBOX',
      'OTHER',
    ])
    .default('FRONT_DOOR')
    .describe('Where the carrier finds the packages'),
});
type Input = z.infer<typeof input>;

function requestOf(wanted: Input): Json | string {
  const { from, service, instructions, reference } = wanted;
  const pounds = wanted.weight === undefined ? undefined : totalWeight([wanted.weight], 'LBR', 1);
  if (!isDomestic(from)) return 'USPS collects in the United States only';
  const unfit = unfitAddress(from);
  if (unfit !== undefined) return unfit;
  if (pounds === undefined) return 'USPS needs the weight of the pickup';
  const words = (from.name ?? from.company ?? '').trim().split(/\s+/);
  const [first = ''] = words;
  if (first === '') return 'USPS needs a name where it collects';
  const contact = contactOf(from);
  if (contact === undefined) return 'USPS needs an e-mail address or a phone number where it collects';
  return {
    pickupDate: wallClock(wanted.readyAt).day,
    pickupAddress: {
      firstName: (words.length === 1 ? first : words.slice(0, -1).join(' ')).slice(0, 50),
      lastName: (words.at(-1) ?? first).slice(0, 50),
      ...(from.company === undefined ? {} : { firm: from.company.slice(0, 50) }),
      address: streetOf(from),
      contact,
    },
    packages: [
      {
        packageType: service !== undefined && packageTypes.has(service) ? service : 'OTHER',
        packageCount: wanted.parcels,
      },
    ],
    estimatedWeight: Number(pounds),
    pickupLocation: {
      packageLocation: wanted.packageLocation,
      specialInstructions: [reference, instructions].filter((part) => part !== undefined).join(' '),
    },
  };
}

/** One way is enough: e-mail, else ten digits of a phone. */
function contactOf({ email, phone }: PostalAddress): Json[] | undefined {
  if (email !== undefined && email.length <= 50) return [{ email }];
  const digits = phone?.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
  return digits?.length === 10 ? [{ cellNumber: digits }] : undefined;
}

/**
 * Carrier Pickup v3: POST /pickup/v3/carrier-pickup (https://developers.usps.com/carrierpickupv3). The carrier comes on the regular round: USPS takes the
 * day, no hours. It takes no idempotency key and lists no pickups: after a lost answer a person decides.
 */
export const bookPickup = operation<Input, z.infer<typeof contract.output>>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Has the letter carrier collect packages on a day.',
  kind: 'carrier',
  safety: 'irreversible',
  input,
  output: contract.output,
  target: ({ reference }) => `pickup/${reference}`,
  undo: { operation: 'cancelPickup', input: (_wanted, { pickupId }) => ({ pickupId }) },
  async send(wanted, call) {
    const json = requestOf(wanted);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendUsps(call, { method: 'POST', path: '/pickup/v3/carrier-pickup', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: uspsError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const answer = object(response.json());
    const pickupId = text(answer?.confirmationNumber, 100);
    if (pickupId === undefined) return unreadable(true);
    const pickupDate = text(answer?.pickupDate, 10) ?? wallClock(wanted.readyAt).day;
    return { outcome: 'ok', output: { pickupId, pickupDate }, confirmed: true, reference: pickupId };
  },
});
