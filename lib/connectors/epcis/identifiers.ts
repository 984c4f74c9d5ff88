/** Orders, deliveries, pallets and places that an event names. */
import type { Identifier, IdentifierKind, Identifiers } from '../../model/fact';
import type { NormalizeReport } from '../kit/connector';
import { notAFact } from '../kit/json';
import { cbvTerm, readEpc } from './epc';
import { namespace as extensionNamespace } from './extension';
import type { EpcisSettings } from './manifest';
import type { EpcisEvent } from './schema';

/** CBV 2.0, 7.3: business transaction types that name one of our identifiers. Invoices, certificates and the like name none. */
const standardKinds: Readonly<Record<string, IdentifierKind>> = {
  po: 'orderNumber',
  poc: 'orderNumber',
  desadv: 'asnId',
  bol: 'bolNumber',
  'reroute:salesOrder': 'erpSalesOrderId',
  [`${extensionNamespace}salesOrder`]: 'erpSalesOrderId',
  'reroute:delivery': 'deliveryId',
  [`${extensionNamespace}delivery`]: 'deliveryId',
  'reroute:shipment': 'shipmentId',
  [`${extensionNamespace}shipment`]: 'shipmentId',
};

export interface Found {
  identifiers: Identifiers;
  reports: NormalizeReport[];
}

export function identifiersOf(event: EpcisEvent, settings: EpcisSettings, at: string): Found {
  const identifiers: Identifiers = {};
  const add = (kind: IdentifierKind, identifier: Identifier | undefined) => {
    if (identifier === undefined) return;
    identifiers[kind] ??= [];
    if (!identifiers[kind].some(({ value }) => value === identifier.value))
      identifiers[kind].push(identifier);
  };
  for (const { type, bizTransaction } of event.bizTransactionList ?? []) {
    const kind = kindOf(type, settings);
    if (kind !== undefined) add(kind, transaction(bizTransaction, settings));
  }
  for (const place of [event.bizLocation?.id, event.readPoint?.id])
    if (place !== undefined) add('inventoryLocation', location(place));
  const { sscc, reports } = palletsOf(event, at);
  if (sscc.length > 0) identifiers.sscc = sscc;
  return { identifiers, reports };
}

function kindOf(type: string | undefined, settings: EpcisSettings): IdentifierKind | undefined {
  if (type === undefined) return undefined;
  const term = cbvTerm(type);
  const own = settings.transactionKinds[term] ?? settings.transactionKinds[type];
  if (own !== undefined) return own === 'ignore' ? undefined : own;
  return standardKinds[term];
}

const cbvTransaction = /^urn:epcglobal:cbv:bt:(\d{13}):(.+)$/;
const urlTransaction = /^https?:\/\/([^/]+)\/(?:[^?#]*\/)?([^/?#]+)/;

/** `urn:epcglobal:cbv:bt:GLN:number` (CBV 2.0, 8.5.3), a private URL ending in the number, or the number itself. */
function transaction(uri: string, settings: EpcisSettings): Identifier | undefined {
  const [, namespace, value] = cbvTransaction.exec(uri) ?? urlTransaction.exec(uri) ?? ['', 'epcis', uri];
  const plain = decode(value ?? '');
  if (plain === '' || plain.length > 200) return undefined;
  return { namespace: (settings.transactionNamespace ?? namespace ?? 'epcis').slice(0, 100), value: plain };
}

function decode(text: string): string {
  if (!text.includes('%')) return text.trim();
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text.trim();
  }
}

function location(uri: string): Identifier | undefined {
  const { kind, value, valid } = readEpc(uri);
  if (kind === 'gln' && valid) return { namespace: 'gln', value };
  return uri.length > 200 ? undefined : { namespace: 'epcis', value: uri };
}

/** A pallet with a wrong check digit is no pallet we know: it is said, and left out. */
function palletsOf(event: EpcisEvent, at: string): { sscc: string[]; reports: NormalizeReport[] } {
  const sscc = new Set<string>();
  const reports: NormalizeReport[] = [];
  const read = (uri: string) => {
    const epc = readEpc(uri);
    if (epc.kind !== 'sscc') return;
    if (!epc.valid)
      reports.push(notAFact('SSCC_CHECK_DIGIT', `the check digit of SSCC ${epc.value} is wrong`, at));
    else if (sscc.size < 200) sscc.add(epc.value);
  };
  if (event.parentID !== undefined) read(event.parentID);
  event.epcList?.forEach(read);
  event.childEPCs?.forEach(read);
  event.outputEPCList?.forEach(read);
  return { sscc: [...sscc], reports };
}
