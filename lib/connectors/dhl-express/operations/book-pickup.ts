import { z } from 'zod';
import { tooLong } from '../../kit/address-room';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { totalWeight } from '../../kit/measures';
import { type Json, list, object, text } from '../../kit/text';
import { wallClock } from '../../kit/time';
import { accountMissing, accountOf, dhlError, dhlTime, sendDhl } from '../client';
import { partyOf, room } from '../party';

const input = contract.input.extend({
  service: z.string().min(1).max(6).default('P').describe('DHL global product code, e.g. P'),
  dutiable: z.boolean().default(false).describe('True where the shipments cross a customs border with goods'),
});
type Input = z.infer<typeof input>;
const output = contract.output;

function requestOf(wanted: Input, account: string): Json | string {
  const party = partyOf(wanted.from);
  if (party === undefined) return 'DHL needs a name and a phone number where it collects';
  const unfit = tooLong(room, wanted.from);
  if (unfit !== undefined) return unfit;
  const kilograms = wanted.weight === undefined ? undefined : totalWeight([wanted.weight], 'KGM', 3);
  if (kilograms === undefined) return 'DHL collects by weight: give it, in KGM, GRM, LBR or ONZ';
  const ready = wallClock(wanted.readyAt);
  const close = wallClock(wanted.closeAt);
  if (ready.day !== close.day) return 'a pickup begins and ends on one day';
  const [number, ...others] = wanted.shipmentIds ?? [];
  const alone = others.length === 0 ? number : undefined;
  const notes = [wanted.reference, wanted.instructions].filter((part) => part !== undefined);
  return {
    plannedPickupDateAndTime: dhlTime(wanted.readyAt),
    closeTime: close.time,
    accounts: [{ typeCode: 'shipper', number: account }],
    specialInstructions: notes.map((value) => ({ value })),
    customerDetails: { shipperDetails: party },
    shipmentDetails: [
      {
        productCode: wanted.service,
        isCustomsDeclarable: wanted.dutiable,
        unitOfMeasurement: 'metric',
        ...(alone === undefined ? {} : { shipmentTrackingNumber: alone }),
        packages: piecesOf(Number(kilograms), wanted.parcels),
      },
    ],
  };
}

/** The total spread evenly over the parcels, in grams, no parcel without weight. */
function piecesOf(kilograms: number, parcels: number): Json[] {
  const grams = Math.max(1, Math.ceil((kilograms * 1000) / parcels));
  return Array.from({ length: parcels }, () => ({ weight: grams / 1000 }));
}

/** MyDHL API: POST /pickups. DHL takes no idempotency key and lists no pickups: after a lost answer a person decides. */
export const bookPickup = operation<Input, z.infer<typeof output>>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Orders a courier of DHL Express.',
  kind: 'carrier',
  safety: 'irreversible',
  costs: true,
  input,
  output,
  target: ({ reference }) => `pickup/${reference}`,
  undo: {
    operation: 'cancelPickup',
    input: ({ readyAt }, { pickupId }) => ({ pickupId, pickupDate: wallClock(readyAt).day }),
  },
  async send(wanted, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    const json = requestOf(wanted, account);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendDhl(call, { method: 'POST', path: '/pickups', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: dhlError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const pickupId = text(list(object(response.json())?.dispatchConfirmationNumbers)[0], 60);
    if (pickupId === undefined) return unreadable(true);
    return {
      outcome: 'ok',
      output: { pickupId, pickupDate: wallClock(wanted.readyAt).day },
      confirmed: true,
      reference: pickupId,
    };
  },
});
