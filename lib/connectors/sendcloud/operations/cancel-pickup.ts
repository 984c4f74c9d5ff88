import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { quietly } from '../../kit/outbound';
import { refusal, sendSendcloud } from '../client';
import { path, readPickup } from '../pickups';

type Output = z.infer<typeof contract.output>;

/** https://sendcloud.dev/api/v3/pickups/cancel-a-pickup: POST /api/v3/pickups/{id}/cancel; the state is read back. */
export const cancelPickup = operation<z.infer<typeof contract.input>, Output>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels a booked collection that has not taken place yet.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId }, call) {
    const request = { method: 'POST', path: `${path}/${encodeURIComponent(pickupId)}/cancel` } as const;
    const response = await sendSendcloud(call, request);
    const refused = refusal(response, call, true, 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    const pickup = await quietly(() => readPickup(call, pickupId));
    const confirmed = pickup?.status === 'CANCELLED';
    return { outcome: 'ok', output: { pickupId, state: confirmed ? 'CANCELLED' : 'REQUESTED' }, confirmed };
  },
  async lookUp({ pickupId }, call) {
    const pickup = await readPickup(call, pickupId);
    return pickup?.status === 'CANCELLED'
      ? { found: true, output: { pickupId, state: 'CANCELLED' }, confirmed: true }
      : { found: false };
  },
});
