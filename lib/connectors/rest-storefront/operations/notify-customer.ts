import { z } from 'zod';
import { operation } from '../../kit/connector';
import { segment, tell } from '../../kit/partner-rest';
import { type Notice, notice } from '../schema';

const input = z.object({
  orderNumber: z.string().min(1).max(200).describe('Order the notice is about'),
  template: z.string().min(1).max(200).describe('Message template of the storefront'),
  locale: z.string().max(20).optional().describe("Language tag, e.g. de-DE; the customer's own when empty"),
  fields: z.record(z.string(), z.string()).default({}).describe('Values for the template'),
});
type Input = z.infer<typeof input>;

/** `POST /orders/{orderNumber}/notices`, keyed. What was sent to a customer cannot be taken back: there is no undo. */
export const notifyCustomer = operation<Input, Notice>({
  id: 'notifyCustomer',
  title: 'Notify customer',
  description: 'Sends the customer a notice about an order, once.',
  kind: 'storefront',
  safety: 'keyed',
  idempotencyHeader: 'Idempotency-Key',
  input,
  output: notice,
  target: (wanted) => `orders/${wanted.orderNumber}/notices/${wanted.template}`,
  async send(wanted, call) {
    const { orderNumber, ...json } = wanted;
    const path = `/orders/${segment(orderNumber)}/notices`;
    const answer = await tell(call, { method: 'POST', path, json, keyed: true }, notice);
    if (!answer.ok) return answer.refusal;
    const { value } = answer;
    return { outcome: 'ok', output: value, confirmed: value.state !== 'QUEUED', reference: value.id };
  },
});
