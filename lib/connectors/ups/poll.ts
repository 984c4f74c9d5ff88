/** Tracking.yaml, polled: beside Track Alert, whose messages may get lost, and for numbers that were never subscribed. */
import { shipmentPoller } from '../kit/shipment-poll';
import { list, object, text } from '../kit/text';
import { inbound } from './inbound';
import { readTrack } from './operations/track';

/** Package statuses after which nothing comes: voided, delivered, returned to sender (codes.csv). */
const final = new Set(['007', '011', '034']);

function isFinal(answer: unknown): boolean {
  const shipments = list(object(object(answer)?.trackResponse)?.shipment);
  const parcels = shipments.flatMap((shipment) => list(object(shipment)?.package));
  return (
    parcels.length > 0 &&
    parcels.every((parcel) => final.has(text(object(object(parcel)?.currentStatus)?.code, 10) ?? ''))
  );
}

export const poll = shipmentPoller({
  vendor: 'UPS',
  interval: { minMs: 15 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTrack,
  isFinal,
});
