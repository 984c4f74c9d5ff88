/** Package tracking (getPackageTrackingDetails): one fact an event; the summary counts only where there are no events. */
import type { NormalizeContext } from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { placeOf } from '../kit/place';
import { type Json, text } from '../kit/text';
import { instant, isoTime, receivedTime } from '../kit/time';
import { codes, type Read } from './fulfillment-order';
import { identifiersOf, objects, trackingOf } from './ids';

const placeAt = (address: Json | undefined) =>
  placeOf({ city: address?.city, region: address?.state, country: address?.country });

export function trackingFacts(details: Json, context: NormalizeContext): Read[] {
  const number = text(details.packageNumber, 100);
  if (number === undefined) return ['tracking details without a package number'];
  const tracking = trackingOf(details.carrierCode, details.trackingNumber);
  const identifiers = identifiersOf({ packages: [number], tracking }, context);
  const events = objects(details.trackingEvents);
  const recordTime = instant(context.receivedAt);
  const eta = isoTime(details.estimatedArrivalDate);
  const more = eta === undefined ? {} : { more: { context: { etaAt: eta.iso } } };
  const common = { manifest: context.manifest, codes, recordTime, identifiers, ...more };
  if (events.length === 0) {
    const status = text(details.currentStatus, 100);
    if (status === undefined) return ['tracking details without events or status'];
    return [
      shipmentFact({
        ...common,
        code: {
          codeList: 'current-status',
          agency: 'Amazon',
          status,
          text: text(details.currentStatusDescription, 1000),
        },
        time: receivedTime(context.receivedAt),
        dedupKey: businessKey({ carrier: 'amazon', trackingNumber: number, status }),
      }),
    ];
  }
  return events.map((event): Read => {
    const status = text(event.eventCode, 100);
    const time = isoTime(event.eventDate);
    if (status === undefined) return 'a tracking event without a code';
    if (time === undefined) return `the time of a tracking event ${status} cannot be read`;
    const address = event.eventAddress;
    const place = placeAt(typeof address === 'object' && address !== null ? (address as Json) : undefined);
    return shipmentFact({
      ...common,
      code: { codeList: 'event-code', agency: 'Amazon', status, text: text(event.eventDescription, 1000) },
      time,
      place,
      dedupKey: businessKey({ carrier: 'amazon', trackingNumber: number, status, eventTime: time.ms, place }),
    });
  });
}
