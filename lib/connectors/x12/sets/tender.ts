/** 204 Motor Carrier Load Tender, 990 Response to a Load Tender, 210 Freight Details and Invoice. */

import type { Mapped } from '../../kit/edi/scope';
import { addReference, scacOf } from '../references';
import type { SetScope } from '../scope';

/** A tender that a shipper sends us; B2A01 says whether it is new, changed or cancelled. */
export function mapTender(scope: SetScope): Mapped {
  const header = scope.require('B2');
  const purpose = scope.require('B2A');
  const carrier = scacOf(header.element(2));
  const bag = scope.bag();
  bag.add('shipmentId', bag.namespaces.shipment, header.element(4));
  for (const segment of scope.segments) {
    if (segment.tag === 'S5' || segment.tag === 'N1') break;
    if (segment.tag === 'L11') addReference(bag, segment.element(2), segment.element(1), carrier);
  }
  const code = { codeList: '353-204', status: purpose.element(1).trim() || '-' };
  return {
    facts: [scope.coded({ code, time: scope.received, identifiers: bag.identifiers() })],
    reports: [],
  };
}

/** The carrier's answer to our tender; B104 says whether it takes the load. */
export function mapTenderResponse(scope: SetScope): Mapped {
  const header = scope.require('B1');
  const carrier = scacOf(header.element(1));
  const bag = scope.bag();
  bag.add('shipmentId', bag.namespaces.shipment, header.element(2));
  const remarks: string[] = [];
  for (const segment of scope.segments) {
    if (segment.tag === 'N9') addReference(bag, segment.element(1), segment.element(2), carrier);
    else if (segment.tag === 'L11') addReference(bag, segment.element(2), segment.element(1), carrier);
    else if (segment.tag === 'K1') remarks.push(segment.element(1), segment.element(2));
  }
  const text = remarks
    .map((remark) => remark.trim())
    .filter((remark) => remark !== '')
    .join(' ')
    .slice(0, 2000);
  const code = {
    codeList: '558',
    status: header.element(4).trim() || '-',
    text: text === '' ? undefined : text,
  };
  return {
    facts: [scope.coded({ code, time: scope.time(header, 3, 0), identifiers: bag.identifiers() })],
    reports: [],
  };
}

/** A freight invoice tells costs, not events. */
export function mapFreightInvoice(scope: SetScope): Mapped {
  scope.require('B3');
  return { facts: [], reports: [scope.note('FREIGHT_INVOICE', 'a 210 is an invoice, not an event')] };
}
