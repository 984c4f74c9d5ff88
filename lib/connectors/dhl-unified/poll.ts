/** Shipment Tracking - Unified, polled: push subscriptions are not offered for every service and account. */
import { shipmentPoller } from '../kit/shipment-poll';
import { list, object } from '../kit/text';
import { inbound } from './inbound';
import { readTrack } from './operations/track';

function isFinal(answer: unknown): boolean {
  const shipments = list(object(answer)?.shipments);
  return (
    shipments.length > 0 &&
    shipments.every((item) => object(object(item)?.status)?.statusCode === 'delivered')
  );
}

export const poll = shipmentPoller({
  vendor: 'DHL',
  interval: { minMs: 3_600_000, maxMs: 12 * 3_600_000 },
  // Facts of every DHL division name their carrier so.
  carriers: ['dhl'],
  inbound,
  read: readTrack,
  isFinal,
});
