import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { releaseFulfillment as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { orderPath, rateLimitHeaders, refusal, sendAmazon } from '../client';
import { readBack, readFulfillmentOrder } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** updateFulfillmentOrder with `fulfillmentAction: Ship`: requests shipment of an order with an order hold on it. */
export const releaseFulfillment = operation<Input, Output>({
  id: 'releaseFulfillment',
  title: 'Release fulfilment',
  description: 'Has Amazon ship a fulfilment order that was created on hold.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `release/${orderNumber}`,
  async send({ orderNumber }, call) {
    const request = {
      method: 'PUT' as const,
      path: orderPath(orderNumber),
      json: { fulfillmentAction: 'Ship' },
    };
    const refused = refusal(await sendAmazon(call, request), call, true);
    if (refused !== undefined) return refused;
    const after = await readBack(call, orderNumber);
    return { outcome: 'ok', output: { orderNumber, held: false }, confirmed: after?.action === 'Ship' };
  },
  async lookUp({ orderNumber }, call) {
    const found = await readFulfillmentOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.value.action === 'Hold') return { found: false };
    return { found: true, output: { orderNumber, held: false }, confirmed: true };
  },
});
