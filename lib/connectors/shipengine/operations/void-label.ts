import type { z } from 'zod';
import { lookUpUnanswered, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { object, text } from '../../kit/text';
import { carrierException, refusal, sendShipengine } from '../client';

const voided = (shipmentId: string) => ({ shipmentId, state: 'VOIDED' as const });

/** openapi.yaml: PUT /v1/labels/{label_id}/void. A 2xx says in `approved` whether the label is void. */
export const voidLabel = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Voids an unused label and asks for its refund.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `label/${shipmentId}`,
  async send({ shipmentId }, call) {
    const path = `/v1/labels/${encodeURIComponent(shipmentId)}/void`;
    const response = await sendShipengine(call, { method: 'PUT', path });
    const refused = refusal(response, call, true, carrierException);
    if (refused !== undefined) return refused;
    const answer = object(response.json());
    const vendorCode = text(answer?.reason_code, 100);
    if (answer?.approved === true || vendorCode === 'label_already_voided')
      return { outcome: 'ok', output: voided(shipmentId), confirmed: true };
    if (answer?.approved !== false) return unreadable(true);
    const message = text(answer.message, 500) ?? 'the label was not voided';
    return {
      outcome: 'business',
      code: 'CARRIER_REJECTED',
      message,
      ...(vendorCode === undefined ? {} : { vendorCode }),
    };
  },
  async lookUp({ shipmentId }, call) {
    const path = `/v1/labels/${encodeURIComponent(shipmentId)}`;
    const response = await reading(() => sendShipengine(call, { method: 'GET', path }));
    if (response.status !== 200) throw lookUpUnanswered('ShipEngine', response);
    return object(response.json())?.voided === true
      ? { found: true, output: voided(shipmentId), confirmed: true }
      : { found: false };
  },
});
