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
  const kinds = new Map<IdentifierKind, Identifier[]>();
  const add = (kind: IdentifierKind, identifier: Identifier | undefined) => {
    const known = kinds.get(kind) ?? [];
    if (identifier === undefined || known.some((one) => one.value === identifier.value)) return;
    kinds.set(kind, [...known, identifier]);
  };
  for (const { type, bizTransaction } of event.bizTransactionList ?? []) {
    const kind = kindOf(type, settings);
    if (kind !== undefined) add(kind, transaction(bizTransaction, settings));
  }
  for (const place of [event.bizLocation?.id, event.readPoint?.id])
    if (place !== undefined) add('inventoryLocation', location(place));
  const { sscc, reports } = palletsOf(event, at);
  return { identifiers: { ...Object.fromEntries(kinds), ...(sscc.length === 0 ? {} : { sscc }) }, reports };
}

function kindOf(type: string | undefined, settings: EpcisSettings): IdentifierKind | undefined {
  if (type === undefined) return undefined;
  const term = cbvTerm(type);
  const own = settings.transactionKinds[term] ?? settings.transactionKinds[type];
  if (own !== undefined) return own === 'ignore' ? undefined : own;
  return standardKinds[term];
}

/** `urn:epcglobal:cbv:bt:GLN:number` (CBV 2.0, 8.5.3), a private URL ending in the number, or the number itself. */
function transaction(uri: string, settings: EpcisSettings): Identifier | undefined {
  const cbv = /^urn:epcglobal:cbv:bt:(\d{13}):(.+)$/.exec(uri);
  const url = /^https?:\/\/([^/]+)\/(?:[^?#]*\/)?([^/?#]+)/.exec(uri);
  const [namespace, value] = cbv ? [cbv[1], cbv[2]] : url ? [url[1], url[2]] : ['epcis', uri];
  const plain = decode(value ?? '');
  if (plain === '' || plain.length > 200) return undefined;
  return { namespace: (settings.transactionNamespace ?? namespace ?? 'epcis').slice(0, 100), value: plain };
}

function decode(text: string): string {
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
  const named = [
    event.parentID,
    ...(event.epcList ?? []),
    ...(event.childEPCs ?? []),
    ...(event.outputEPCList ?? []),
  ];
  for (const uri of named) {
    const epc = uri === undefined ? undefined : readEpc(uri);
    if (epc?.kind !== 'sscc') continue;
    if (!epc.valid)
      reports.push(notAFact('SSCC_CHECK_DIGIT', `the check digit of SSCC ${epc.value} is wrong`, at));
    else if (sscc.size < 200) sscc.add(epc.value);
  }
  return { sscc: [...sscc], reports };
}
