import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { cancelOrder as contract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import { object, text } from '../../kit/text';
import { rateLimitHeaders, tell } from '../client';
import { failures, findOrder } from '../orders';
import { idOf } from '../shipments';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** POST /order/{orderId}:cancel. A 200 says Success, PartialSuccess or Failure; what has been picked goes on. */
export const cancelOrder = operation<Input, Output>({
  id: 'cancelOrder',
  title: 'Cancel order',
  description: 'Cancels an order and all of its shipments.',
  kind: 'wms',
  rateLimitHeaders,
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ orderNumber }) => `cancel/${orderNumber}`,
  async send({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return found.refusal;
    if (found.value.status === 'Cancelled')
      return { outcome: 'ok', output: { orderNumber, cancelled: true }, confirmed: true };
    const answer = await tell(call, `/order/${idOf(found.value.id)}:cancel`);
    if (!answer.ok) return answer.refusal;
    const status = text(answer.value.status, 60);
    if (status !== 'Success') {
      const reasons = failures(answer.value).join('; ') || 'ShipBob did not cancel every shipment';
      return { outcome: 'fatal', message: reasons, ...(status === undefined ? {} : { vendorCode: status }) };
    }
    const confirmed = object(answer.value.order)?.status === 'Cancelled';
    return { outcome: 'ok', output: { orderNumber, cancelled: true }, confirmed };
  },
  async lookUp({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.value.status !== 'Cancelled') return { found: false };
    return { found: true, output: { orderNumber, cancelled: true }, confirmed: true };
  },
});
