/** GET /v1/tracking, polled: beside the webhook, which is given up after a few attempts, and for numbers that have none. */
import { shipmentPoller } from '../kit/shipment-poll';
import { object } from '../kit/text';
import { inbound } from './inbound';
import { readTracking } from './operations/track';

export const poll = shipmentPoller({
  vendor: 'ShipEngine',
  interval: { minMs: 30 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTracking,
  isFinal: (answer) => object(answer)?.status_code === 'DE',
});
