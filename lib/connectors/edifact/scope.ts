/** A message as the mappings read it. */
import type { FactData } from '../../model/fact';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { DocumentScope } from '../kit/edi/scope';
import { type Segment, SegmentFault } from '../kit/edi/segments';
import type { IdentifierBag, Namespaces } from '../kit/edi/settings';
import { idOf, ssccOf } from '../kit/edi/text';
import type { EventTime } from '../kit/time';
import { zoneOf } from '../kit/zones';
import type { Message } from './envelope';
import { dtmTime } from './times';

export const codes = loadCodes(__dirname);

export class MessageScope extends DocumentScope {
  constructor(
    readonly message: Message,
    context: NormalizeContext,
  ) {
    const { interchange, group, type, release, control, segments, at } = message;
    const { unb } = interchange;
    const parties = [unb.element(2), unb.element(3), interchange.control, group?.control, control];
    super({ agency: 'UN', type, version: release, segments, at, controls: parties }, context, codes);
  }

  /** The moment of a DTM. @throws SegmentFault when it cannot be read */
  time(dtm: Segment, country?: string): EventTime {
    const zone = zoneOf(country, undefined) ?? this.context.settings.timeZone;
    const read = dtmTime(dtm.component(1, 2), dtm.component(1, 3), typeof zone === 'string' ? { zone } : {});
    if (read !== undefined) return read;
    throw new SegmentFault('DATE_INVALID', 'the DTM is no date in its format', dtm, 1);
  }

  /** The first DTM with one of the qualifiers, in order of preference. */
  dated(segments: readonly Segment[], qualifiers: readonly string[]): Segment | undefined {
    for (const qualifier of qualifiers) {
      const found = segments.find((segment) => segment.tag === 'DTM' && segment.component(1) === qualifier);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

type Kind = Parameters<IdentifierBag['add']>[0];

type Named = readonly [Kind, (spaces: Namespaces) => string];

/** Qualifiers of RFF (data element 1153), the kind they name, and whose number it is. */
const references: ReadonlyMap<string, Named> = new Map<string, Named>([
  ['ON', ['orderNumber', ({ order }) => order]],
  ['VN', ['orderNumber', () => 'supplierOrder']],
  ['DQ', ['deliveryId', ({ delivery }) => delivery]],
  ['AAK', ['asnId', () => 'asn']],
  ['BM', ['bolNumber', () => 'bol']],
  ['AAS', ['bolNumber', () => 'transportDocument']],
  ['SRN', ['shipmentId', ({ shipment }) => shipment]],
  ['CU', ['shipmentId', ({ shipment }) => shipment]],
]);

/**
 * ON order, VN supplier's order, DQ delivery note, AAK despatch advice, BM bill of lading, AAS transport document, SRN shipment reference, CU
 * consignor's reference. What is not listed stays in the raw payload.
 */
export function addReference(bag: IdentifierBag, rff: Segment): void {
  const found = references.get(rff.component(1, 1).trim());
  if (found !== undefined) bag.add(found[0], found[1](bag.namespaces), rff.component(1, 2));
}

/** GIN+BJ: serial shipping container codes, up to five ranges of two. */
export function addContainers(bag: IdentifierBag, gin: Segment): void {
  if (gin.component(1) !== 'BJ') return;
  for (let element = 2; element <= 6; element++)
    for (const part of [1, 2]) bag.sscc(ssccOf(gin.component(element, part)));
}

/** LOC: the place's code, its name, and the country where the code is a UN/LOCODE (agency 6, or five signs of that shape). */
export function placeOf(loc: Segment | undefined): { place?: FactData['place']; country?: string } {
  if (loc === undefined) return {};
  const code = idOf(loc.component(2, 1));
  const name = idOf(loc.component(2, 4));
  if (code === undefined && name === undefined) return {};
  const locode = code !== undefined && loc.component(2, 3) === '6' && /^[A-Z]{2}[A-Z0-9]{3}$/.test(code);
  const country = locode ? code.slice(0, 2) : undefined;
  return {
    place: {
      ...(name === undefined ? {} : { name }),
      ...(code === undefined ? {} : { locationId: code }),
      ...(country === undefined ? {} : { country }),
    },
    ...(country === undefined ? {} : { country }),
  };
}

/** LIN names the item in its C212; PIA adds numbers, of which the first stands in where LIN has none. */
export const itemOf = (lin: Segment): string | undefined => idOf(lin.component(3, 1));

/** Units of measure (6411) are those of Recommendation 20; a missing one counts pieces. */
export function unitOf(code: string): string {
  const unit = code.trim().toUpperCase();
  if (unit === 'PCE') return 'H87';
  return /^[A-Z0-9]{2,3}$/.test(unit) ? unit : 'EA';
}
