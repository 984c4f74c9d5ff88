import { z } from 'zod';
import { operation } from '../../kit/connector';
import { requesterOf, sendIntercept } from '../intercepts';

const input = z.object({
  trackingNumber: z
    .string()
    .regex(/^1Z[A-Z0-9]{16}$/)
    .describe('UPS tracking number (1Z...)'),
});
const output = z.object({ trackingNumber: z.string(), state: z.literal('CANCELLED') });

/** DeliveryIntercept.yaml: POST /api/deliveryintercept/v2/cancel/{tracking_number}. */
export const cancelIntercept = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'cancelIntercept',
  title: 'Cancel an intercept',
  description: 'Takes an intercept back that UPS has not carried out yet.',
  kind: 'carrier',
  safety: 'irreversible',
  input,
  output,
  target: ({ trackingNumber }) => `intercept/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const requester = requesterOf(call);
    if (requester === undefined)
      return { outcome: 'fatal', message: 'set contact name and phone in the partner: intercepts need them' };
    const json = { requesterContactInfo: requester, specialInstructions: null };
    const answer = await sendIntercept(call, 'cancel', trackingNumber, json);
    if ('refusal' in answer) return answer.refusal;
    return { outcome: 'ok', output: { trackingNumber, state: 'CANCELLED' }, confirmed: true };
  },
});
