/** GET /api/v2/tracking, polled: beside the webhook, which comes for parcels of its own integration alone. */
import { shipmentPoller } from '../kit/shipment-poll';
import { object, objects, text } from '../kit/text';
import { inbound } from './inbound';
import { readTracking } from './operations/track';

const final = new Set(['delivered', 'collected-by-customer', 'returned-to-sender', 'cancelled']);

export const poll = shipmentPoller({
  vendor: 'Sendcloud',
  interval: { minMs: 30 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTracking,
  isFinal: (answer) =>
    objects(object(answer)?.statuses).some((item) => final.has(text(item.parent_status, 100) ?? '')),
});
