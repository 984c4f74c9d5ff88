import { etaOperation } from '../../kit/partner-eta';
import { segment } from '../../kit/partner-rest';

/** `PUT /accounts/orders/{orderNumber}/eta`, read back. */
export const syncEta = etaOperation({
  id: 'syncEta',
  title: 'Sync ETA to CRM',
  description: 'Tells customer service when an order is expected to arrive.',
  kind: 'desk',
  subject: 'orderNumber',
  subjectText: 'Order as the CRM knows it',
  path: (orderNumber) => `/accounts/orders/${segment(orderNumber)}/eta`,
});
