import { etaOperation } from '../../kit/partner-eta';
import { segment } from '../../kit/partner-rest';

/** `PUT /shipments/{id}/eta`, read back. */
export const updateEta = etaOperation({
  id: 'updateEta',
  title: 'Update ETA',
  description: 'Tells the TMS when the shipment is expected to arrive.',
  kind: 'tms',
  subject: 'shipmentId',
  subjectText: 'Shipment in the TMS',
  path: (shipmentId) => `/shipments/${segment(shipmentId)}/eta`,
});
