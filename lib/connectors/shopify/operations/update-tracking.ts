import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { updateTracking as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { rateLimitHeaders, tell } from '../client';
import { readFulfillment } from '../fulfillment';
import { gid } from '../ids';
import { fulfillmentOf } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const mutation = `mutation Track($id: ID!, $info: FulfillmentTrackingInput!, $notify: Boolean) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $info, notifyCustomer: $notify) {
    fulfillment { id status trackingInfo(first: 10) { number } }
    userErrors { field message }
  }
}`;

/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentTrackingInfoUpdate */
export const updateTracking = operation<Input, Output>({
  id: 'updateTracking',
  title: 'Update tracking',
  description: 'Replaces the tracking number of a fulfilment; the customer is told at most once.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ fulfillmentId }) => `tracking/${fulfillmentId}`,
  async send(wanted, call) {
    const { fulfillmentId, trackingNumber, carrier, trackingUrl, notifyCustomer } = wanted;
    const found = await readFulfillment(call, fulfillmentId);
    if (!found.ok) return found.refusal;
    const output = { fulfillmentId, trackingNumber };
    // A second notice to the customer would follow from a second update.
    if (fulfillmentOf(found.value).tracking.includes(trackingNumber))
      return { outcome: 'ok', output, confirmed: true };
    const answer = await tell(call, {
      query: mutation,
      variables: {
        id: gid('Fulfillment', fulfillmentId),
        info: { company: carrier, number: trackingNumber, url: trackingUrl },
        notify: notifyCustomer,
      },
      field: 'fulfillmentTrackingInfoUpdate',
    });
    if (!answer.ok) return answer.refusal;
    const after = fulfillmentOf(object(answer.data.fulfillment) ?? {});
    return { outcome: 'ok', output, confirmed: after.tracking.includes(trackingNumber) };
  },
  async lookUp({ fulfillmentId, trackingNumber }, call) {
    const found = await readFulfillment(call, fulfillmentId);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (!fulfillmentOf(found.value).tracking.includes(trackingNumber)) return { found: false };
    return { found: true, output: { fulfillmentId, trackingNumber }, confirmed: true };
  },
});
