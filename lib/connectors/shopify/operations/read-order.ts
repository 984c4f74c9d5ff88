import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readOrder as contract } from '../../kit/contracts/storefront';
import { orderState, pieces } from '../../kit/order-lines';
import { list, object, text } from '../../kit/text';
import { rateLimitHeaders } from '../client';
import { idOf } from '../ids';
import { findOrder } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const fields = `cancelledAt lineItems(first: 250) { nodes { id sku name currentQuantity unfulfilledQuantity } pageInfo { hasNextPage } }`;

function lineOf(item: unknown): Output['lines'] {
  const line = object(item) ?? {};
  const lineId = idOf(line.id);
  const ordered = pieces(line.currentQuantity);
  if (lineId === undefined || ordered === undefined) return [];
  const left = typeof line.unfulfilledQuantity === 'number' ? line.unfulfilledQuantity : 0;
  const fulfilled = pieces(Math.max(0, Number(ordered.value) - left));
  return [
    {
      lineId,
      item: text(line.sku, 200) ?? text(line.name, 200) ?? lineId,
      ordered,
      ...(fulfilled === undefined ? {} : { fulfilled }),
    },
  ];
}

/** https://shopify.dev/docs/api/admin-graphql/latest/queries/order */
export const readOrder = operation<Input, Output>({
  id: 'readOrder',
  title: 'Read order',
  description: 'Reads an order with what was ordered and what has left.',
  kind: 'storefront',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `order/${orderNumber}`,
  async send({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber, fields);
    if (!found.ok) return found.refusal;
    const order = found.value;
    const connection = object(order.lineItems);
    if (object(connection?.pageInfo)?.hasNextPage === true)
      return { outcome: 'fatal', message: 'the order has more than 250 lines' };
    const lines = list(connection?.nodes, 250).flatMap(lineOf);
    const cancelled = order.cancelledAt !== null && order.cancelledAt !== undefined;
    const name = text(order.name, 200) ?? orderNumber;
    return {
      outcome: 'ok',
      output: { orderNumber: name, status: orderState(lines, cancelled), lines },
      confirmed: true,
      reference: name,
    };
  },
});
