import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { updateTracking as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { orderPath, rateLimitHeaders, refusal, sendBigcommerce } from '../client';
import { carrierFields, readShipment, trackingOf } from '../shipments';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** PUT /v2/orders/{id}/shipments/{shipment_id} */
export const updateTracking = operation<Input, Output>({
  id: 'updateTracking',
  title: 'Update tracking',
  description: 'Replaces the tracking number of a shipment.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ fulfillmentId }) => `tracking/${fulfillmentId}`,
  async send({ orderNumber, fulfillmentId, trackingNumber, carrier, trackingUrl }, call) {
    const path = orderPath(orderNumber);
    if (!path.ok) return path.refusal;
    const json = { tracking_number: trackingNumber, tracking_link: trackingUrl, ...carrierFields(carrier) };
    const address = `${path.value}/shipments/${encodeURIComponent(fulfillmentId)}`;
    const response = await sendBigcommerce(call, { method: 'PUT', path: address, json });
    const refused = refusal(response, call, true);
    if (refused !== undefined) return refused;
    const confirmed = trackingOf(object(response.json()) ?? {}) === trackingNumber;
    return { outcome: 'ok', output: { fulfillmentId, trackingNumber }, confirmed };
  },
  async lookUp({ orderNumber, fulfillmentId, trackingNumber }, call) {
    const found = await readShipment(call, orderNumber, fulfillmentId);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (trackingOf(found.value) !== trackingNumber) return { found: false };
    return { found: true, output: { fulfillmentId, trackingNumber }, confirmed: true };
  },
});
