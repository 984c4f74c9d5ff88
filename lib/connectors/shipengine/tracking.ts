import { loadCodes } from '../kit/codes';
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { placeOf } from '../kit/place';
import { scanFact, type Tracked } from '../kit/scan';
import { idText, type Json, list, object, objects, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** Accounts of one carrier have codes of their own; the numbers are the carrier's. */
const carriers: Readonly<Record<string, string>> = {
  stamps_com: 'usps',
  endicia: 'usps',
  ups_walleted: 'ups',
};

export function carrierOf(code: string | undefined): string {
  const lower = (code ?? 'unknown').toLowerCase();
  return carriers[lower] ?? lower;
}

/** A webhook names the carrier in the address it was read from. */
export const carrierIn = (resourceUrl: string | undefined) =>
  /[?&]carrier_code=([\w-]{1,60})/.exec(resourceUrl ?? '')?.[1];

/** @param carrierCode where the data does not name the carrier */
export function readTracking(
  data: Json,
  carrierCode: string | undefined,
  at: string,
  context: NormalizeContext,
  out: Out,
): void {
  const trackingNumber = idText(data.tracking_number);
  if (trackingNumber === undefined) {
    out.reports.push(reject('TRACKING_INVALID', 'no tracking_number', at));
    return;
  }
  const carrier = carrierOf(text(data.carrier_code, 60) ?? carrierCode);
  const tracked: Tracked = {
    carrier,
    trackingNumber,
    identifiers: { trackingNumber: [{ carrier, value: trackingNumber }] },
  };
  const events = list(data.events);
  const coded = events.filter((event) => readEvent(event, tracked, context, out)).length;
  if (coded === 0) readSummary(data, tracked, at, context, out);
  const eta = data.status_code === 'DE' ? undefined : isoTime(data.estimated_delivery_date);
  if (eta !== undefined)
    out.facts.push(etaFact({ ...tracked, eta, recordTime: instant(context.receivedAt) }));
}

/** True when the event carries a code; older payloads have events with prose alone, which nothing is concluded from. */
function readEvent(raw: unknown, tracked: Tracked, context: NormalizeContext, out: Out): boolean {
  const event = object(raw);
  const status = text(event?.status_code, 100);
  if (event === undefined || status === undefined) return false;
  const time = isoTime(event.occurred_at);
  if (time === undefined) {
    const message = `the time of a ${status} event cannot be read`;
    out.reports.push(reject('TRACK_EVENT_INVALID', message, '/events'));
    return true;
  }
  const place = placeOf({
    city: event.city_locality,
    region: event.state_province,
    postalCode: event.postal_code,
    country: event.country_code,
  });
  const words = text(event.carrier_status_description, 2000) ?? text(event.description, 2000);
  const code = {
    codeList: 'tracking',
    status,
    reason: text(event.status_detail_code, 100),
    text: words ?? text(event.status_description, 2000),
  };
  out.facts.push(scanFact(tracked, { codes, code, time, place, ...evidenceOf(event) }, context));
  return true;
}

function evidenceOf(event: Json) {
  const uri = idText(event.proof_of_delivery_url, 2000);
  return uri === undefined ? {} : { more: { evidence: [{ kind: 'photo' as const, uri }] } };
}

/** The status as a whole counts only where no event carries a code; it is as old as the newest event. */
function readSummary(data: Json, tracked: Tracked, at: string, context: NormalizeContext, out: Out) {
  const status = text(data.status_code, 100);
  const reason = text(data.status_detail_code, 100);
  const meaning = status === undefined ? undefined : codes.meaning('tracking', status, reason);
  if (status === undefined || (meaning?.milestone === undefined && meaning?.exception === undefined)) {
    out.reports.push(notAFact('NO_TRACKING_EVENTS', 'no event that says what happened', at));
    return;
  }
  const words = text(data.exception_description, 2000) ?? text(data.carrier_status_description, 2000);
  const code = { codeList: 'tracking', status, reason, text: words ?? text(data.status_description, 2000) };
  const times = objects(data.events).flatMap((event) => isoTime(event.occurred_at) ?? []);
  const time = times.toSorted((a, b) => b.ms - a.ms)[0];
  out.facts.push(scanFact(tracked, { codes, code, time }, context));
}
