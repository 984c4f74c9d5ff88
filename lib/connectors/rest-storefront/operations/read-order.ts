import { z } from 'zod';
import { operation } from '../../kit/connector';
import { ask, segment } from '../../kit/partner-rest';
import { type Order, order } from '../schema';

const input = z.object({ orderNumber: z.string().min(1).max(200).describe('Order to read') });

/** `GET /orders/{orderNumber}`. */
export const readOrder = operation<z.infer<typeof input>, Order>({
  id: 'readOrder',
  title: 'Read order',
  description: 'Reads an order with the customer priority, the promise and its lines.',
  kind: 'storefront',
  safety: 'read',
  input,
  output: order,
  target: (wanted) => `orders/${wanted.orderNumber}`,
  async send(wanted, call) {
    const answer = await ask(call, `/orders/${segment(wanted.orderNumber)}`, order);
    if (!answer.ok) return answer.refusal;
    return { outcome: 'ok', output: answer.value, confirmed: true, reference: answer.value.orderNumber };
  },
});
