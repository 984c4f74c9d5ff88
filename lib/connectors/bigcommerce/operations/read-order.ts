import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readOrder as contract } from '../../kit/contracts/storefront';
import { orderState } from '../../kit/order-lines';
import { orderPath, rateLimitHeaders, readList, readOne } from '../client';
import { linesOf } from '../orders';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** Cancelled and Declined: an order that was given up keeps its quantities. */
const givenUp = new Set<unknown>([5, 6]);
/** The largest page of a V2 list. */
const page = 250;

/** GET /v2/orders/{id} and /v2/orders/{id}/products */
export const readOrder = operation<Input, Output>({
  id: 'readOrder',
  title: 'Read order',
  description: 'Reads an order with what was ordered and what has been shipped.',
  kind: 'storefront',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `order/${orderNumber}`,
  async send({ orderNumber }, call) {
    const path = orderPath(orderNumber);
    if (!path.ok) return path.refusal;
    const order = await readOne(call, path.value);
    if (!order.ok) return order.refusal;
    const products = await readList(call, `${path.value}/products?limit=${page}`);
    if (!products.ok) return products.refusal;
    if (products.value.length >= page)
      return { outcome: 'fatal', message: `the order has ${page} lines or more` };
    const lines = linesOf(products.value).map(({ fulfilled, ...line }) => ({
      ...line,
      ...(fulfilled === undefined ? {} : { fulfilled }),
    }));
    const status = orderState(lines, givenUp.has(order.value.status_id));
    return { outcome: 'ok', output: { orderNumber, status, lines }, confirmed: true, reference: orderNumber };
  },
});
