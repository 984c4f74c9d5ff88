import { z } from 'zod';
import { tooLong } from '../../kit/address-room';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { bookPickup as contract } from '../../kit/contracts/carrier';
import { totalWeight } from '../../kit/measures';
import { type Json, object, text } from '../../kit/text';
import { wallClock } from '../../kit/time';
import { accountMissing, accountOf, faultsOfSettings, fedexError, sendFedex } from '../client';
import { partyOf, room } from '../party';
import { pickupIdText } from '../pickup-id';

const input = contract.input.extend({
  company: z
    .enum(['FDXE', 'FDXG'])
    .optional()
    .describe("Who collects; the partner's setting where it is left out"),
  packageLocation: z.enum(['FRONT', 'NONE', 'REAR', 'SIDE']).default('FRONT'),
});
type Input = z.infer<typeof input>;
const output = contract.output.extend({
  confirmationCode: z.string().describe("FedEx's own confirmation code"),
});

function requestOf(wanted: Input, account: string, company: string): Json | string {
  const party = partyOf(wanted.from);
  if (party === undefined) return 'FedEx needs a name and a phone number where it collects';
  const unfit = tooLong(room, wanted.from);
  if (unfit !== undefined) return unfit;
  const ready = wallClock(wanted.readyAt);
  const close = wallClock(wanted.closeAt);
  if (ready.day !== close.day) return 'a pickup begins and ends on one day';
  const pounds = wanted.weight === undefined ? undefined : totalWeight([wanted.weight], 'LBR', 1);
  return {
    associatedAccountNumber: { value: account },
    originDetail: {
      pickupLocation: party,
      readyDateTimestamp: `${ready.day}T${ready.time}:00`,
      customerCloseTime: `${close.time}:00`,
      packageLocation: wanted.packageLocation,
    },
    carrierCode: company,
    packageCount: wanted.parcels,
    ...(pounds === undefined ? {} : { totalWeight: { units: 'LB', value: Number(pounds) } }),
    remarks: [wanted.instructions, wanted.reference]
      .filter((part) => part !== undefined)
      .join(' ')
      .slice(0, 60),
  };
}

/**
 * Pickup v1: POST /pickup/v1/pickups (https://developer.fedex.com/api/en-us/catalog/pickup/v1/docs.html). FedEx takes no idempotency key and lists
 * no pickups: after a lost answer a person decides.
 */
export const bookPickup = operation<Input, z.infer<typeof output>>({
  id: 'bookPickup',
  title: 'Book a pickup',
  description: 'Orders a driver of FedEx Express or Ground.',
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
    const company = wanted.company ?? (call.settings.pickupCompany === 'FDXG' ? 'FDXG' : 'FDXE');
    const json = requestOf(wanted, account, company);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendFedex(call, { method: 'POST', path: '/pickup/v1/pickups', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: fedexError(response),
      exception: (error) => (faultsOfSettings.has(error?.code ?? '') ? undefined : 'CARRIER_REJECTED'),
    });
    if (refusal !== undefined) return refusal;
    const answer = object(object(response.json())?.output);
    const code = text(answer?.pickupConfirmationCode, 60);
    if (code === undefined) return unreadable(true);
    const location = text(answer?.location, 20);
    const pickupId = pickupIdText({ company, code, ...(location === undefined ? {} : { location }) });
    return {
      outcome: 'ok',
      output: { pickupId, confirmationCode: code, pickupDate: wallClock(wanted.readyAt).day },
      confirmed: true,
      reference: code,
    };
  },
});
