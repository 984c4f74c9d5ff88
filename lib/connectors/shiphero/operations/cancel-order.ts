import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { cancelOrder as contract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { tell, withAccount } from '../client';
import { findOrder, isCancelled, viewOf } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const mutation = `mutation Cancel($data: CancelOrderInput!) {
  order_cancel(data: $data) {
    request_id
    complexity
    order { id order_number fulfillment_status }
  }
}`;

/** order_cancel. Labels stay as they are on the platform, and nothing is forced: what has been packed goes on. */
export const cancelOrder = operation<Input, Output>({
  id: 'cancelOrder',
  title: 'Cancel order',
  description: 'Cancels a warehouse order that has not been shipped.',
  kind: 'wms',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ orderNumber }) => `cancel/${orderNumber}`,
  async send({ orderNumber, reason }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return found.refusal;
    const output = { orderNumber, cancelled: true };
    if (isCancelled(found.value)) return { outcome: 'ok', output, confirmed: true };
    const data = withAccount(call, {
      order_id: found.value.id,
      reason,
      void_on_platform: false,
      force: false,
    });
    const answer = await tell(call, 'order_cancel', mutation, { data });
    if (!answer.ok) return answer.refusal;
    return { outcome: 'ok', output, confirmed: isCancelled(viewOf(object(answer.data.order) ?? {})) };
  },
  async lookUp({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (!isCancelled(found.value)) return { found: false };
    return { found: true, output: { orderNumber, cancelled: true }, confirmed: true };
  },
});
