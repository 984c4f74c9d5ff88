import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { object } from '../../kit/text';
import { mediaTypes, refusal, sendCanadaPost } from '../client';
import { pickupsPath, readPickup, statusOf } from '../pickups';

type Output = z.infer<typeof contract.output>;

/** .../services/parcelpickup/cancelpickup.jsf: DELETE /enab/{customer}/pickuprequest/{request-id}; 404 once it is cancelled. */
export const cancelPickup = operation<z.infer<typeof contract.input>, Output>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels a pickup that has not taken place yet.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId }, call) {
    const path = `${pickupsPath(call)}/${encodeURIComponent(pickupId)}`;
    const response = await sendCanadaPost(call, mediaTypes.pickup, { method: 'DELETE', path });
    const refused = refusal(response, call, true, 'CARRIER_REJECTED');
    return refused ?? { outcome: 'ok', output: { pickupId, state: 'CANCELLED' }, confirmed: true };
  },
  async lookUp({ pickupId }, call) {
    const details = await readPickup(call, pickupId);
    return details === undefined || statusOf(object(details['pickup-request-header'])) === 'Cancelled'
      ? { found: true, output: { pickupId, state: 'CANCELLED' }, confirmed: true }
      : { found: false };
  },
});
