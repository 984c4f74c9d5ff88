import { z } from 'zod';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { object, text } from '../../kit/text';
import { fedexError, sendFedex } from '../client';
import { latestOf, readTrack } from './track';

const input = z.object({
  trackingNumber: z.string().min(1).max(100).describe('Tracking number of the shipment to cancel'),
});
const output = z.object({ trackingNumber: z.string(), cancelled: z.boolean() });

/** Status of a shipment that FedEx shows as cancelled. */
const cancelledStatus = 'CA';

/**
 * Ship v1, cancel shipment: PUT /ship/v1/shipments/cancel (https://developer.fedex.com/api/en-us/catalog/ship/v1/docs.html).
 * FedEx takes no idempotency key, but shows a cancelled shipment in Track.
 */
export const cancelShipment = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'cancel-shipment',
  title: 'Cancel a shipment',
  description: 'Cancels a shipment that FedEx has not picked up yet.',
  kind: 'carrier',
  safety: 'reconcilable',
  input,
  output,
  target: ({ trackingNumber }) => `shipment/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const account = text(call.settings.accountNumber, 20);
    if (account === undefined)
      return {
        outcome: 'fatal',
        message: 'set the FedEx account number in the partner: cancelling needs it',
      };
    const response = await sendFedex(call, {
      method: 'PUT',
      path: '/ship/v1/shipments/cancel',
      json: {
        accountNumber: { value: account },
        senderCountryCode: text(call.settings.senderCountryCode, 2) ?? 'US',
        deletionControl: 'DELETE_ALL_PACKAGES',
        trackingNumber,
      },
    });
    const refusal = refusalOf(response, call, {
      write: true,
      error: fedexError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const answer = object(object(response.json())?.output);
    if (typeof answer?.cancelledShipment !== 'boolean') return unreadable(true);
    if (answer.cancelledShipment)
      return { outcome: 'ok', output: { trackingNumber, cancelled: true }, confirmed: true };
    // A 2xx can hold the failure: FedEx answered, and the shipment stays.
    const message =
      text(answer.message, 1000) ?? text(answer.successMessage, 1000) ?? 'FedEx did not cancel the shipment';
    return { outcome: 'business', code: 'CARRIER_REJECTED', message };
  },
  async lookUp({ trackingNumber }, call) {
    const response = await readTrack(trackingNumber, call);
    if (response.status !== 200) throw lookUpUnanswered('FedEx', response);
    if (latestOf(response.json())?.code !== cancelledStatus) return { found: false };
    return { found: true, output: { trackingNumber, cancelled: true }, confirmed: true };
  },
});
