import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readOrder as contract } from '../../kit/contracts/storefront';
import { orderState } from '../../kit/order-lines';
import { text } from '../../kit/text';
import { findOrder, isCancelled } from '../order-view';
import { linesOf } from '../orders';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** GET /admin/orders/{id} */
export const readOrder = operation<Input, Output>({
  id: 'readOrder',
  title: 'Read order',
  description: 'Reads an order with what was ordered and what has left.',
  kind: 'storefront',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ orderNumber }) => `order/${orderNumber}`,
  async send({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return found.refusal;
    const lines = linesOf(found.value).map(({ fulfilled, ...line }) => ({
      ...line,
      ...(fulfilled === undefined ? {} : { fulfilled }),
    }));
    const status = orderState(lines, isCancelled(found.value));
    const reference = text(found.value.id, 200) ?? orderNumber;
    return { outcome: 'ok', output: { orderNumber, status, lines }, confirmed: true, reference };
  },
});
