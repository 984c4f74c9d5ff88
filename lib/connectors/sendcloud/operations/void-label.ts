import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { refusal, sendSendcloud } from '../client';
import { lookUpParcels, statusOf } from '../labels';

type Output = z.infer<typeof contract.output>;

const states: Readonly<Record<string, Output['state']>> = {
  '1998': 'VOIDED',
  '2000': 'VOIDED',
  '1999': 'REQUESTED',
  '2001': 'REQUESTED',
};

/**
 * https://sendcloud.dev/api/v2/parcels/cancel-or-delete-a-parcel: 200 cancelled, 202 queued, 410 for a parcel whose announcement had failed and
 * that is deleted now.
 */
export const voidLabel = operation<z.infer<typeof contract.input>, Output>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Cancels a parcel that is not handed over yet; some carriers decide later.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `parcel/${shipmentId}`,
  async send({ shipmentId }, call) {
    const path = `/api/v2/parcels/${encodeURIComponent(shipmentId)}/cancel`;
    const response = await sendSendcloud(call, { method: 'POST', path });
    if (response.status === 410)
      return { outcome: 'ok', output: { shipmentId, state: 'VOIDED' }, confirmed: true };
    const refused = refusal(response, call, true, 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    if (response.status === 202)
      return { outcome: 'ok', output: { shipmentId, state: 'REQUESTED' }, confirmed: false };
    const status = text(object(response.json())?.status, 60);
    return status === 'cancelled' || status === 'deleted'
      ? { outcome: 'ok', output: { shipmentId, state: 'VOIDED' }, confirmed: true }
      : unreadable(true);
  },
  async lookUp({ shipmentId }, call) {
    const answer = await lookUpParcels(call, `/api/v2/parcels/${encodeURIComponent(shipmentId)}`);
    const state = states[statusOf(object(answer.parcel)) ?? ''];
    return state === undefined
      ? { found: false }
      : { found: true, output: { shipmentId, state }, confirmed: state === 'VOIDED' };
  },
});
