import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { lookUpShippo, refusal, sendShippo } from '../client';

type Output = z.infer<typeof contract.output>;

/** Refunds say SUCCESS, QUEUED or PENDING, transactions REFUNDED or REFUNDPENDING. */
const states: Readonly<Record<string, Output['state']>> = {
  SUCCESS: 'VOIDED',
  QUEUED: 'REQUESTED',
  PENDING: 'REQUESTED',
};
const transactionStates: Readonly<Record<string, Output['state']>> = {
  REFUNDED: 'VOIDED',
  REFUNDPENDING: 'REQUESTED',
};

/** docs.goshippo.com/docs/shipments/refunds: POST /refunds. The carrier decides later on what is queued or pending. */
export const voidLabel = operation<z.infer<typeof contract.input>, Output>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Asks for the refund of an unused label, which voids it.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `label/${shipmentId}`,
  async send({ shipmentId }, call) {
    const json = { transaction: shipmentId, async: false };
    const response = await sendShippo(call, { method: 'POST', path: '/refunds', json });
    const refused = refusal(response, call, true, () => 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    const status = text(object(response.json())?.status, 60);
    const state = states[status ?? ''];
    if (state !== undefined)
      return { outcome: 'ok', output: { shipmentId, state }, confirmed: state === 'VOIDED' };
    if (status !== 'ERROR') return unreadable(true);
    const message = 'the refund was refused';
    return { outcome: 'business', code: 'CARRIER_REJECTED', message, vendorCode: status };
  },
  async lookUp({ shipmentId }, call) {
    const transaction = await lookUpShippo(call, `/transactions/${encodeURIComponent(shipmentId)}`);
    const state = transactionStates[text(transaction.status, 60) ?? ''];
    return state === undefined
      ? { found: false }
      : { found: true, output: { shipmentId, state }, confirmed: state === 'VOIDED' };
  },
});
