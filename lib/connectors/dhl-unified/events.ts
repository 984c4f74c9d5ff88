/** One event of a DHL shipment and its fact, classified by the event's own status: never by the shipment's summary. */
import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { placeOf } from '../kit/place';
import { type Json, object, text } from '../kit/text';
import { isoTime, receivedTime } from '../kit/time';
import { zoneOf } from '../kit/zones';

export const codes = loadCodes(__dirname);

export interface Shipment {
  trackingNumber: string;
  /** `parcel-de`, `express` ... */
  service: string;
  identifiers: FactData['identifiers'];
  context: NormalizeContext;
  recordTime: string;
}

/** Codes have no white space; what has is prose in the language that was asked for. */
const codeLike = /^[A-Z0-9]+(?:[_/-][A-Z0-9]+)*$/;

/** National parcel networks write the local time of their country. */
const countries: Readonly<Record<string, string>> = {
  'parcel-de': 'DE',
  'parcel-nl': 'NL',
  'parcel-pl': 'PL',
  'post-de': 'DE',
};

/**
 * The event's own code in the list of its service; one that the list lacks is UNMAPPED_STATUS, whatever the coarse status code says.
 * Where DHL writes prose, or one of the coarse words, instead of a code, the coarse status code is all there is.
 */
function codeOf(event: Json, service: string): { codeList: string; status: string } {
  const status = text(event.status, 100);
  const coarse = text(event.statusCode, 100) ?? '-';
  if (status === undefined || !codeLike.test(status)) return { codeList: 'status-code', status: coarse };
  const word = status.toLowerCase();
  if (!codes.meaning(service, status).mapped && codes.meaning('status-code', word).mapped)
    return { codeList: 'status-code', status: word };
  return { codeList: service, status };
}

/** A sentence says what is wrong with an event. */
export function eventFact(event: Json, shipment: Shipment): FactDraft | string {
  const { service, trackingNumber, context } = shipment;
  const code = codeOf(event, service);
  const address = object(object(event.location)?.address);
  const country = text(address?.countryCode, 100);
  const stamp = text(event.timestamp, 60);
  const time = isoTime(stamp, { zone: zoneOf(country ?? countries[service], undefined) });
  if (stamp !== undefined && time === undefined) return `the time of a ${code.status} event cannot be read`;
  const place = placeOf({
    city: address?.addressLocality,
    postalCode: address?.postalCode,
    country: address?.countryCode,
  });
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code: { ...code, agency: 'DHL', text: proseOf(event) },
    time: time ?? receivedTime(context.receivedAt),
    recordTime: shipment.recordTime,
    identifiers: shipment.identifiers,
    place,
    dedupKey: businessKey({
      carrier: 'dhl',
      trackingNumber,
      status: `${code.codeList}:${code.status}`,
      eventTime: time?.ms,
      place,
    }),
  });
}

function proseOf(event: Json): string | undefined {
  const parts = [event.status, event.description, event.remark].map((part) => text(part, 600));
  const distinct = [...new Set(parts.filter((part) => part !== undefined))];
  return distinct.length === 0 ? undefined : distinct.join(': ');
}
