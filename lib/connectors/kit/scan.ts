/** One scan of a tracked parcel as a fact: what all tracking answers have in common. */
import type { FactData, FactDraft } from '../../model/fact';
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type { CodeTable } from './codes';
import type { Identified, NormalizeContext } from './connector';
import { businessKey, type ShipmentEvent, shipmentFact, type VendorCode } from './draft';
import { type EventTime, instant, receivedTime } from './time';

/** The parcel that a payload is about. */
export interface Tracked {
  /** Carrier whose number it is, lower case. */
  carrier: string;
  trackingNumber: string;
  identifiers: FactData['identifiers'];
}

export interface Scan extends Pick<ShipmentEvent, 'details' | 'more'> {
  codes: CodeTable;
  code: VendorCode;
  /** Left out where the source states none: the moment of receipt stands in and stays out of the key. */
  time?: EventTime | undefined;
  place?: FactData['place'] | undefined;
}

/** The fact of one scan, keyed by what happened when and where, never by the poll that brought it. */
export function scanFact(tracked: Tracked, scan: Scan, context: NormalizeContext): FactDraft {
  const { time, code, place, ...rest } = scan;
  return shipmentFact({
    ...rest,
    manifest: context.manifest,
    code,
    place,
    time: time ?? receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: tracked.identifiers,
    dedupKey: businessKey({
      carrier: tracked.carrier,
      trackingNumber: tracked.trackingNumber,
      status: code.status,
      reason: code.reason,
      eventTime: time?.ms,
      place,
    }),
  });
}

/** Known by its bytes, in order with whatever else is about the parcel. `native` is the sender's id of the delivery, or a hash without what differs with every poll. */
export function identifiedBy(
  body: Uint8Array,
  tracked: { carrier: string; value: string } | undefined,
  native?: string,
): Identified {
  const dedupKey = native ?? sha256Hex(body);
  const orderKey = tracked && shipmentKeyOf({ trackingNumber: [tracked] });
  return orderKey ? { dedupKey, orderKey } : { dedupKey };
}

/** The body as one character a byte, for look-ups by pattern that must not cost a parse. */
export function latin1(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
}
