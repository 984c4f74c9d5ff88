/** OrderResponse and OrderResponseSimple: what the seller makes of an order. */
import type { Discrepancy, FactDraft, FactType } from '../../model/fact';
import { add, subtract } from '../kit/decimal';
import { shipmentFact, sourceCodeOf, type VendorCode } from '../kit/draft';
import { discrepancyOf, type Line, lineException, linesOf, quantityOf } from '../kit/edi/scope';
import { list } from '../kit/text';
import { type EventTime, factTime } from '../kit/time';
import {
  allOf,
  codes,
  itemOf,
  quantityIn,
  received,
  textOf,
  timeOf,
  type UblDocument,
  under,
} from './document';

/** Line status codes (UNCL1229, as Peppol uses them): 7 not accepted, 3 changed. */
const refused = '7';
const changed = '3';

export function mapOrderResponse(document: UblDocument): FactDraft[] {
  const { root } = document;
  addReferences(document);
  const lines: Line[] = [];
  const short: Discrepancy[] = [];
  let isChanged = false;
  let unclear = false;
  allOf(root, 'OrderLine').forEach((element, index) => {
    const line = lineOf(element, index);
    lines.push(line);
    isChanged ||= line.status === changed;
    const { ordered, fulfilled } = line;
    if (
      ordered !== undefined &&
      fulfilled !== undefined &&
      subtract(fulfilled.value, ordered.value)?.startsWith('-')
    )
      short.push(discrepancyOf(line.lineId, line.item, ordered, fulfilled));
    else if (line.status === refused) unclear = true;
  });
  const status = textOf(root.OrderResponseCode) ?? '-';
  const time = issuedAt(document);
  const more = lines.length === 0 ? {} : { lines: linesOf(lines) };
  const { exception } = codes.meaning('OrderResponseCode', status);
  if (exception !== undefined && short.length === 0)
    return [
      coded(
        document,
        { codeList: 'OrderResponseCode', status, text: textOf(root.Note, 2000) },
        time,
        more,
        0,
      ),
    ];
  const type: FactType =
    short.length > 0
      ? 'org.reroute.shipment.exception.v1'
      : isChanged || status === 'CA'
        ? 'org.reroute.order.changed.v1'
        : 'org.reroute.shipment.milestone.v1';
  const fact: FactDraft = {
    type,
    dedupKey: document.key(0),
    data: {
      time: factTime(time, document.recordTime),
      identifiers: document.bag.identifiers(),
      sourceCode: sourceCodeOf(document.context.manifest, { codeList: 'OrderLine', status, agency: 'UBL' }),
      ...lineException('PARTIALLY_FULFILLED', short),
      ...more,
    },
  };
  // Which quantity was refused nobody can say: a person looks at the line.
  return unclear
    ? [fact, coded(document, { codeList: 'LineStatusCode', status: refused }, time, more, 1)]
    : [fact];
}

export function mapSimpleResponse(document: UblDocument): FactDraft[] {
  addReferences(document);
  const { root } = document;
  const status = textOf(root.AcceptedIndicator)?.toLowerCase() ?? '-';
  const text = textOf(root.RejectionNote, 2000) ?? textOf(root.Note, 2000);
  return [coded(document, { codeList: 'AcceptedIndicator', status, text }, issuedAt(document), {}, 0)];
}

function issuedAt(document: UblDocument): EventTime {
  const { root, name } = document;
  return timeOf(document, root.IssueDate, root.IssueTime, `/${name}/IssueDate`) ?? received(document);
}

function addReferences({ root, bag }: UblDocument): void {
  for (const reference of list(root.OrderReference, 200))
    bag.add('orderNumber', bag.namespaces.order, textOf(under(reference, 'ID')));
  bag.add('orderNumber', 'supplierOrder', textOf(root.SalesOrderID));
}

function coded(
  document: UblDocument,
  code: VendorCode,
  time: EventTime,
  more: { lines?: ReturnType<typeof linesOf> },
  n: number,
): FactDraft {
  return shipmentFact({
    manifest: document.context.manifest,
    codes,
    code: { agency: 'UBL', ...code, status: code.status.slice(0, 500) },
    time,
    recordTime: document.recordTime,
    identifiers: document.bag.identifiers(),
    dedupKey: document.key(n),
    more,
  });
}

/**
 * LineItem/Quantity is what will be delivered and MaximumBackorderQuantity what follows later
 * (https://docs.peppol.eu/poacc/upgrade-3/syntax/OrderResponse/cac-OrderLine/cac-LineItem/): together they are what was ordered. On a refused line the
 * quantity is what is not delivered.
 */
function lineOf(element: unknown, index: number): Line & { status: string } {
  const at = `/OrderResponse/OrderLine[${index + 1}]/LineItem`;
  const item = under(element, 'LineItem');
  const status = textOf(under(item, 'LineStatusCode')) ?? '';
  const lineId =
    textOf(under(element, 'OrderLineReference', 'LineID')) ?? textOf(under(item, 'ID')) ?? String(index + 1);
  const quantity = quantityIn(under(item, 'Quantity'), `${at}/Quantity`);
  const owed = quantityIn(under(item, 'MaximumBackorderQuantity'), `${at}/MaximumBackorderQuantity`);
  const common = { lineId, item: itemOf(under(item, 'Item')), status };
  if (quantity === undefined) return common;
  if (status === refused)
    return quantity.value === '0'
      ? common
      : { ...common, ordered: quantity, fulfilled: quantityOf('0', quantity.uom) };
  const ordered = owed === undefined ? undefined : add(quantity.value, owed.value);
  // A back order of zero says that the rest is not delivered at all, but not how much that is.
  if (ordered === undefined || ordered === quantity.value) return { ...common, fulfilled: quantity };
  return { ...common, ordered: quantityOf(ordered, quantity.uom), fulfilled: quantity };
}
