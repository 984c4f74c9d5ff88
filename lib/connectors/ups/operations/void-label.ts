import type { z } from 'zod';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { voidLabel as contract } from '../../kit/contracts/carrier';
import { object, text } from '../../kit/text';
import { sendUps, upsError } from '../client';
import { currentOf, readTrack } from './track';

/** Package status `shipment information voided`. */
const voidedStatus = '007';

/**
 * Shipping.yaml: DELETE /api/shipments/v2409/void/cancel/{shipmentidentificationnumber}. UPS answers `Voided or Already Voided`
 * alike, and Track shows the void.
 */
export const voidLabel = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'voidLabel',
  title: 'Void a label',
  description: 'Cancels a shipment, with all of its parcels, that UPS has not picked up yet.',
  kind: 'carrier',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ shipmentId }) => `shipment/${shipmentId}`,
  async send({ shipmentId }, call) {
    const path = `/api/shipments/v2409/void/cancel/${encodeURIComponent(shipmentId)}`;
    const response = await sendUps(call, { method: 'DELETE', path });
    const refusal = refusalOf(response, call, {
      write: true,
      error: upsError(response),
      exception: () => 'CARRIER_REJECTED',
    });
    if (refusal !== undefined) return refusal;
    const summary = object(object(object(response.json())?.VoidShipmentResponse)?.SummaryResult);
    const status = object(summary?.Status);
    const code = text(status?.Code, 10);
    if (code === undefined) return unreadable(true);
    if (code === '1') return { outcome: 'ok', output: { shipmentId, state: 'VOIDED' }, confirmed: true };
    const message = text(status?.Description, 500) ?? 'UPS did not void the shipment';
    return { outcome: 'business', code: 'CARRIER_REJECTED', message, vendorCode: code };
  },
  async lookUp({ shipmentId }, call) {
    const response = await readTrack(shipmentId, call);
    if (response.status !== 200 && response.status !== 404) throw lookUpUnanswered('UPS', response);
    if (currentOf(response.json())?.code !== voidedStatus) return { found: false };
    return { found: true, output: { shipmentId, state: 'VOIDED' }, confirmed: true };
  },
});
