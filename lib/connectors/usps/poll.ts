/** Tracking v3, polled. */
import { shipmentPoller } from '../kit/shipment-poll';
import { list, object, text } from '../kit/text';
import { codes } from './events';
import { inbound } from './inbound';
import { readTrack } from './operations/track';

/** The newest event stands first (Tracking v3, trackingEvents). */
function isFinal(answer: unknown): boolean {
  const newest = object(list(object(answer)?.trackingEvents)[0]);
  const code = text(newest?.eventCode, 100);
  return code !== undefined && codes.meaning('event', code).milestone === 'DELIVERED';
}

export const poll = shipmentPoller({
  vendor: 'USPS',
  interval: { minMs: 30 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTrack,
  isFinal,
});
