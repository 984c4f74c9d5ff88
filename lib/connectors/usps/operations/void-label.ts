import { z } from 'zod';
import { type Refusal, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { canPay, payerMissing, sendPaid, uspsError } from '../client';
import { trackingNumbersOf } from '../shipment-id';

const input = contract.input.extend({
  shipmentId: z.string().min(1).max(4000).describe('What createLabel answered: the numbers of all labels'),
});

/** DISPUTED: too late to cancel, a refund is asked for. */
type Cancelled = { state: 'VOIDED' | 'REQUESTED' };

/** Labels v3: DELETE /labels/v3/label/{trackingNumber} cancels, or asks for a refund once the label is in a manifest. */
export async function cancelLabel(trackingNumber: string, call: CallContext): Promise<Cancelled | Refusal> {
  const path = `/labels/v3/label/${encodeURIComponent(trackingNumber)}`;
  const response = await sendPaid(call, { method: 'DELETE', path });
  const refusal = refusalOf(response, call, {
    write: true,
    error: uspsError(response),
    exception: () => 'CARRIER_REJECTED',
  });
  if (refusal !== undefined) return refusal;
  const status = text(object(response.json())?.status, 20);
  if (status === 'CANCELED') return { state: 'VOIDED' };
  return status === 'DISPUTED' ? { state: 'REQUESTED' } : unreadable(true);
}

/** USPS takes no key for it and shows no void: after a lost answer a person decides. */
export const voidLabel = operation<z.infer<typeof input>, z.infer<typeof contract.output>>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Cancels the labels of a shipment; those already in a manifest are handed in for a refund.',
  kind: 'carrier',
  safety: 'irreversible',
  input,
  output: contract.output,
  target: ({ shipmentId }) => `shipment/${shipmentId.slice(0, 200)}`,
  async send({ shipmentId }, call) {
    if (!canPay(call)) return payerMissing;
    let state: Cancelled['state'] = 'VOIDED';
    for (const number of trackingNumbersOf(shipmentId)) {
      const cancelled = await cancelLabel(number, call);
      if ('outcome' in cancelled) return cancelled;
      if (cancelled.state === 'REQUESTED') state = 'REQUESTED';
    }
    return { outcome: 'ok', output: { shipmentId, state }, confirmed: state === 'VOIDED' };
  },
});
