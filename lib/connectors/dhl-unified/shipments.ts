/** `shipments[]` of a look-up or of a push message (https://developer.dhl.com/api-reference/shipment-tracking) to facts. */
import type { Out } from '../kit/collect';
import type { NormalizeContext, NormalizeResult } from '../kit/connector';
import { readShipments } from '../kit/dhl';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { referenceIdentifiers } from '../kit/reference';
import { idText, type Json, list, object, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';
import { eventFact, type Shipment } from './events';

export function normalizeShipments(root: Json, context: NormalizeContext): NormalizeResult {
  return readShipments(root, (shipment, at, out) => readShipment(shipment, at, context, out));
}

function readShipment(item: Json, at: string, context: NormalizeContext, { facts, reports }: Out) {
  const number = idText(item.id);
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a shipment without an id', at));
    return;
  }
  const shipment: Shipment = {
    trackingNumber: number,
    service: text(item.service, 60) ?? 'unknown',
    identifiers: {
      ...referenceIdentifiers(context.settings, referencesOf(item)),
      trackingNumber: [{ carrier: 'dhl', value: number }],
    },
    context,
    recordTime: instant(context.receivedAt),
  };
  const events = list(item.events);
  // The status repeats the newest event, and now and then says something coarser: it counts only where no events came.
  const told: [string, unknown][] =
    events.length > 0
      ? events.map((event, index) => [`${at}/events/${index}`, event])
      : item.status === undefined
        ? []
        : [[`${at}/status`, item.status]];
  for (const [path, event] of told) {
    const fact = eventFact(object(event) ?? {}, shipment);
    if (typeof fact === 'string') reports.push(reject('EVENT_INVALID', fact, path));
    else facts.push(fact);
  }
  if (told.length === 0) reports.push(notAFact('NO_EVENTS', `no events for ${number}`, at));
  const eta = isoTime(item.estimatedTimeOfDelivery);
  if (eta !== undefined && object(item.status)?.statusCode !== 'delivered')
    facts.push(etaFact({ carrier: 'dhl', eta, ...shipment }));
}

/** One reference or several; only the customer's own. */
function referencesOf(item: Json): (string | undefined)[] {
  return list(object(item.details)?.references)
    .map((reference) => object(reference))
    .filter((reference) => reference?.type === 'customer-reference')
    .map((reference) => text(reference?.number));
}
