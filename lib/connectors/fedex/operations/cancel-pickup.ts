import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { accountMissing, accountOf, faultsOfSettings, fedexError, sendFedex } from '../client';
import { parsePickupId } from '../pickup-id';

/** Pickup v1: PUT /pickup/v1/pickups/cancel. FedEx lists no pickups: after a lost answer a person decides. */
export const cancelPickup = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels a pickup; FedEx wants its day.',
  kind: 'carrier',
  safety: 'irreversible',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId, pickupDate, reason }, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    if (pickupDate === undefined)
      return { outcome: 'fatal', message: 'FedEx cancels a pickup by its day: give the pickup date' };
    const { company, location, code } = parsePickupId(
      pickupId,
      call.settings.pickupCompany === 'FDXG' ? 'FDXG' : 'FDXE',
    );
    const response = await sendFedex(call, {
      method: 'PUT',
      path: '/pickup/v1/pickups/cancel',
      json: {
        associatedAccountNumber: { value: account },
        pickupConfirmationCode: code,
        carrierCode: company,
        scheduledDate: pickupDate,
        ...(location === undefined ? {} : { location }),
        ...(reason === undefined ? {} : { remarks: reason.slice(0, 60) }),
      },
    });
    const refusal = refusalOf(response, call, {
      write: true,
      error: fedexError(response),
      exception: (error) => (faultsOfSettings.has(error?.code ?? '') ? undefined : 'CARRIER_REJECTED'),
    });
    if (refusal !== undefined) return refusal;
    const answer = object(object(response.json())?.output);
    if (text(answer?.pickupConfirmationCode, 60) === undefined) return unreadable(true);
    return { outcome: 'ok', output: { pickupId, state: 'CANCELLED' }, confirmed: true };
  },
});
