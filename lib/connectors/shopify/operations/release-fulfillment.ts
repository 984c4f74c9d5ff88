import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { releaseFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { rateLimitHeaders, tell, type UserErrors } from '../client';
import { type FulfillmentOrder, fulfillmentOrderOf, type Hold, readWork } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const errors: UserErrors = { FULFILLMENT_ORDER_NOT_FOUND: 'IDENTIFIER_UNRESOLVED' };
const mutation = `mutation Release($id: ID!, $holdIds: [ID!]) {
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {
    fulfillmentOrder { id status fulfillmentHolds { id handle heldByRequestingApp } }
    userErrors { field message code }
  }
}`;

/** The hold that is named by its handle or id; without a name, every hold of this app. Holds of others are never touched. */
const meant = (wanted: Input) => (hold: Hold) =>
  wanted.holdId === undefined ? hold.ours : hold.handle === wanted.holdId || hold.id === wanted.holdId;

/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentOrderReleaseHold */
export const releaseFulfillment = operation<Input, Output>({
  id: 'releaseFulfillment',
  title: 'Release fulfilment',
  description: 'Releases the holds that this app has placed on an order, or one of them.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber, holdId }) => `release/${orderNumber}/${holdId ?? 'all'}`,
  async send(wanted, call) {
    const found = await readWork(call, wanted.orderNumber, false);
    if (!found.ok) return found.refusal;
    let confirmed = true;
    let others = found.value.fulfillmentOrders.some((order) =>
      order.holds.some((hold) => !meant(wanted)(hold)),
    );
    for (const order of found.value.fulfillmentOrders) {
      const holdIds = order.holds.filter(meant(wanted)).map(({ id }) => id);
      if (holdIds.length === 0) continue;
      const variables = { id: order.id, holdIds };
      const answer = await tell(call, {
        query: mutation,
        variables,
        field: 'fulfillmentOrderReleaseHold',
        errors,
      });
      if (!answer.ok) return answer.refusal;
      const after: FulfillmentOrder = fulfillmentOrderOf(object(answer.data.fulfillmentOrder) ?? {});
      confirmed &&= after.id !== '' && !after.holds.some(meant(wanted));
      others ||= after.holds.length > 0;
    }
    return { outcome: 'ok', output: { orderNumber: found.value.name, held: others }, confirmed };
  },
  async lookUp(wanted, call) {
    const found = await readWork(call, wanted.orderNumber, false);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const holds = found.value.fulfillmentOrders.flatMap((order) => order.holds);
    if (holds.some(meant(wanted))) return { found: false };
    return {
      found: true,
      output: { orderNumber: found.value.name, held: holds.length > 0 },
      confirmed: true,
    };
  },
});
