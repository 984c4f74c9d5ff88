/** Tracking answers of the MyDHL API (`shipments[]`) to facts: one per checkpoint, by its own type code. */
import type { Out } from '../kit/collect';
import type { NormalizeContext, NormalizeResult } from '../kit/connector';
import { readShipments } from '../kit/dhl';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { idText, type Json, list, object, text } from '../kit/text';
import { isoTime } from '../kit/time';
import { zoneOf } from '../kit/zones';
import { checkpointFact, shipmentOf } from './events';

export function normalizeTracking(root: Json, context: NormalizeContext): NormalizeResult {
  return readShipments(root, (shipment, at, out) => readShipment(shipment, at, context, out));
}

function readShipment(item: Json, at: string, context: NormalizeContext, { facts, reports }: Out) {
  const number = idText(item.shipmentTrackingNumber);
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a shipment without its number', at));
    return;
  }
  const references = list(item.shipperReferences).map((reference) => text(object(reference)?.value));
  const shipment = shipmentOf(number, references, context);
  const events = list(item.events);
  let delivered = false;
  events.forEach((raw, index) => {
    const event = object(raw) ?? {};
    const area = object(list(event.serviceArea)[0]);
    const fact = checkpointFact(
      {
        code: event.typeCode,
        date: event.date,
        time: event.time,
        offset: event.GMTOffset,
        description: event.description,
        area: { code: area?.code, description: area?.description },
      },
      shipment,
    );
    if (typeof fact === 'string') reports.push(reject('EVENT_INVALID', fact, `${at}/events/${index}`));
    else {
      delivered ||= fact.data.milestone === 'DELIVERED';
      facts.push(fact);
    }
  });
  if (events.length === 0) reports.push(notAFact('NO_EVENTS', `no checkpoints for ${number}`, at));
  const eta = estimateOf(item);
  if (eta !== undefined && !delivered) facts.push(etaFact({ carrier: 'dhl', eta, ...shipment }));
}

/** A day alone means until its end, where the receiver is. */
function estimateOf(item: Json) {
  const said = text(item.estimatedDeliveryDate, 60);
  const receiver = object(object(item.receiverDetails)?.postalAddress);
  const zone = zoneOf(text(receiver?.countryCode, 2), undefined);
  return isoTime(said?.length === 10 ? `${said}T23:59:59` : said, { zone });
}
