import { z } from 'zod';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { object, text } from '../../kit/text';
import { easypostError, sendEasypost } from '../client';

const input = z.object({ shipmentId: z.string().min(1).max(100).describe('EasyPost shipment id (shp_...)') });
const output = z.object({ shipmentId: z.string(), refundStatus: z.string() });

/** The carrier decides later on what is `submitted`: accepted, not confirmed. */
const accepted = new Set(['submitted', 'refunded']);

/** https://docs.easypost.com/docs/shipments/refund: POST /v2/shipments/:id/refund */
export const refundLabel = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'refund-label',
  title: 'Void a label',
  description: 'Asks for the refund of an unused label, which voids it.',
  kind: 'carrier',
  safety: 'reconcilable',
  input,
  output,
  target: ({ shipmentId }) => `refund/${shipmentId}`,
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
    if (accepted.has(refundStatus))
      return { outcome: 'ok', output: { shipmentId, refundStatus }, confirmed: refundStatus === 'refunded' };
    // A 2xx can hold the failure: the carrier rejects the refund, or there is nothing to refund.
    return {
      outcome: 'business',
      code: 'CARRIER_REJECTED',
      message: `the refund is ${refundStatus}`,
      vendorCode: refundStatus,
    };
  },
  async lookUp({ shipmentId }, call) {
    const path = `/v2/shipments/${encodeURIComponent(shipmentId)}`;
    const response = await reading(() => sendEasypost(call, { method: 'GET', path }));
    if (response.status !== 200) throw lookUpUnanswered('EasyPost', response);
    const refundStatus = text(object(response.json())?.refund_status, 60);
    if (refundStatus === undefined || !accepted.has(refundStatus)) return { found: false };
    return { found: true, output: { shipmentId, refundStatus }, confirmed: refundStatus === 'refunded' };
  },
});
