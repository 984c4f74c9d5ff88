import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { cancelPickup as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { sendUsps, uspsError } from '../client';

/**
 * Carrier Pickup v3: DELETE /pickup/v3/carrier-pickup/{confirmationNumber} with the entity tag that GET answers. A tag is used up by the call,
 * and USPS does not document what it shows of a cancelled pickup: after a lost answer a person decides.
 */
export const cancelPickup = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'cancelPickup',
  title: 'Cancel a pickup',
  description: 'Cancels a carrier pickup by its confirmation number.',
  kind: 'carrier',
  safety: 'irreversible',
  input: contract.input,
  output: contract.output,
  target: ({ pickupId }) => `pickup/${pickupId}`,
  async send({ pickupId }, call) {
    const path = `/pickup/v3/carrier-pickup/${encodeURIComponent(pickupId)}`;
    const current = await reading(() => sendUsps(call, { method: 'GET', path }));
    const sorted = (response: typeof current, write: boolean) =>
      refusalOf(response, call, { write, error: uspsError(response), exception: () => 'CARRIER_REJECTED' });
    const unknownPickup = sorted(current, false);
    if (unknownPickup !== undefined) return unknownPickup;
    const tag = current.headers.etag;
    if (tag === undefined) return unreadable(false);
    const response = await sendUsps(call, { method: 'DELETE', path, headers: { 'If-Match': tag } });
    const refusal = sorted(response, true);
    if (refusal !== undefined) return refusal;
    return { outcome: 'ok', output: { pickupId, state: 'CANCELLED' }, confirmed: true };
  },
});
