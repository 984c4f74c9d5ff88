/** Pieces that the facts about SAP documents share. */
import type { FactData, FactDraft, FactType, Identifiers } from '../../model/fact';
import { canonicalJson, sha256Hex } from '../../model/keys';
import { type CodeMeaning, loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { sourceCodeOf, type VendorCode } from '../kit/draft';
import { type EventTime, factTime, instant, isoTime, receivedTime } from '../kit/time';
import { toInstant } from './values';

export const codes = loadCodes(__dirname);

/** All document numbers of one SAP system are of one namespace. */
export const namespace = 's4hana';

type Kind = 'erpSalesOrderId' | 'deliveryId' | 'customerAccount' | 'inventoryLocation' | 'bolNumber';

/** Identifiers that are there; SAP writes an absent one as empty text. Leading zeros stay. */
export function identifiersOf(
  found: Partial<Record<Kind, string | null | undefined>>,
  order?: string | null,
): Identifiers {
  const filled = Object.entries(found).filter((entry): entry is [string, string] =>
    Boolean(entry[1]?.trim()),
  );
  const identifiers: Identifiers = Object.fromEntries(
    filled.map(([kind, value]) => [kind, [{ namespace, value: value.trim() }]]),
  );
  if (order === undefined || order === null || order.trim() === '') return identifiers;
  // The customer's own order number, under which the storefront knows it.
  return { ...identifiers, orderNumber: [{ namespace: 'purchaseOrder', value: order.trim() }] };
}

export interface DocumentEvent {
  type: FactType;
  context: NormalizeContext;
  code: VendorCode;
  meaning?: CodeMeaning;
  time: EventTime;
  dedupKey: string;
  identifiers: Identifiers;
  more?: Partial<Pick<FactData, 'context' | 'lines' | 'place'>>;
}

export function documentFact(event: DocumentEvent): FactDraft {
  const { context, meaning } = event;
  const exception = meaning?.exception;
  return {
    type: exception === undefined ? event.type : 'org.reroute.shipment.exception.v1',
    dedupKey: event.dedupKey,
    data: {
      time: factTime(event.time, instant(context.receivedAt)),
      identifiers: event.identifiers,
      sourceCode: sourceCodeOf(context.manifest, { agency: 'SAP', ...event.code }),
      ...(meaning?.milestone === undefined ? {} : { milestone: meaning.milestone }),
      ...(exception === undefined ? {} : { exception: { code: exception } }),
      ...event.more,
    },
  };
}

/** Same content, same key: links and metadata say nothing about the document, and neither does the time of reading. */
export function contentKey(entity: string, state: Readonly<Record<string, unknown>>): string {
  const content = Object.entries(state).filter(([name]) => !name.startsWith('to_') && name !== '__metadata');
  return sha256Hex(canonicalJson([entity, Object.fromEntries(content)]));
}

/** The first of the texts that is a time: RFC 3339, or an OData date, which is UTC by definition. */
export function firstTime(
  texts: readonly (string | null | undefined)[],
  context: NormalizeContext,
): EventTime {
  for (const text of texts) {
    const time = isoTime(text) ?? odataTime(text);
    if (time !== undefined) return time;
  }
  return receivedTime(context.receivedAt);
}

function odataTime(text: string | null | undefined): EventTime | undefined {
  if (!text?.startsWith('/Date(')) return undefined;
  const ms = toInstant(text);
  if (ms === undefined || Math.abs(ms) > 253_402_300_799_999) return undefined;
  return { iso: instant(ms), offset: '+00:00', ms, confidence: 'SOURCE_OFFSET' };
}
