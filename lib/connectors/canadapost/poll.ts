/** GET /vis/track/pin/{pin}/detail, polled: Canada Post sends nothing by itself. */
import { shipmentPoller } from '../kit/shipment-poll';
import { object, objects } from '../kit/text';
import { inbound } from './inbound';
import { readTracking } from './operations/track';
import { readXml } from './read-xml';
import { codes, eventCode } from './tracking';

export const poll = shipmentPoller({
  vendor: 'Canada Post',
  interval: { minMs: 30 * 60_000, maxMs: 6 * 3_600_000 },
  inbound,
  read: readTracking,
  parse: ({ body }) => {
    const parsed = readXml(body);
    return parsed.ok ? parsed.value : undefined;
  },
  isFinal: (answer) => {
    const events = objects(
      object(object(object(answer)?.['tracking-detail'])?.['significant-events'])?.occurrence,
    );
    return events.some((event) => {
      const { milestone } = codes.meaning('event', eventCode(event['event-identifier']) ?? '');
      return milestone === 'DELIVERED' || milestone === 'CANCELLED';
    });
  },
});
