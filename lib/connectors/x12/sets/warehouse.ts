/** 940 Warehouse Shipping Order, 945 Warehouse Shipping Advice. */
import type { Discrepancy } from '../../../model/fact';
import { add, subtract } from '../../kit/decimal';
import { discrepancyOf, type Line, linesOf, type Mapped, quantityOf } from '../../kit/edi/scope';
import { type Segment, SegmentFault } from '../../kit/edi/segments';
import { idOf } from '../../kit/edi/text';
import { addMark, addReference, scacOf } from '../references';
import { codes, type SetScope, unitOf } from '../scope';

/** An order that a warehouse is told to ship; W0501 says whether it is new, changed or cancelled. */
export function mapShippingOrder(scope: SetScope): Mapped {
  const header = scope.require('W05');
  const bag = scope.bag();
  bag.add('orderNumber', bag.namespaces.order, header.element(2));
  bag.add('orderNumber', 'purchaseOrder', header.element(3));
  const lines: Line[] = [];
  let number = '';
  for (const segment of scope.segments) {
    if (segment.tag === 'N9' && number === '')
      addReference(bag, segment.element(1), segment.element(2), undefined);
    else if (segment.tag === 'N9' && segment.element(1).trim() === 'LI') nameLast(lines, segment.element(2));
    else if (segment.tag === 'LX') number = segment.element(1).trim();
    else if (segment.tag === 'W01') lines.push(orderedLine(scope, segment, number));
  }
  const code = { codeList: '473', status: header.element(1).trim() || '-' };
  const fact = scope.coded({
    code,
    time: scope.received,
    identifiers: bag.identifiers(),
    more: { ...warehouseOf(scope), ...(lines.length === 0 ? {} : { lines: linesOf(lines) }) },
  });
  return { facts: [fact], reports: [] };
}

/** N1*WH: the warehouse by its id, else by its name. */
function warehouseOf(scope: SetScope): { context?: { warehouse: string } } {
  const party = scope.segments.find((segment) => segment.tag === 'N1' && segment.element(1).trim() === 'WH');
  const warehouse = idOf(party?.element(4) ?? '', 100) ?? idOf(party?.element(2) ?? '', 100);
  return warehouse === undefined ? {} : { context: { warehouse } };
}

function orderedLine(scope: SetScope, w01: Segment, number: string): Line {
  const ordered = scope.amount(w01, 1);
  return {
    lineId: number || String(w01.position),
    item: idOf(w01.element(5)) ?? idOf(w01.element(3)) ?? idOf(w01.element(7)),
    ordered: ordered === undefined ? undefined : quantityOf(ordered, unitOf(w01.element(2))),
  };
}

/** N9*LI is the line of the order, which means more to the ERP than the running number. */
function nameLast(lines: (Line & { named?: boolean })[], value: string): void {
  const last = lines.at(-1);
  const id = idOf(value, 100);
  if (last === undefined || id === undefined) return;
  last.lineId = id;
  last.named = true;
}

interface Shipped extends Line {
  status: string;
  /** N9*LI named the line: it is the order's, not a running number. */
  named: boolean;
}

/** What a warehouse has shipped. Fewer units than ordered are a short pick, whatever the status code says. */
export function mapShippingAdvice(scope: SetScope): Mapped {
  const header = scope.require('W06');
  const carrier = scacOf(scope.find('W27')?.element(2) ?? '');
  const bag = scope.bag();
  bag.add('orderNumber', bag.namespaces.order, header.element(2));
  bag.add('orderNumber', 'purchaseOrder', header.element(6));
  bag.add('shipmentId', bag.namespaces.shipment, header.element(4));
  const lines: Shipped[] = [];
  let number = '';
  for (const segment of scope.segments) {
    if (segment.tag === 'LX') number = segment.element(1).trim();
    else if (segment.tag === 'W12') lines.push(shippedLine(scope, segment, number));
    else if (segment.tag === 'MAN') addMark(bag, segment.element(1), segment.element(2), carrier);
    else if (segment.tag === 'N9' && segment.element(1).trim() === 'LI') nameLast(lines, segment.element(2));
    else if (segment.tag === 'N9') addReference(bag, segment.element(1), segment.element(2), carrier);
  }
  if (lines.length === 0) throw scope.missing('W12');
  const totals = totalsOf(lines);
  return adviceFacts(scope, lines, totals, {
    time: scope.time(header, 3, 0),
    identifiers: bag.identifiers(),
    more: { ...warehouseOf(scope), lines: linesOf(totals) },
  });
}

