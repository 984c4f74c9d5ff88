import type { Parsed } from '../kit/connector';
import { parseXml } from '../kit/xml';

/** XML with white space before its declaration, as some of these answers come, is read like XML without. */
export function readXml(body: Uint8Array, options?: { attributes: boolean }): Parsed {
  let start = 0;
  while (start < body.length && isSpace(body[start])) start++;
  return parseXml(start === 0 ? body : body.subarray(start), options);
}

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
