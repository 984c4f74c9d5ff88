import type { z } from 'zod';
import { type CallContext, operation } from '../../kit/connector';
import { cancelFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { quietly } from '../../kit/outbound';
import { type Found, orderPath, rateLimitHeaders, refusal, sendBigcommerce } from '../client';
import { idOf } from '../orders';
import { readShipments } from '../shipments';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** Shipments that are meant and still there. The list tells more than a 404, which an unknown order answers too. */
async function left({ orderNumber, fulfillmentId }: Input, call: CallContext): Promise<Found<string[]>> {
  const shipments = await readShipments(call, orderNumber);
  if (!shipments.ok) return shipments;
  const ids = shipments.value.flatMap(({ id }) => idOf(id) ?? []);
  return { ok: true, value: ids.filter((id) => fulfillmentId === undefined || id === fulfillmentId) };
}

/** DELETE /v2/orders/{id}/shipments/{shipment_id}: its items are unshipped again. */
export const cancelFulfillment = operation<Input, Output>({
  id: 'cancelFulfillment',
  title: 'Delete shipment',
  description: 'Deletes a shipment, or every shipment of an order; its items are open again.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber, fulfillmentId }) => `cancel/${orderNumber}/${fulfillmentId ?? 'all'}`,
  async send(wanted, call) {
    const path = orderPath(wanted.orderNumber);
    if (!path.ok) return path.refusal;
    const shipments = await left(wanted, call);
    if (!shipments.ok) return shipments.refusal;
    for (const id of shipments.value) {
      const response = await sendBigcommerce(call, {
        method: 'DELETE',
        path: `${path.value}/shipments/${id}`,
      });
      const refused = response.status === 404 ? undefined : refusal(response, call, true);
      if (refused !== undefined) return refused;
    }
    const after = shipments.value.length === 0 ? shipments : await quietly(() => left(wanted, call));
    const confirmed = after?.ok === true && after.value.length === 0;
    return { outcome: 'ok', output: { orderNumber: wanted.orderNumber, cancelled: true }, confirmed };
  },
  async lookUp(wanted, call) {
    const shipments = await left(wanted, call);
    if (!shipments.ok) return notFoundOrThrow(shipments.refusal);
    if (shipments.value.length > 0) return { found: false };
    return { found: true, output: { orderNumber: wanted.orderNumber, cancelled: true }, confirmed: true };
  },
});
