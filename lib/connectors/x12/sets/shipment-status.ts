/** 214 Transportation Carrier Shipment Status Message: one fact per AT7, classified by its own status and reason. */
import type { FactData, FactDraft } from '../../../model/fact';
import type { Mapped } from '../../kit/edi/scope';
import type { Segment } from '../../kit/edi/segments';
import type { IdentifierBag } from '../../kit/edi/settings';
import { idOf } from '../../kit/edi/text';
import { placeOf } from '../../kit/place';
import { addMark, addReference, scacOf } from '../references';
import { codes, type SetScope } from '../scope';
import { countryOf, type X12Place } from '../times';

/** Statuses of element 1650 whose date lies ahead, and whether it is the arrival at the consignee. */
const estimates: ReadonlyMap<string, boolean> = new Map(
  Object.entries({ AG: true, X2: true, B6: false, C1: false, E1: false }),
);

/** Appointments (element 1652) are plans. */
const appointmentEstimate = 'AC';

export function mapShipmentStatus(scope: SetScope): Mapped {
  const header = scope.require('B10');
  const carrier = scacOf(header.element(3));
  const { segments } = scope;
  const firstLoop = segments.findIndex(({ tag }) => tag === 'LX');
  const base = scope.bag();
  addHeader(base, header, carrier);
  for (const segment of segments.slice(1, firstLoop < 0 ? 1 : firstLoop))
    addIdentifier(base, segment, carrier);
  const shared = base.identifiers();
  const facts: FactDraft[] = [];
  for (const loop of loopsOf(segments, firstLoop)) {
    const own = loop.filter(namesSomething);
    const identifiers = own.length === 0 ? shared : extended(base, own, carrier);
    loop.forEach((segment, at) => {
      if (segment.tag === 'AT7') facts.push(statusFact(scope, segment, identifiers, placeAfter(loop, at)));
    });
  }
  return facts.length > 0
    ? { facts, reports: [] }
    : { facts, reports: [scope.note('NO_STATUS', 'a 214 without an AT7')] };
}

/** Every LX opens a loop; without one the whole set is one. */
function loopsOf(segments: readonly Segment[], first: number): (readonly Segment[])[] {
  if (first < 0) return [segments];
  const loops: Segment[][] = [];
  for (const segment of segments.slice(first)) {
    if (segment.tag === 'LX') loops.push([]);
    loops.at(-1)?.push(segment);
  }
  return loops;
}

/** B1001 is the carrier's number, B1002 the shipper's number of the shipment. */
function addHeader(bag: IdentifierBag, header: Segment, carrier: string | undefined): void {
  bag.add('shipmentId', bag.namespaces.shipment, header.element(2));
  bag.add('proNumber', carrier ?? 'carrier', header.element(1));
}

/** What the header names, and what the loop adds to it. */
function extended(base: IdentifierBag, own: readonly Segment[], carrier: string | undefined) {
  const bag = base.copy();
  for (const segment of own) addIdentifier(bag, segment, carrier);
  return bag.identifiers();
}

const namesSomething = ({ tag }: Segment) => tag === 'L11' || tag === 'MAN' || tag === 'PRF';

function addIdentifier(bag: IdentifierBag, segment: Segment, carrier: string | undefined): void {
  if (segment.tag === 'L11') addReference(bag, segment.element(2), segment.element(1), carrier);
  else if (segment.tag === 'MAN') addMark(bag, segment.element(1), segment.element(2), carrier);
  else if (segment.tag === 'PRF') bag.add('orderNumber', bag.namespaces.order, segment.element(1));
}

/** MS1 stands behind the AT7 whose place it tells. */
function placeAfter(loop: readonly Segment[], at: number): Segment | undefined {
  for (const segment of loop.slice(at + 1, at + 4)) {
    if (segment.tag === 'MS1') return segment;
    if (segment.tag === 'AT7' || segment.tag === 'LX') return undefined;
  }
  return undefined;
}

function statusFact(
  scope: SetScope,
  at7: Segment,
  identifiers: FactData['identifiers'],
  ms1: Segment | undefined,
): FactDraft {
  const status = at7.element(1).trim();
  const appointment = at7.element(3).trim();
  const where: X12Place = { state: idOf(ms1?.element(2) ?? ''), country: idOf(ms1?.element(3) ?? '') };
  const place = placeOf({ city: ms1?.element(1), region: where.state, country: countryOf(where) });
  // Until 003070 the century stood between date and time.
  const shift = scope.version < '004010' && /^\d{0,2}$/.test(at7.element(6).trim()) ? 1 : 0;
  const time = scope.time(at7, 5, 6 + shift, 7 + shift, where);
  const code =
    status === ''
      ? {
          codeList: '1652',
          status: appointment === '' ? '-' : appointment,
          reason: idOf(at7.element(4), 500),
        }
      : { codeList: '1650', status, reason: idOf(at7.element(2), 500) };
  const common = { code, identifiers, place };
  const arrival =
    status === '' ? (appointment === appointmentEstimate ? true : undefined) : estimates.get(status);
  const planned = status === '' && arrival === undefined;
  if (arrival === undefined && !planned) return scope.coded({ ...common, time });
  const more = arrival === true ? { more: { context: { etaAt: time.iso } } } : {};
  // An estimate with a reason is a problem of now, not of the day it is estimated for.
  if (codes.meaning(code.codeList, code.status, code.reason).exception !== undefined)
    return scope.coded({ ...common, ...more, time: scope.received });
  return scope.coded({ ...common, ...more, time, classifier: planned ? 'PLANNED' : 'ESTIMATED' });
}
