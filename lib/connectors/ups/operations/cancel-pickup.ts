import type { z } from 'zod';
import { RetryableError } from '../../../model/errors';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { accountOf, sendUps, upsError } from '../client';
import { pendingPickups } from '../pickups';

/** Pending pickup status `cancelled`. */
const cancelledStatus = '007';

/**
 * Pickup.yaml: DELETE /api/shipments/v2409/pickup/02, where 02 says that the header `Prn` names the pickup. What UPS no longer lists may be
 * cancelled or collected: only a pickup that is still listed settles a lost answer.
 */
export const cancelPickup = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels an on-call pickup by its request number.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId }, call) {
    const response = await sendUps(call, {
      method: 'DELETE',
      path: '/api/shipments/v2409/pickup/02',
      headers: { Prn: pickupId },
    });
    const refusal = refusalOf(response, call, {
      write: true,
      error: upsError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const answer = object(object(response.json())?.PickupCancelResponse);
    const status = object(object(answer?.Response)?.ResponseStatus);
    const code = text(status?.Code, 1);
    if (code === undefined) return unreadable(true);
    if (code === '1') return { outcome: 'ok', output: { pickupId, state: 'CANCELLED' }, confirmed: true };
    const message = text(status?.Description, 500) ?? 'UPS did not cancel the pickup';
    return { outcome: 'business', code: 'CARRIER_REJECTED', message, vendorCode: code };
  },
  async lookUp({ pickupId }, call) {
    const account = accountOf(call);
    const pending = account === undefined ? [] : await pendingPickups(call, account);
    const own = pending.find(({ prn }) => prn === pickupId);
    if (own === undefined)
      throw new RetryableError('LOOK_UP_INCONCLUSIVE', 'UPS no longer lists the pickup, or not yet', {
        hint: 'Ask UPS whether the pickup is cancelled.',
      });
    if (own.status !== cancelledStatus) return { found: false };
    return { found: true, output: { pickupId, state: 'CANCELLED' }, confirmed: true };
  },
});
