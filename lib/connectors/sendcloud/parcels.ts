/** Parcels and their tracking to facts, each by its own status (https://sendcloud.dev/api/v2/parcel-statuses, /tracking). */
import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { notAFact, reject } from '../kit/json';
import { referenceIdentifiers } from '../kit/reference';
import { scanFact, type Tracked } from '../kit/scan';
import { idText, type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';

export const codes = loadCodes(__dirname);

export const carrierOf = (code: unknown) => text(code, 60)?.toLowerCase() ?? 'unknown';

/** @param at JSON Pointer. @param changedAt when the status changed, where the delivery says so */
export function readParcel(
  parcel: Json,
  at: string,
  context: NormalizeContext,
  out: Out,
  changedAt?: EventTime,
): void {
  const id = idText(parcel.id, 200);
  const state = object(parcel.status);
  const status = text(state?.id, 20);
  if (id === undefined || status === undefined) {
    out.reports.push(reject('PARCEL_INVALID', 'a parcel without id or status', at));
    return;
  }
  const meaning = codes.meaning('parcel', status);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) {
    out.reports.push(notAFact('PARCEL_WITHOUT_EVENT', text(state?.message, 200) ?? `status ${status}`, at));
    return;
  }
  const number = idText(parcel.tracking_number);
  const carrier = carrierOf(object(parcel.carrier)?.code);
  const identifiers: FactData['identifiers'] = {
    ...referenceIdentifiers(context.settings, [idText(parcel.order_number, 200)]),
    shipmentId: [{ namespace: 'sendcloud', value: id }],
    ...(number === undefined ? {} : { trackingNumber: [{ carrier, value: number }] }),
  };
  const code = { codeList: 'parcel', status, text: text(state?.message, 2000) };
  const time = changedAt ?? dayFirstTime(parcel.date_updated);
  const details = detailsOf(parcel);
  out.facts.push(
    number === undefined
      ? shipmentFact({
          manifest: context.manifest,
          codes,
          code,
          time: time ?? receivedTime(context.receivedAt),
          recordTime: instant(context.receivedAt),
          identifiers,
          dedupKey: keyOf(['sendcloud', 'parcel', id, status, time?.ms]),
          ...details,
        })
      : scanFact(
          { carrier, trackingNumber: number, identifiers },
          { codes, code, time, ...details },
          context,
        ),
  );
}

/** Why an announcement failed, by field, where the call asked for it. */
function detailsOf(parcel: Json): { details?: { message: string } } {
  const words = Object.values(object(parcel.errors) ?? {}).flatMap((errors) =>
    list(errors, 10).flatMap((item) => text(item, 300) ?? []),
  );
  return words.length === 0 ? {} : { details: { message: words.join('; ').slice(0, 2000) } };
}

/** `DD-MM-YYYY HH:MM:SS`, without an offset. */
function dayFirstTime(value: unknown): EventTime | undefined {
  const parts = /^(\d{2})-(\d{2})-(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(text(value, 40) ?? '');
  return parts === null ? undefined : isoTime(`${parts[3]}-${parts[2]}-${parts[1]}T${parts[4]}`);
}

/** GET /tracking/{tracking_number}; it names the parcel by its id alone, so the number comes from the links. */
export function readTracking(tracking: Json, at: string, context: NormalizeContext, out: Out): void {
  const carrier = carrierOf(tracking.carrier_code);
  const id = idText(tracking.parcel_id, 200);
  const trackingNumber = numberIn(tracking);
  if (trackingNumber === undefined) {
    out.reports.push(reject('TRACKING_INVALID', 'no tracking number in the links', at));
    return;
  }
  const tracked: Tracked = {
    carrier,
    trackingNumber,
    identifiers: {
      ...(id === undefined ? {} : { shipmentId: [{ namespace: 'sendcloud', value: id }] }),
      trackingNumber: [{ carrier, value: trackingNumber }],
    },
  };
  const before = out.facts.length + out.reports.length;
  list(tracking.statuses).forEach((raw, index) => {
    const fact = statusFact(object(raw) ?? {}, tracked, context);
    if (typeof fact === 'string')
      out.reports.push(reject('TRACKING_STATUS_INVALID', fact, `${at}/statuses/${index}`));
    else if (fact !== undefined) out.facts.push(fact);
  });
  if (out.facts.length + out.reports.length === before)
    out.reports.push(notAFact('NO_TRACKING_STATUS', 'no status that says what happened', at));
}

/** Undefined for a status that tells nothing. */
function statusFact(item: Json, tracked: Tracked, context: NormalizeContext): FactDraft | string | undefined {
  const status = text(item.parent_status, 100);
  if (status === undefined) return 'a status without parent_status';
  const time = isoTime(item.carrier_update_timestamp);
  if (time === undefined) return `the time of a ${status} status cannot be read`;
  const meaning = codes.meaning('tracking', status);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) return undefined;
  const code = { codeList: 'tracking', status, text: text(item.carrier_message, 2000) };
  return scanFact(tracked, { codes, code, time }, context);
}

const codeIn = /[?&]code=([^&]{1,100})/;
const numberInUrl = /[?&]tracking_number=([^&]{1,100})/;

function numberIn(tracking: Json): string | undefined {
  const carrierUrl = codeIn.exec(text(tracking.carrier_tracking_url, 2000) ?? '')?.[1];
  const ownUrl = numberInUrl.exec(text(tracking.sendcloud_tracking_url, 2000) ?? '')?.[1];
  const found = idText(tracking.tracking_number) ?? carrierUrl ?? ownUrl;
  try {
    return found === undefined ? undefined : idText(decodeURIComponent(found));
  } catch {
    return undefined;
  }
}
