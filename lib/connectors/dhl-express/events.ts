/** One checkpoint as the JSON and the older XML both tell it, and its fact. The carrier is `dhl`, as in `dhl-unified`: facts about one number meet. */
import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { text } from '../kit/text';
import { instant, isoTime, offsetMinutes } from '../kit/time';
import { zoneOf } from '../kit/zones';

export const codes = loadCodes(__dirname);

export interface Shipment {
  trackingNumber: string;
  identifiers: FactData['identifiers'];
  context: NormalizeContext;
  recordTime: string;
}

/** True for the reference that createLabel puts beside the shipper's: 35 hex digits of ours name no order. */
const isOurs = (reference: string | undefined) => /^[0-9a-f]{35}$/.test(reference ?? '');

export function shipmentOf(
  trackingNumber: string,
  references: readonly (string | undefined)[],
  context: NormalizeContext,
): Shipment {
  const own = references.filter((reference) => !isOurs(reference));
  return {
    trackingNumber,
    identifiers: {
      ...referenceIdentifiers(context.settings, own),
      trackingNumber: [{ carrier: 'dhl', value: trackingNumber }],
    },
    context,
    recordTime: instant(context.receivedAt),
  };
}

export interface Checkpoint {
  code: unknown;
  date: unknown;
  time: unknown;
  /** `+09:00`; absent where it was not asked for, and in XML. */
  offset?: unknown;
  description: unknown;
  /** Service area, e.g. `SYD` and `SYDNEY-AU`. */
  area: { code: unknown; description: unknown };
}

/** `SYDNEY-AU` ends in a country; older answers end in a word or in three letters, and name none. */
function countryOf(description: string | undefined): string | undefined {
  return /-\s*([A-Z]{2})$/.exec(description ?? '')?.[1];
}

/** A sentence says what is wrong with a checkpoint. */
export function checkpointFact(checkpoint: Checkpoint, shipment: Shipment): FactDraft | string {
  const status = text(checkpoint.code, 100);
  if (status === undefined) return 'a checkpoint without an event code';
  const area = text(checkpoint.area.description, 200);
  const country = countryOf(area);
  const clock = text(checkpoint.time, 20);
  const time = isoTime(`${text(checkpoint.date, 20)}T${clock ?? '00:00:00'}`, {
    offsetMinutes: offsetMinutes(checkpoint.offset),
    zone: zoneOf(country, undefined),
  });
  if (time === undefined) return `the time of a ${status} checkpoint cannot be read`;
  const place = placeOf({ city: area, country, locationId: checkpoint.area.code });
  return shipmentFact({
    manifest: shipment.context.manifest,
    codes,
    code: { codeList: 'event', agency: 'DHL', status, text: text(checkpoint.description, 2000) },
    time,
    recordTime: shipment.recordTime,
    identifiers: shipment.identifiers,
    place,
    dedupKey: businessKey({
      carrier: 'dhl',
      trackingNumber: shipment.trackingNumber,
      status,
      eventTime: time.ms,
      place: placeOf({ locationId: checkpoint.area.code }),
    }),
  });
}