type Common = Pick<Parameters<SetScope['coded']>[0], 'time' | 'identifiers' | 'more'>;

function adviceFacts(
  scope: SetScope,
  lines: readonly Shipped[],
  totals: readonly Line[],
  common: Common,
): Mapped {
  const short = totals.flatMap(shortOf);
  const shipped = totals.some(({ fulfilled }) => fulfilled !== undefined && fulfilled.value !== '0');
  const statuses = [...new Set(lines.map(({ status }) => status))];
  const fact = scope.counted({
    ...common,
    ...(shipped ? { milestone: 'SHIPPED' } : {}),
    code: { codeList: 'W12', status: statuses.join(' ').trim().slice(0, 500) || '-' },
    ...(short.length === 0 ? {} : { exception: { code: 'INVENTORY_SHORT_PICK', discrepancies: short } }),
  });
  const unknown = statuses
    .filter((status) => status !== '' && !codes.meaning('368', status).mapped)
    .slice(0, 20);
  const unmapped = unknown.map((status) =>
    scope.coded({ ...common, code: { codeList: '368', status: status.slice(0, 500) } }),
  );
  return { facts: [fact, ...unmapped], reports: [] };
}

/** W12: 02 ordered, 03 shipped, 04 the difference, any one of which may be left to be computed. */
function shippedLine(scope: SetScope, w12: Segment, number: string): Shipped {
  const uom = unitOf(w12.element(5));
  const status = w12.element(1).trim();
  const difference = scope.amount(w12, 4)?.replace(/^-/, '');
  const shipped = scope.amount(w12, 3);
  const stated = scope.amount(w12, 2);
  const ordered =
    stated ?? (shipped === undefined || difference === undefined ? undefined : add(shipped, difference));
  const fulfilled =
    shipped ??
    (ordered === undefined || difference === undefined ? undefined : subtract(ordered, difference));
  if (shortCodes.has(status) && (ordered === undefined || fulfilled === undefined))
    throw new SegmentFault('QUANTITY_MISSING', `the line is short (${status}), but not by how much`, w12, 3);
  return {
    lineId: number || String(w12.position),
    item: idOf(w12.element(8)) ?? idOf(w12.element(6)) ?? idOf(w12.element(18)),
    status,
    named: false,
    ordered: ordered === undefined ? undefined : quantityOf(ordered, uom),
    fulfilled: fulfilled === undefined ? undefined : quantityOf(fulfilled, uom),
  };
}

/** Codes of element 368 that say that something is missing: overlooking a short pick would be worse than a dead letter. */
const shortCodes = new Set(['BP', 'CP', 'IC', 'DS', 'PR', 'FS']);

/** One line of the order may be packed into several cartons, each with a W12 of its own: what was shipped is their sum. */
function totalsOf(lines: readonly Shipped[]): Line[] {
  const groups = Map.groupBy(lines, ({ lineId, item, named }, at: number) =>
    JSON.stringify(named ? ['line', lineId] : item === undefined ? ['at', at] : ['item', item]),
  );
  return [...groups.values()].map((group) => (group.length === 1 ? (group[0] as Line) : totalOf(group)));
}

function totalOf(group: readonly Shipped[]): Line {
  const { lineId, item, ordered: first } = group[0] as Shipped;
  const sum = (amounts: readonly (string | undefined)[]) =>
    amounts.reduce<string | undefined>(
      (total, amount) => (total === undefined || amount === undefined ? undefined : add(total, amount)),
      '0',
    );
  const fulfilled = sum(group.map((line) => line.fulfilled?.value));
  const repeated = group.every(({ ordered }) => ordered !== undefined && ordered.value === first?.value);
  const all = sum(group.map((line) => line.ordered?.value));
  // Each carton repeats what the line ordered in all, or tells its share: more than that cannot have been shipped.
  const ordered =
    repeated && fulfilled !== undefined && !isLess(first?.value ?? '0', fulfilled) ? first?.value : all;
  const uom = first?.uom ?? group[0]?.fulfilled?.uom ?? 'EA';
  return {
    lineId,
    item,
    ordered: ordered === undefined ? undefined : quantityOf(ordered, uom),
    fulfilled: fulfilled === undefined ? undefined : quantityOf(fulfilled, uom),
  };
}

function shortOf({ lineId, item, ordered, fulfilled }: Line): Discrepancy[] {
  if (ordered === undefined || fulfilled === undefined) return [];
  return isLess(fulfilled.value, ordered.value) ? [discrepancyOf(lineId, item, ordered, fulfilled)] : [];
}

const isLess = (a: string, b: string) => subtract(a, b)?.startsWith('-') === true;
