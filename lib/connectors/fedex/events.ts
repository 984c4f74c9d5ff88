/** One FedEx scan as the JSON and the older XML both tell it, and its fact. */

import type { FactData, FactDraft } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { businessKey, shipmentFact } from '../kit/draft';
import { etaFact as carrierEtaFact } from '../kit/eta-fact';
import { text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { zoneOf } from '../kit/zones';

export const codes = loadCodes(__dirname);

/** What all events of one tracked package share. */
export interface Package {
  trackingNumber: string;
  identifiers: FactData['identifiers'];
  context: NormalizeContext;
  /** RFC 3339 of when the payload was received. */
  recordTime: string;
}

export interface Scan {
  /** `event`, or `derived` for what FedEx concludes from the scans. */
  codeList: 'event' | 'derived';
  status: string;
  reason?: string | undefined;
  date?: unknown;
  description?: string | undefined;
  place?: FactData['place'] | undefined;
}

/** Time of a scan; undefined when it has a date that cannot be read. */
export function scanTime(scan: Scan, received: number): EventTime | undefined {
  if (scan.date === undefined || scan.date === null || scan.date === '') return receivedTime(received);
  return isoTime(scan.date, { zone: zoneOf(scan.place?.country, scan.place?.region) });
}

/** The fact of one scan, classified by the scan's own code. */
export function scanFact(scan: Scan, time: EventTime, parcel: Package): FactDraft {
  const timed = scan.date !== undefined && scan.date !== null && scan.date !== '';
  return shipmentFact({
    manifest: parcel.context.manifest,
    codes,
    code: {
      codeList: scan.codeList,
      agency: 'FedEx',
      status: scan.status,
      reason: scan.reason,
      text: scan.description,
    },
    time,
    recordTime: parcel.recordTime,
    identifiers: parcel.identifiers,
    place: scan.place,
    dedupKey: businessKey({
      carrier: 'fedex',
      trackingNumber: parcel.trackingNumber,
      status: `${scan.codeList}:${scan.status}`,
      reason: scan.reason,
      eventTime: timed ? time.ms : undefined,
      place: scan.place,
    }),
  });
}

/** The estimated delivery of a package. */
export function etaFact(eta: EventTime, parcel: Package): FactDraft {
  return carrierEtaFact({ carrier: 'fedex', eta, ...parcel });
}

/** The words of an event and of its reason as one line. */
export function describe(event: unknown, reason: unknown): string | undefined {
  const parts = [text(event, 1900), text(reason, 1900)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(': ');
}

export function packageOf(
  trackingNumber: string,
  shipDate: string | undefined,
  references: FactData['identifiers'],
  context: NormalizeContext,
): Package {
  return {
    trackingNumber,
    identifiers: {
      ...references,
      trackingNumber: [
        { carrier: 'fedex', value: trackingNumber, ...(shipDate === undefined ? {} : { shipDate }) },
      ],
    },
    context,
    recordTime: instant(context.receivedAt),
  };
}
