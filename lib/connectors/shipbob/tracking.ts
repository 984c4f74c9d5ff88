/** The carrier's history of a shipment (OpenAPI 2026-01, Tracking.ShipmentTrackingResponse): one fact an event. */
import type { NormalizeContext } from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { type Json, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';
import { codes, identifiersOf, idOf, objects, type Read, trackingOf } from './shipments';

export function trackingFacts(answer: Json, context: NormalizeContext): Read[] {
  const shipment = idOf(answer.shipment_id);
  const number = text(answer.carrier_tracking_number, 100) ?? text(answer.tracking_id, 100);
  if (number === undefined && shipment === undefined) return ['tracking without a number or a shipment'];
  const tracking = trackingOf(answer.carrier, answer.carrier_tracking_number);
  const identifiers = identifiersOf({ shipment, tracking }, context);
  const eta = isoTime(answer.eta);
  const history = objects(answer.history);
  const events = history.length > 0 ? history : [{ ...answer, timestamp: answer.last_updated }];
  return events.map((event): Read => {
    const status = text(event.status, 100);
    const time = isoTime(event.timestamp);
    if (status === undefined) return 'a tracking event without a status';
    if (time === undefined) return `the time of a tracking event ${status} cannot be read`;
    const reason = text(event.substatus, 100);
    const place = text(event.location, 200);
    return shipmentFact({
      manifest: context.manifest,
      codes,
      code: {
        codeList: 'tracking',
        agency: 'ShipBob',
        status,
        reason,
        text: text(event.carrier_message ?? event.message, 2000),
      },
      time,
      recordTime: instant(context.receivedAt),
      identifiers,
      ...(place === undefined ? {} : { place: { name: place } }),
      dedupKey: businessKey({
        carrier: 'shipbob',
        trackingNumber: number ?? shipment ?? '',
        status,
        reason: `${reason ?? ''}@${place ?? ''}`,
        eventTime: time.ms,
      }),
      ...(eta === undefined ? {} : { more: { context: { etaAt: eta.iso } } }),
    });
  });
}
