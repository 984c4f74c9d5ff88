/** Reference qualifiers (element 128) and marks (element 88) that name something we know. */
import type { IdentifierBag, Namespaces } from '../kit/edi/settings';
import { ssccOf } from '../kit/edi/text';

type Kind = Parameters<IdentifierBag['add']>[0];

/** Qualifiers whose number is of one of the partner's namespaces. */
const kinds: ReadonlyMap<string, readonly [Kind, keyof Namespaces]> = new Map([
  ['PO', ['orderNumber', 'order']],
  ['CO', ['orderNumber', 'order']],
  ['OQ', ['orderNumber', 'order']],
  ['SI', ['shipmentId', 'shipment']],
  ['DO', ['deliveryId', 'delivery']],
]);

/**
 * BM bill of lading, MB master bill, CN carrier's reference (PRO), PO and CO the order, OQ order number, SI the shipper's number of the shipment,
 * DO delivery order, 2I tracking number. What is not listed stays in the raw payload.
 */
export function addReference(
  bag: IdentifierBag,
  qualifier: string,
  value: string,
  carrier: string | undefined,
): void {
  const name = qualifier.trim();
  const known = kinds.get(name);
  if (known !== undefined) bag.add(known[0], bag.namespaces[known[1]], value);
  else if (name === 'BM' || name === 'MB') bag.add('bolNumber', 'bol', value);
  else if (name === 'CN') bag.add('proNumber', carrier ?? 'carrier', value);
  else if (name === '2I') bag.track(carrier, value);
}

/** MAN01: GM and AA are an SSCC, CP is the carrier's package id. */
export function addMark(
  bag: IdentifierBag,
  qualifier: string,
  value: string,
  carrier: string | undefined,
): void {
  const mark = qualifier.trim();
  if (mark === 'GM' || mark === 'AA') bag.sscc(ssccOf(value));
  else if (mark === 'CP') bag.track(carrier, value);
}

/** SCAC in lower case, as carriers are named elsewhere; undefined when there is none. */
export function scacOf(value: string): string | undefined {
  const code = value.trim().toLowerCase();
  return /^[a-z0-9]{2,4}$/.test(code) ? code : undefined;
}
