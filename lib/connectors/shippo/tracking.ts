/** Tracks to facts: one a status of the history, each by its own status and substatus (docs.goshippo.com/docs/tracking/tracking). */
import type { FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { etaFact } from '../kit/eta-fact';
import { notAFact, reject } from '../kit/json';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { scanFact, type Tracked } from '../kit/scan';
import { idText, type Json, list, object, text } from '../kit/text';
import { instant, isoTime } from '../kit/time';

export const codes = loadCodes(__dirname);

export function readTrack(track: Json, at: string, context: NormalizeContext, out: Out): void {
  const trackingNumber = idText(track.tracking_number);
  if (trackingNumber === undefined) {
    out.reports.push(reject('TRACK_INVALID', 'no tracking_number', at));
    return;
  }
  const tracked = trackedOf(track, trackingNumber, context);
  const known = new Set<string>();
  const before = out.facts.length + out.reports.length;
  // The current status is the newest of the history; it stands alone where there is no history.
  const events = [...list(track.tracking_history), track.tracking_status];
  events.forEach((raw, index) => {
    const event = object(raw);
    if (event === undefined) return;
    const fact = statusFact(event, tracked, context);
    if (typeof fact === 'string') out.reports.push(reject('TRACKING_STATUS_INVALID', fact, `${at}/${index}`));
    else if (fact !== undefined && !known.has(fact.dedupKey)) {
      known.add(fact.dedupKey);
      out.facts.push(fact);
    }
  });
  if (out.facts.length + out.reports.length === before)
    out.reports.push(notAFact('NO_TRACKING_STATUS', `nothing is known of ${trackingNumber}`, at));
  const delivered = object(track.tracking_status)?.status === 'DELIVERED';
  const eta = delivered ? undefined : isoTime(track.eta);
  if (eta !== undefined)
    out.facts.push(etaFact({ ...tracked, eta, recordTime: instant(context.receivedAt) }));
}

function trackedOf(track: Json, trackingNumber: string, context: NormalizeContext): Tracked {
  const carrier = text(track.carrier, 60)?.toLowerCase() ?? 'unknown';
  const transaction = idText(track.transaction, 200);
  return {
    carrier,
    trackingNumber,
    identifiers: {
      ...referenceIdentifiers(context.settings, [idText(track.metadata, 200)]),
      ...(transaction === undefined ? {} : { shipmentId: [{ namespace: 'shippo', value: transaction }] }),
      trackingNumber: [{ carrier, value: trackingNumber }],
    },
  };
}

/** Undefined for a status that tells nothing: the label was made, the carrier has not seen it. */
function statusFact(
  event: Json,
  tracked: Tracked,
  context: NormalizeContext,
): FactDraft | string | undefined {
  const status = text(event.status, 100);
  if (status === undefined) return 'a tracking status without a status';
  const substatus = object(event.substatus);
  const reason = text(substatus?.code, 100) ?? text(event.substatus, 100);
  const stated = text(event.status_date) !== undefined;
  const time = isoTime(event.status_date);
  if (stated && time === undefined) return `the time of a ${status} status cannot be read`;
  const meaning = codes.meaning('track', status, reason);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) return undefined;
  const code = {
    codeList: 'track',
    status,
    reason,
    text: text(event.status_details, 2000) ?? text(substatus?.text, 2000),
  };
  const location = object(event.location);
  const place = placeOf({
    city: location?.city,
    region: location?.state,
    postalCode: location?.zip,
    country: location?.country,
  });
  return scanFact(tracked, { codes, code, time, place }, context);
}
