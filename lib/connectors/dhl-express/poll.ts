/** MyDHL tracking, polled: DHL Express pushes nothing by this API. */
import { shipmentPoller } from '../kit/shipment-poll';
import { list, object, text } from '../kit/text';
import { inbound } from './inbound';
import { readTrack } from './operations/track';

/** Delivered, also damaged; other checkpoints may be listed behind it. A part delivery and a return still have checkpoints to come. */
const final = new Set(['OK', 'DD']);

function isFinal(answer: unknown): boolean {
  const shipments = list(object(answer)?.shipments);
  return (
    shipments.length > 0 &&
    shipments.every((item) =>
      list(object(item)?.events).some((event) => final.has(text(object(event)?.typeCode, 100) ?? '')),
    )
  );
}

export const poll = shipmentPoller({
  vendor: 'DHL Express',
  interval: { minMs: 1_800_000, maxMs: 6 * 3_600_000 },
  // Facts of every DHL division name their carrier so.
  carriers: ['dhl'],
  inbound,
  read: readTrack,
  isFinal,
});
