/** Reading a UBL document: values with and without attributes, quantities, times, the key of a fact. */
import { sha256Hex } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { plainDecimal } from '../kit/decimal';
import { keyOf } from '../kit/draft';
import { quantityOf } from '../kit/edi/scope';
import { IdentifierBag, namespacesOf } from '../kit/edi/settings';
import { type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';

export const codes = loadCodes(__dirname);

/** What a document holds that cannot be read; the report names the element. */
export class UblFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly at: string,
  ) {
    super(message);
    this.name = 'UblFault';
  }
}

export interface UblDocument {
  /** Local name of the root. */
  name: string;
  root: Json;
  context: NormalizeContext;
  recordTime: string;
  bag: IdentifierBag;
  /** The `n`th fact of this very document. */
  key(n: number): string;
}

/** An element's text, whether or not it has attributes; the first where there are several. */
export function textOf(element: unknown, max = 200): string | undefined {
  const first = Array.isArray(element) ? element[0] : element;
  return text(object(first)?.['#text'] ?? first, max);
}

/** The first element under a path. */
export function under(element: unknown, ...path: readonly string[]): unknown {
  let at: unknown = element;
  for (const name of path) at = object(Array.isArray(at) ? at[0] : at)?.[name];
  return at;
}

/** Every element of a name: the size of the document is their limit. */
export const allOf = (element: unknown, name: string): readonly unknown[] => list(object(element)?.[name]);

export function documentOf(
  name: string,
  root: Json,
  body: Uint8Array,
  context: NormalizeContext,
): UblDocument {
  const hash = sha256Hex(body);
  const uuid = textOf(root.UUID);
  // UUID is the document's own id; without one it is its sender, its number and its bytes.
  const party =
    textOf(under(root, 'DespatchSupplierParty', 'Party', 'EndpointID')) ??
    textOf(under(root, 'SellerSupplierParty', 'Party', 'EndpointID'));
  const identity = uuid === undefined ? [party, textOf(root.ID), hash] : [uuid];
  return {
    name,
    root,
    context,
    recordTime: instant(context.receivedAt),
    bag: new IdentifierBag(namespacesOf(context.settings)),
    key: (n) => keyOf(['ubl', name, ...identity, n]),
  };
}

/** IssueDate, ActualDespatchDate and the like with their times: xsd:date and xsd:time, each with or without an offset. */
export function timeOf(
  document: UblDocument,
  date: unknown,
  time: unknown,
  at: string,
): EventTime | undefined {
  const day = textOf(date);
  if (day === undefined) return undefined;
  const clock = textOf(time) ?? '00:00:00';
  const parts = /^(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?$/.exec(day);
  const own = /^(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?$/.exec(clock);
  const { timeZone } = document.context.settings;
  const zone = typeof timeZone === 'string' ? { zone: timeZone } : {};
  const read =
    parts === null || own === null
      ? undefined
      : isoTime(`${parts[1]}T${own[1]}${own[2] ?? parts[2] ?? ''}`, zone);
  if (read === undefined) throw new UblFault('DATE_INVALID', 'a date or time that is none', at);
  return read;
}

export const received = (document: UblDocument): EventTime => receivedTime(document.context.receivedAt);

/** A quantity with its unit (UNECE Rec 20); undefined when the element is absent. */
export function quantityIn(element: unknown, at: string) {
  const raw = textOf(element);
  if (raw === undefined) return undefined;
  const value = raw.length > 40 ? undefined : plainDecimal(raw);
  if (value === undefined) throw new UblFault('QUANTITY_INVALID', 'a quantity that is no number', at);
  const unit =
    text(object(Array.isArray(element) ? element[0] : element)?.['@unitCode'], 10)?.toUpperCase() ?? 'EA';
  return quantityOf(value, /^[A-Z0-9]{2,3}$/.test(unit) ? unit : 'EA');
}

/** Seller's number, else the standard one (GTIN), else the buyer's. */
export function itemOf(item: unknown): string | undefined {
  return (
    textOf(under(item, 'SellersItemIdentification', 'ID')) ??
    textOf(under(item, 'StandardItemIdentification', 'ID')) ??
    textOf(under(item, 'BuyersItemIdentification', 'ID'))
  );
}
