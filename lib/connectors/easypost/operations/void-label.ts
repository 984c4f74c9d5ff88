import type { z } from 'zod';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { object, text } from '../../kit/text';
import { easypostError, sendEasypost } from '../client';

type Output = z.infer<typeof contract.output>;

/** The carrier decides later on what is `submitted`: accepted, not confirmed. */
function voidedOf(shipmentId: string, refundStatus: string | undefined): Output | undefined {
  if (refundStatus === 'refunded') return { shipmentId, state: 'VOIDED' };
  return refundStatus === 'submitted' ? { shipmentId, state: 'REQUESTED' } : undefined;
}

/** https://docs.easypost.com/docs/shipments/refund: POST /v2/shipments/:id/refund */
export const voidLabel = operation<z.infer<typeof contract.input>, Output>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Asks for the refund of an unused label, which voids it.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `shipment/${shipmentId}`,
  async send({ shipmentId }, call) {
    const path = `/v2/shipments/${encodeURIComponent(shipmentId)}/refund`;
    const response = await sendEasypost(call, { method: 'POST', path });
    const refusal = refusalOf(response, call, {
      write: true,
      error: easypostError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const refundStatus = text(object(response.json())?.refund_status, 60);
    if (refundStatus === undefined) return unreadable(true);
    const output = voidedOf(shipmentId, refundStatus);
    if (output !== undefined) return { outcome: 'ok', output, confirmed: output.state === 'VOIDED' };
    // A 2xx can hold the failure: the carrier rejects the refund, or there is nothing to refund.
    const message = `the refund is ${refundStatus}`;
    return { outcome: 'business', code: 'CARRIER_REJECTED', message, vendorCode: refundStatus };
  },
  async lookUp({ shipmentId }, call) {
    const path = `/v2/shipments/${encodeURIComponent(shipmentId)}`;
    const response = await reading(() => sendEasypost(call, { method: 'GET', path }));
    if (response.status !== 200) throw lookUpUnanswered('EasyPost', response);
    const output = voidedOf(shipmentId, text(object(response.json())?.refund_status, 60));
    return output === undefined
      ? { found: false }
      : { found: true, output, confirmed: output.state === 'VOIDED' };
  },
});
