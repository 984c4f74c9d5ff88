import type { z } from 'zod';
import type { Refusal } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { holdFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { rateLimitHeaders, tell, type UserErrors } from '../client';
import { type FulfillmentOrder, fulfillmentOrderOf, readWork } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** https://shopify.dev/docs/api/admin-graphql/latest/enums/FulfillmentHoldReason */
const reasons: Readonly<Record<Input['reason'], string>> = {
  ADDRESS_INVALID: 'INCORRECT_ADDRESS',
  OUT_OF_STOCK: 'INVENTORY_OUT_OF_STOCK',
  PAYMENT: 'AWAITING_PAYMENT',
  CUSTOMS: 'OTHER',
  OTHER: 'OTHER',
};
const errors: UserErrors = { FULFILLMENT_ORDER_NOT_FOUND: 'IDENTIFIER_UNRESOLVED' };

const mutation = `mutation Hold($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
    fulfillmentOrder { id status fulfillmentHolds { id handle heldByRequestingApp } }
    userErrors { field message code }
  }
}`;

/** 64 characters at most, unique among this app's holds on one fulfilment order: a second hold under it is refused. */
const handleOf = (call: CallContext) => `reroute-${call.idempotencyKey.slice(0, 56)}`;

const heldBy = (order: FulfillmentOrder, handle: string) =>
  order.holds.some((hold) => hold.handle === handle);

/** Holds one fulfilment order; true when Shopify shows the hold. */
async function hold(order: FulfillmentOrder, wanted: Input, call: CallContext): Promise<boolean | Refusal> {
  const handle = handleOf(call);
  const variables = {
    id: order.id,
    hold: { reason: reasons[wanted.reason], reasonNotes: wanted.note, handle, notifyMerchant: false },
  };
  const answer = await tell(call, { query: mutation, variables, field: 'fulfillmentOrderHold', errors });
  if (answer.ok) return heldBy(fulfillmentOrderOf(object(answer.data.fulfillmentOrder) ?? {}), handle);
  const { refusal } = answer;
  // Our own hold is already there.
  return refusal.outcome === 'fatal' && refusal.vendorCode === 'DUPLICATE_FULFILLMENT_HOLD_HANDLE'
    ? true
    : refusal;
}

/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentOrderHold */
export const holdFulfillment = operation<Input, Output>({
  id: 'holdFulfillment',
  title: 'Hold fulfilment',
  description:
    'Holds every fulfilment order of an order that has not been fulfilled; the same hold is never placed twice.',
  kind: 'storefront',
  safety: 'keyed',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  undo: {
    operation: 'releaseFulfillment',
    input: ({ orderNumber }, { holdId }) => ({ orderNumber, holdId }),
  },
  target: ({ orderNumber }) => `hold/${orderNumber}`,
  async send(wanted, call) {
    const found = await readWork(call, wanted.orderNumber, false);
    if (!found.ok) return found.refusal;
    const handle = handleOf(call);
    const { name, fulfillmentOrders } = found.value;
    const already = fulfillmentOrders.filter((order) => heldBy(order, handle));
    const open = fulfillmentOrders.filter(
      (order) => !heldBy(order, handle) && (order.actions.has('HOLD') || order.status === 'ON_HOLD'),
    );
    if (already.length + open.length === 0)
      return {
        outcome: 'fatal',
        message: `nothing of ${name} is left to hold`,
        vendorCode: 'NOTHING_TO_HOLD',
      };
    let confirmed = true;
    for (const order of open) {
      const held = await hold(order, wanted, call);
      if (typeof held !== 'boolean') return held;
      confirmed &&= held;
    }
    return {
      outcome: 'ok',
      output: { orderNumber: name, held: true, holdId: handle },
      confirmed,
      reference: handle,
    };
  },
  async lookUp(wanted, call) {
    const found = await readWork(call, wanted.orderNumber, false);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const handle = handleOf(call);
    const { name, fulfillmentOrders } = found.value;
    const left = fulfillmentOrders.filter((order) => !heldBy(order, handle) && order.actions.has('HOLD'));
    const held = fulfillmentOrders.some((order) => heldBy(order, handle));
    if (!held || left.length > 0) return { found: false };
    return {
      found: true,
      output: { orderNumber: name, held: true, holdId: handle },
      confirmed: true,
      reference: handle,
    };
  },
});
