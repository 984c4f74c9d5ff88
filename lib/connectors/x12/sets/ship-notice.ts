/** 856 Ship Notice/Manifest: one fact for the shipment, with its orders, packages and lines. */
import type { FactData } from '../../../model/fact';
import { type Line, linesOf, type Mapped, quantityOf } from '../../kit/edi/scope';
import type { Segment } from '../../kit/edi/segments';
import { idOf } from '../../kit/edi/text';
import { addMark, addReference, scacOf } from '../references';
import { type SetScope, unitOf } from '../scope';

/** DTM01: 011 shipped; 017, 067 and 002 are when it should arrive. */
const shippedOn = '011';
const arrivals = new Set(['017', '067', '002']);

export function mapShipNotice(scope: SetScope): Mapped {
  const header = scope.require('BSN');
  const bag = scope.bag();
  const carrier = scacOf(scope.find('TD5')?.element(3) ?? '');
  bag.add('asnId', 'asn', header.element(2));
  const lines: Line[] = [];
  let shipped: Segment | undefined;
  let arrival: Segment | undefined;
  for (const segment of scope.segments) {
    if (segment.tag === 'REF') addReference(bag, segment.element(1), segment.element(2), carrier);
    else if (segment.tag === 'PRF') bag.add('orderNumber', bag.namespaces.order, segment.element(1));
    else if (segment.tag === 'MAN') addMark(bag, segment.element(1), segment.element(2), carrier);
    else if (segment.tag === 'DTM' && segment.element(1).trim() === shippedOn) shipped ??= segment;
    else if (segment.tag === 'DTM' && arrivals.has(segment.element(1).trim())) arrival ??= segment;
    else addLine(scope, lines, segment);
  }
  const eta = arrival === undefined ? undefined : scope.time(arrival, 2, 3, 4);
  const identifiers = bag.identifiers();
  const fact = scope.coded({
    code: { codeList: '353-856', status: header.element(1).trim() || '-' },
    // Without a DTM*011 the notice's own date is the nearest thing there is.
    time: shipped === undefined ? scope.time(header, 3, 4) : scope.time(shipped, 2, 3, 4),
    identifiers,
    more: {
      ...(eta === undefined ? {} : { context: { etaAt: eta.iso } }),
      ...(lines.length === 0 ? {} : { lines: linesOf(lines) }),
    },
  });
  return { facts: [fact], reports: [] };
}

/** LIN names the item, SN1 counts it: 02 shipped, 05 ordered. */
function addLine(scope: SetScope, lines: Line[], segment: Segment): void {
  if (segment.tag === 'LIN')
    lines.push({ lineId: segment.element(1).trim() || String(lines.length + 1), item: itemOf(segment) });
  const last = lines.at(-1);
  if (segment.tag !== 'SN1' || last === undefined) return;
  const shipped = scope.amount(segment, 2);
  const ordered = scope.amount(segment, 5);
  const uom = unitOf(segment.element(3));
  if (shipped !== undefined) last.fulfilled = quantityOf(shipped, uom);
  if (ordered !== undefined)
    last.ordered = quantityOf(ordered, unitOf(segment.element(6) || segment.element(3)));
}

/** LIN02 and LIN03 are a pair of qualifier and id, and so on; the first id is the item. */
export function itemOf(lin: Segment): string | undefined {
  return idOf(lin.element(3)) ?? idOf(lin.element(5));
}

export type Identifiers = FactData['identifiers'];
