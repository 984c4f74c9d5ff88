/** DespatchAdvice (https://docs.oasis-open.org/ubl/os-UBL-2.3/UBL-2.3.html#T-DESPATCH-ADVICE): one fact with its lines. */
import type { Discrepancy, FactDraft } from '../../model/fact';
import { add } from '../kit/decimal';
import { shipmentFact, sourceCodeOf } from '../kit/draft';
import { discrepancyOf, type Line, lineException, linesOf, quantityOf } from '../kit/edi/scope';
import { ssccOf } from '../kit/edi/text';
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

export function mapDespatchAdvice(document: UblDocument): FactDraft[] {
  const { root, bag } = document;
  bag.add('asnId', 'asn', textOf(root.ID));
  for (const reference of list(root.OrderReference, 200))
    bag.add('orderNumber', bag.namespaces.order, textOf(under(reference, 'ID')));
  addShipment(document);
  const lines: Line[] = [];
  const partial: Discrepancy[] = [];
  for (const [at, element] of allOf(root, 'DespatchLine').entries())
    addLine(document, element, at, lines, partial);
  const time =
    despatchedAt(document) ??
    timeOf(document, root.IssueDate, root.IssueTime, '/DespatchAdvice/IssueDate') ??
    received(document);
  const eta = arrivalAt(document);
  const more = {
    ...(eta === undefined ? {} : { context: { etaAt: eta.iso } }),
    ...(lines.length === 0 ? {} : { lines: linesOf(lines) }),
  };
  const status = textOf(root.DespatchAdviceTypeCode) ?? '-';
  return [
    partial.length === 0
      ? announced(document, status, time, more)
      : fulfilledInPart(document, status, time, more, partial),
  ];
}

type More = Pick<FactDraft['data'], 'context' | 'lines'>;

/** The type code decides nothing but whether we know it; without one it is a despatch. */
function announced(document: UblDocument, status: string, time: EventTime, more: More): FactDraft {
  return shipmentFact({
    manifest: document.context.manifest,
    codes,
    code: { codeList: 'DespatchAdviceTypeCode', status, agency: 'UBL' },
    time,
    recordTime: document.recordTime,
    identifiers: document.bag.identifiers(),
    dedupKey: document.key(0),
    more,
  });
}

function fulfilledInPart(
  document: UblDocument,
  status: string,
  time: EventTime,
  more: More,
  partial: readonly Discrepancy[],
): FactDraft {
  return {
    type: 'org.reroute.shipment.exception.v1',
    dedupKey: document.key(0),
    data: {
      time: factTime(time, document.recordTime),
      identifiers: document.bag.identifiers(),
      sourceCode: sourceCodeOf(document.context.manifest, {
        codeList: 'DespatchLine',
        status,
        agency: 'UBL',
      }),
      milestone: 'SHIPPED',
      ...lineException('PARTIALLY_FULFILLED', partial),
      ...more,
    },
  };
}

function addShipment({ root, bag }: UblDocument): void {
  for (const shipment of list(root.Shipment, 200)) {
    bag.add('shipmentId', bag.namespaces.shipment, realId(textOf(under(shipment, 'ID'))));
    for (const consignment of allOf(shipment, 'Consignment')) {
      const carrier = textOf(under(consignment, 'CarrierParty', 'PartyName', 'Name'))?.toLowerCase();
      bag.add(
        'proNumber',
        carrier ?? 'carrier',
        realId(textOf(under(consignment, 'CarrierAssignedID') ?? under(consignment, 'ID'))),
      );
    }
    for (const delivery of allOf(shipment, 'Delivery')) {
      const tracking = textOf(under(delivery, 'TrackingID'), 100);
      if (tracking !== undefined)
        bag.track(textOf(under(delivery, 'CarrierParty', 'PartyName', 'Name'))?.toLowerCase(), tracking);
    }
    for (const unit of allOf(shipment, 'TransportHandlingUnit'))
      bag.sscc(ssccOf(textOf(under(unit, 'ID')) ?? ''));
  }
}

/** Shipment/ID is mandatory in UBL, and senders without one write `NA` or a running number: neither names a shipment. */
const realId = (id: string | undefined): string | undefined =>
  id === undefined || /^(NA|N\/A|\d{1,2})$/i.test(id) ? undefined : id;

function despatchedAt(document: UblDocument): EventTime | undefined {
  const despatch = under(document.root, 'Shipment', 'Delivery', 'Despatch');
  return timeOf(
    document,
    under(despatch, 'ActualDespatchDate'),
    under(despatch, 'ActualDespatchTime'),
    '/DespatchAdvice/Shipment/Delivery/Despatch',
  );
}

function arrivalAt(document: UblDocument): EventTime | undefined {
  const period = under(document.root, 'Shipment', 'Delivery', 'EstimatedDeliveryPeriod');
  const date = under(period, 'EndDate') ?? under(period, 'StartDate');
  const time = under(period, 'EndDate') === undefined ? under(period, 'StartTime') : under(period, 'EndTime');
  return timeOf(document, date, time, '/DespatchAdvice/Shipment/Delivery/EstimatedDeliveryPeriod');
}

/** What is outstanding or on back order was ordered and did not leave. */
function addLine(
  { bag }: UblDocument,
  element: unknown,
  index: number,
  lines: Line[],
  partial: Discrepancy[],
): void {
  const at = `/DespatchAdvice/DespatchLine[${index + 1}]`;
  for (const reference of allOf(element, 'OrderLineReference'))
    bag.add('orderNumber', bag.namespaces.order, textOf(under(reference, 'OrderReference', 'ID')));
  const lineId =
    textOf(under(element, 'OrderLineReference', 'LineID')) ??
    textOf(under(element, 'ID')) ??
    String(index + 1);
  const item = itemOf(under(element, 'Item'));
  const delivered = quantityIn(under(element, 'DeliveredQuantity'), `${at}/DeliveredQuantity`);
  const missing =
    quantityIn(under(element, 'OutstandingQuantity'), `${at}/OutstandingQuantity`) ??
    quantityIn(under(element, 'BackorderQuantity'), `${at}/BackorderQuantity`);
  const whole =
    delivered === undefined || missing === undefined ? undefined : add(delivered.value, missing.value);
  const ordered =
    whole === undefined || delivered === undefined ? undefined : quantityOf(whole, delivered.uom);
  lines.push({ lineId, item, ordered, fulfilled: delivered });
  if (
    ordered !== undefined &&
    delivered !== undefined &&
    missing !== undefined &&
    missing.value !== '0' &&
    !missing.value.startsWith('-')
  )
    partial.push(discrepancyOf(lineId, item, ordered, delivered));
}
