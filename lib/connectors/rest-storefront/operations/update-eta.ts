import { etaOperation } from '../../kit/partner-eta';
import { segment } from '../../kit/partner-rest';

/** `PUT /orders/{orderNumber}/eta`, read back. */
export const updateEta = etaOperation({
  id: 'updateEta',
  title: 'Update ETA',
  description: 'Shows the customer a new expected arrival of the order.',
  kind: 'storefront',
  subject: 'orderNumber',
  subjectText: 'Order in the storefront',
  path: (orderNumber) => `/orders/${segment(orderNumber)}/eta`,
});
