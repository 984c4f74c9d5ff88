import type { z } from 'zod';
import { lookUpUnanswered, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { object, text } from '../../kit/text';
import { carrierException, refusal, sendShipengine, shipengineError } from '../client';

const cancelled = (pickupId: string) => ({ pickupId, state: 'CANCELLED' as const });

/** openapi.yaml: DELETE /v1/pickups/{pickup_id} answers the id, or errors in a 2xx. */
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
    const path = `/v1/pickups/${encodeURIComponent(pickupId)}`;
    const response = await sendShipengine(call, { method: 'DELETE', path });
    const refused = refusal(response, call, true, carrierException);
    if (refused !== undefined) return refused;
    const error = shipengineError(response);
    if (error !== undefined) return { outcome: 'business', code: 'CARRIER_REJECTED', message: error.message };
    return object(response.json())?.pickup_id === pickupId
      ? { outcome: 'ok', output: cancelled(pickupId), confirmed: true }
      : unreadable(true);
  },
  async lookUp({ pickupId }, call) {
    const path = `/v1/pickups/${encodeURIComponent(pickupId)}`;
    const response = await reading(() => sendShipengine(call, { method: 'GET', path }));
    const pickup = response.status === 200 ? object(response.json()) : undefined;
    if (pickup === undefined) throw lookUpUnanswered('ShipEngine', response);
    return text(pickup.cancelled_at, 40) === undefined
      ? { found: false }
      : { found: true, output: cancelled(pickupId), confirmed: true };
  },
});
