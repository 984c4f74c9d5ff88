import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { object } from '../../kit/text';
import { easypostError, pickupException, sendEasypost } from '../client';
import { findPickup } from '../pickups';

/** https://docs.easypost.com/docs/pickups: POST /v2/pickups/:id/cancel answers the pickup as `canceled`. */
export const cancelPickup = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels a booked collection that has not taken place yet.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId }, call) {
    const path = `/v2/pickups/${encodeURIComponent(pickupId)}/cancel`;
    const response = await sendEasypost(call, { method: 'POST', path });
    const error = easypostError(response);
    const refusal = refusalOf(response, call, { write: true, error, exception: pickupException });
    if (refusal !== undefined) return refusal;
    return object(response.json())?.status === 'canceled'
      ? { outcome: 'ok', output: { pickupId, state: 'CANCELLED' }, confirmed: true }
      : unreadable(true);
  },
  async lookUp({ pickupId }, call) {
    const pickup = await findPickup(call, pickupId);
    return pickup?.status === 'canceled'
      ? { found: true, output: { pickupId, state: 'CANCELLED' }, confirmed: true }
      : { found: false };
  },
});
