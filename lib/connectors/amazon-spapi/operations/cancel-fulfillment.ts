import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { cancelFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { orderPath, rateLimitHeaders, refusal, sendAmazon } from '../client';
import { isCancelled, readBack, readFulfillmentOrder } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/**
 * PUT .../fulfillmentOrders/{sellerFulfillmentOrderId}/cancel (cancelFulfillmentOrder). It asks Amazon to stop; what has left goes on, so
 * only the order's own status confirms it. Amazon cancels whole orders.
 */
export const cancelFulfillment = operation<Input, Output>({
  id: 'cancelFulfillment',
  title: 'Cancel fulfilment',
  description: 'Asks Amazon to stop a fulfilment order; confirmed once the order says that it is cancelled.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `cancel/${orderNumber}`,
  async send({ orderNumber }, call) {
    const request = { method: 'PUT' as const, path: `${orderPath(orderNumber)}/cancel` };
    const refused = refusal(await sendAmazon(call, request), call, true);
    if (refused !== undefined) return refused;
    const after = await readBack(call, orderNumber);
    const cancelled = after !== undefined && isCancelled(after);
    return { outcome: 'ok', output: { orderNumber, cancelled }, confirmed: cancelled };
  },
  async lookUp({ orderNumber }, call) {
    const found = await readFulfillmentOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (!isCancelled(found.value)) return { found: false };
    return { found: true, output: { orderNumber, cancelled: true }, confirmed: true };
  },
});
