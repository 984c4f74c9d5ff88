import type { z } from 'zod';
import type { Refusal } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { cancelFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { rateLimitHeaders, tell } from '../client';
import { readFulfillment } from '../fulfillment';
import { type Found, type Fulfillment, fulfillmentOf, readWork } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const mutation = `mutation Cancel($id: ID!) {
  fulfillmentCancel(id: $id) {
    fulfillment { id status }
    userErrors { field message }
  }
}`;

/** The named fulfilment, or every one of the order. */
async function meant(wanted: Input, call: CallContext): Promise<Found<Fulfillment[]>> {
  if (wanted.fulfillmentId === undefined) {
    const found = await readWork(call, wanted.orderNumber, false);
    return found.ok ? { ok: true, value: found.value.fulfillments } : found;
  }
  const found = await readFulfillment(call, wanted.fulfillmentId);
  return found.ok ? { ok: true, value: [fulfillmentOf(found.value)] } : found;
}

/** True when Shopify shows it cancelled. */
async function cancel({ id }: Fulfillment, call: CallContext): Promise<boolean | Refusal> {
  const answer = await tell(call, { query: mutation, variables: { id }, field: 'fulfillmentCancel' });
  if (!answer.ok) return answer.refusal;
  return fulfillmentOf(object(answer.data.fulfillment) ?? {}).status === 'CANCELLED';
}

/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCancel */
export const cancelFulfillment = operation<Input, Output>({
  id: 'cancelFulfillment',
  title: 'Cancel fulfilment',
  description: 'Cancels a fulfilment, or every fulfilment of an order; its lines are open again.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber, fulfillmentId }) => `cancel/${orderNumber}/${fulfillmentId ?? 'all'}`,
  async send(wanted, call) {
    const found = await meant(wanted, call);
    if (!found.ok) return found.refusal;
    let confirmed = true;
    for (const fulfillment of found.value) {
      if (fulfillment.status === 'CANCELLED') continue;
      const cancelled = await cancel(fulfillment, call);
      if (typeof cancelled !== 'boolean') return cancelled;
      confirmed &&= cancelled;
    }
    return { outcome: 'ok', output: { orderNumber: wanted.orderNumber, cancelled: true }, confirmed };
  },
  async lookUp(wanted, call) {
    const found = await meant(wanted, call);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.value.some(({ status }) => status !== 'CANCELLED')) return { found: false };
    return { found: true, output: { orderNumber: wanted.orderNumber, cancelled: true }, confirmed: true };
  },
});
