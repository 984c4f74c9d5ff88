import type { z } from 'zod';
import { refusalOf } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { text } from '../../kit/text';
import { dhlError, sendDhl } from '../client';

/** MyDHL API: DELETE /pickups/{dispatchConfirmationNumber}. DHL lists no pickups: after a lost answer a person decides. */
export const cancelPickup = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels a pickup by its confirmation number.',
  kind: 'carrier',
  safety: 'irreversible',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId, reason }, call) {
    const response = await sendDhl(call, {
      method: 'DELETE',
      path: `/pickups/${encodeURIComponent(pickupId)}`,
      query: {
        requestorName: text(call.settings.requestorName, 60) ?? 'Shipping desk',
        reason: reason?.slice(0, 60) ?? 'cancelled by the shipper',
      },
    });
    const refusal = refusalOf(response, call, {
      write: true,
      error: dhlError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    return { outcome: 'ok', output: { pickupId, state: 'CANCELLED' }, confirmed: true };
  },
});
