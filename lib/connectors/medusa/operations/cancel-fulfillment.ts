import type { z } from 'zod';
import { type CallContext, operation } from '../../kit/connector';
import { cancelFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { quietly } from '../../kit/outbound';
import type { Json } from '../../kit/text';
import { encoded, type Found, tell, unresolved } from '../client';
import { findOrder, fulfillmentsOf, idOf, isSet } from '../order-view';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** Fulfilments that are meant and not cancelled; a named one that the order does not have is unresolved. */
async function left(
  wanted: Input,
  call: CallContext,
): Promise<Found<{ order: string; fulfillments: Json[] }>> {
  const found = await findOrder(call, wanted.orderNumber);
  if (!found.ok) return found;
  const meant = fulfillmentsOf(found.value).filter(
    (one) => wanted.fulfillmentId === undefined || idOf(one) === wanted.fulfillmentId,
  );
  if (wanted.fulfillmentId !== undefined && meant.length === 0)
    return unresolved(`order ${wanted.orderNumber} has no fulfilment ${wanted.fulfillmentId}`);
  return {
    ok: true,
    value: { order: idOf(found.value), fulfillments: meant.filter((one) => !isSet(one.canceled_at)) },
  };
}

/** POST /admin/orders/{id}/fulfillments/{id}/cancel. Medusa refuses it for what has been shipped. */
export const cancelFulfillment = operation<Input, Output>({
  id: 'cancelFulfillment',
  title: 'Cancel fulfilment',
  description: 'Cancels a fulfilment that has not been shipped, or every one of an order.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ orderNumber, fulfillmentId }) => `cancel/${orderNumber}/${fulfillmentId ?? 'all'}`,
  async send(wanted, call) {
    const found = await left(wanted, call);
    if (!found.ok) return found.refusal;
    const { order, fulfillments } = found.value;
    for (const fulfillment of fulfillments) {
      const path = `/admin/orders/${encoded(order)}/fulfillments/${encoded(idOf(fulfillment))}/cancel`;
      const cancelled = await tell(call, { method: 'POST', path, json: { no_notification: true } });
      if (!cancelled.ok) return cancelled.refusal;
    }
    const after = fulfillments.length === 0 ? found : await quietly(() => left(wanted, call));
    const confirmed = after?.ok === true && after.value.fulfillments.length === 0;
    return { outcome: 'ok', output: { orderNumber: wanted.orderNumber, cancelled: true }, confirmed };
  },
  async lookUp(wanted, call) {
    const found = await left(wanted, call);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.value.fulfillments.length > 0) return { found: false };
    return { found: true, output: { orderNumber: wanted.orderNumber, cancelled: true }, confirmed: true };
  },
});
