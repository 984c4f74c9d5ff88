import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { text } from '../../kit/text';
import { answerOf, mediaTypes, refusal, sendCanadaPost } from '../client';
import { namespace, readShipment, shipmentPath } from '../labels';
import { xmlDocument } from '../write-xml';

type Output = z.infer<typeof contract.output>;

/**
 * .../services/shippingmanifest/voidshipment.jsf, shipmentrefund.jsf: a shipment that is not transmitted is deleted; for a transmitted one
 * a refund is requested, which Canada Post decides on. A second request for the same shipment is refused.
 */
export const voidLabel = operation<z.infer<typeof contract.input>, Output>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Voids a shipment that is not transmitted yet, or requests the refund of a transmitted one.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `shipment/${shipmentId}`,
  async send({ shipmentId }, call) {
    const path = shipmentPath(call, shipmentId);
    const read = () => sendCanadaPost(call, mediaTypes.shipment, { method: 'GET', path });
    const shipment = await reading(read);
    const unread = refusal(shipment, call, false, 'CARRIER_REJECTED');
    if (unread !== undefined) return unread;
    const status = text(answerOf(shipment, 'shipment-info')?.['shipment-status'], 20);
    if (status === 'created') {
      const response = await sendCanadaPost(call, mediaTypes.shipment, { method: 'DELETE', path });
      const refused = refusal(response, call, true, 'CARRIER_REJECTED');
      return refused ?? { outcome: 'ok', output: { shipmentId, state: 'VOIDED' }, confirmed: true };
    }
    const email = text(call.settings.refundEmail, 60);
    if (email === undefined)
      return { outcome: 'fatal', message: "set the partner's refundEmail: Canada Post answers there" };
    const response = await sendCanadaPost(call, mediaTypes.shipment, {
      method: 'POST',
      path: `${path}/refund`,
      body: xmlDocument('shipment-refund-request', namespace, { email }),
    });
    const refused = refusal(response, call, true, 'CARRIER_REJECTED');
    if (refused !== undefined) return refused;
    const ticket = text(answerOf(response, 'shipment-refund-request-info')?.['service-ticket-id'], 100);
    return {
      outcome: 'ok',
      output: { shipmentId, state: 'REQUESTED' },
      confirmed: false,
      ...(ticket === undefined ? {} : { reference: ticket }),
    };
  },
  async lookUp({ shipmentId }, call) {
    const info = await readShipment(call, shipmentId);
    return info === undefined
      ? { found: true, output: { shipmentId, state: 'VOIDED' }, confirmed: true }
      : { found: false };
  },
});
