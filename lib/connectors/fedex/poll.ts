/** Track v1, polled: the webhook is for accounts in the United States and may lose messages. */
import { shipmentPoller } from '../kit/shipment-poll';
import { list, object, text } from '../kit/text';
import { inbound } from './inbound';
import { readTrack } from './operations/track';

/** Delivered, cancelled. A return that is under way (RS) still has events to come. */
const final = new Set(['DL', 'CA']);

function isFinal(answer: unknown): boolean {
  const complete = list(object(object(answer)?.output)?.completeTrackResults);
  const results = complete.flatMap((item) => list(object(item)?.trackResults));
  return (
    results.length > 0 &&
    results.every((item) => final.has(text(object(object(item)?.latestStatusDetail)?.code, 10) ?? ''))
  );
}

export const poll = shipmentPoller({
  vendor: 'FedEx',
  interval: { minMs: 15 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTrack,
  isFinal,
});
