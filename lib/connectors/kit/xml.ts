/** Bytes to a plain tree of XML elements without a throw. Values stay text (leading zeros are kept), prefixes are dropped. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { InboundRequest, Parsed } from './connector';
import { maxDepth, reject } from './json';

const options = {
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: true,
  maxNestedTags: maxDepth,
  // Character references (`&#233;`) are characters.
  htmlEntities: true,
  // Nobody here asks where an element stands, so no path is written for each.
  jPath: false,
} as const;
const parser = new XMLParser(options);
/** Attributes are members called `@name`, and the text beside them is `#text`. */
const attributeParser = new XMLParser({
  ...options,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
});

/** True when the first sign that is not white space or a byte order mark is `<`. */
export function looksLikeXml(body: Uint8Array): boolean {
  for (const byte of body) {
    if (byte === 0x3c) return true;
    const skipped = byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;
    if (!skipped) return false;
  }
  return false;
}

/**
 * Parses XML in its declared encoding. Document types are refused: no carrier sends one, and entities are an attack.
 * @param attributes true where a vendor puts values into attributes; they are left out otherwise
 */
export function parseXml(body: Uint8Array, { attributes = false } = {}): Parsed {
  const source = decode(body);
  if (source === undefined) return refused('NOT_TEXT', 'the bytes do not fit the declared encoding');
  if (/<!DOCTYPE/i.test(source)) return refused('DOCTYPE_REFUSED', 'XML with a document type is not read');
  try {
    const validity = XMLValidator.validate(source);
    if (validity !== true)
      return refused('NOT_XML', `not well-formed XML: ${validity.err.msg} (line ${validity.err.line})`);
    return { ok: true, value: (attributes ? attributeParser : parser).parse(source) };
  } catch (error) {
    return refused(
      'NOT_XML',
      `not readable XML: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
    );
  }
}

/** The body as XML without attributes, parsed once for `identify` and `normalize` of a delivery. */
export function readXml({ body, reading }: InboundRequest): Parsed {
  if (reading === undefined) return parseXml(body);
  reading.xml ??= parseXml(body);
  return reading.xml;
}

const declaration = /^[^<]{0,3}<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]{1,40})["']/;

/** Most of it is UTF-8, and a decoder is dear to make. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(body: Uint8Array): string | undefined {
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 200)).toString('latin1');
  const label = declaration.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  try {
    return (label === 'utf-8' ? utf8 : new TextDecoder(label, { fatal: true })).decode(body);
  } catch {
    return undefined;
  }
}

function refused(code: string, message: string): Parsed {
  return { ok: false, report: reject(code, message) };
}
