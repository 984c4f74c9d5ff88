import type { z } from 'zod';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { accountMissing, accountOf, fedexError, sendFedex } from '../client';
import { latestOf, readTrack } from './track';

/** Status of a shipment that FedEx shows as cancelled. */
const cancelledStatus = 'CA';

/**
 * Ship v1, cancel shipment: PUT /ship/v1/shipments/cancel (https://developer.fedex.com/api/en-us/catalog/ship/v1/docs.html).
 * FedEx takes no idempotency key, but shows a cancelled shipment in Track.
 */
export const voidLabel = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Cancels a shipment, with all of its packages, that FedEx has not picked up yet.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `shipment/${shipmentId}`,
  async send({ shipmentId }, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    const response = await sendFedex(call, {
      method: 'PUT',
      path: '/ship/v1/shipments/cancel',
      json: {
        accountNumber: { value: account },
        senderCountryCode: text(call.settings.senderCountryCode, 2) ?? 'US',
        deletionControl: 'DELETE_ALL_PACKAGES',
        trackingNumber: shipmentId,
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
      return { outcome: 'ok', output: { shipmentId, state: 'VOIDED' }, confirmed: true };
    // A 2xx can hold the failure: FedEx answered, and the shipment stays.
    const message =
      text(answer.message, 1000) ?? text(answer.successMessage, 1000) ?? 'FedEx did not cancel the shipment';
    return { outcome: 'business', code: 'CARRIER_REJECTED', message };
  },
  async lookUp({ shipmentId }, call) {
    const response = await readTrack(shipmentId, call);
    if (response.status !== 200) throw lookUpUnanswered('FedEx', response);
    if (latestOf(response.json())?.code !== cancelledStatus) return { found: false };
    return { found: true, output: { shipmentId, state: 'VOIDED' }, confirmed: true };
  },
});
