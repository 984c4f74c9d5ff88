/** GET /tracks, polled: beside the webhook, which is sent three times at most, and for numbers of carriers without one. */
import { shipmentPoller } from '../kit/shipment-poll';
import { object } from '../kit/text';
import { inbound } from './inbound';
import { readTrack } from './operations/track';

export const poll = shipmentPoller({
  vendor: 'Shippo',
  interval: { minMs: 30 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTrack,
  isFinal: (answer) => object(object(answer)?.tracking_status)?.status === 'DELIVERED',
});
