/** Bytes of an interchange to text, and single values out of elements. */
import { isAscii } from 'node:buffer';
import { shipmentKeyOf } from '../../../model/keys';
import { plainDecimal } from '../decimal';

/** Names that TextDecoder does not mean literally: its iso-8859-1 is windows-1252. */
const latin1 = new Set(['latin1', 'iso-8859-1', 'iso8859-1', 'us-ascii', 'ascii']);

/**
 * Decodes in the named character set; `auto` is UTF-8 where the bytes are valid UTF-8, else ISO 8859-1, in which every byte is a character.
 * @returns undefined when the set is unknown or the bytes do not fit it
 */
export function decodeBytes(body: Uint8Array, charset = 'auto'): string | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const name = charset.toLowerCase();
  if (latin1.has(name)) return bytes.toString('latin1');
  if (name === 'auto') {
    if (isAscii(bytes)) return bytes.toString('latin1');
    return decodeAs(bytes, 'utf-8') ?? bytes.toString('latin1');
  }
  return decodeAs(bytes, name);
}

/** Whether this runtime can read the named character set. */
export function isCharset(charset: string): boolean {
  const name = charset.toLowerCase();
  if (latin1.has(name) || name === 'auto') return true;
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}

function decodeAs(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first bytes as latin1, to read a header whose separators decide the rest. */
export function headOf(body: Uint8Array, length: number): string {
  return Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, length)).toString('latin1');
}

/** Trimmed text that is there and no longer than an identifier may be; undefined otherwise. */
export function idOf(value: string, max = 200): string | undefined {
  const trimmed = value.trim();
  return trimmed === '' || trimmed.length > max ? undefined : trimmed;
}

/** A decimal as EDI writes it: `+12.50`, `.5`, `12.`, `1,5`, `-3`; undefined for what is none. */
export function decimalText(value: string): string | undefined {
  const match = /^([+-]?)(\d*)(?:[.,](\d*))?$/.exec(value.trim());
  if (match === null || value.length > 40) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  return plainDecimal(`${sign === '-' ? '-' : ''}${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`);
}

/** An SSCC of 18 digits, with or without the application identifier 00; undefined when the GS1 check digit is wrong. */
export function ssccOf(value: string): string | undefined {
  const digits = value.replace(/[\s()]/g, '');
  const plain = digits.length === 20 && digits.startsWith('00') ? digits.slice(2) : digits;
  if (!/^\d{18}$/.test(plain)) return undefined;
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += Number(plain[at]) * (at % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10 === Number(plain[17]) ? plain : undefined;
}

/** A larger interchange is about many shipments. */
const mostOrdered = 1_000_000;

/**
 * The shipment's key when the interchange is about one shipment; several have no order among each other.
 * @param naming finds the segments that name a shipment. @param numberIn the number in one of them
 */
export function soleShipmentKey(
  body: Uint8Array,
  naming: RegExp,
  numberIn: (found: RegExpExecArray) => string | undefined,
): string | undefined {
  if (body.length > mostOrdered) return undefined;
  let key: string | undefined;
  for (const found of headOf(body, mostOrdered).matchAll(naming)) {
    const value = idOf(numberIn(found) ?? '');
    const next = value && shipmentKeyOf({ shipmentId: [{ namespace: 'tms', value }] });
    if (next === undefined || next === '') continue;
    if (key !== undefined && key !== next) return undefined;
    key = next;
  }
  return key;
}
