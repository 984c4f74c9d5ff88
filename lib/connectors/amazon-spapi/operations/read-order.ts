import { z } from 'zod';
import { operation } from '../../kit/connector';
import { readOrder as contract } from '../../kit/contracts/storefront';
import { rateLimitHeaders } from '../client';
import { linesOf, readFulfillmentOrder, stateOf } from '../order';

type Input = z.infer<typeof contract.input>;
const output = contract.output.extend({
  vendorStatus: z.string().describe("Amazon's own word, e.g. COMPLETE_PARTIALLED"),
});

/** GET /fba/outbound/2020-07-01/fulfillmentOrders/{sellerFulfillmentOrderId} (getFulfillmentOrder) */
export const readOrder = operation<Input, z.infer<typeof output>>({
  id: 'readOrder',
  title: 'Read order',
  description: 'Reads a fulfilment order with what is ordered and what has left.',
  kind: 'storefront',
  safety: 'read',
  input: contract.input,
  output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `order/${orderNumber}`,
  async send({ orderNumber }, call) {
    const found = await readFulfillmentOrder(call, orderNumber);
    if (!found.ok) return found.refusal;
    const view = found.value;
    return {
      outcome: 'ok',
      output: { orderNumber, status: stateOf(view), lines: linesOf(view), vendorStatus: view.status },
      confirmed: true,
      reference: orderNumber,
    };
  },
});
