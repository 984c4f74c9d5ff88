/**
 * GS1 identifiers as EPCIS writes them: EPC URNs (Tag Data Standard, https://ref.gs1.org/standards/tds/) and GS1 Digital Link URIs
 * (https://ref.gs1.org/standards/digital-link/uri-syntax/). Check digits after GS1 General Specifications 7.9.
 */

/** GS1 check digit of the digits before it: weights 3 and 1 from the right, filled up to ten. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1)
    sum += (digits.charCodeAt(digits.length - 1 - at) - 0x30) * (at % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

export function hasValidCheckDigit(key: string): boolean {
  return checkDigit(key.slice(0, -1)) === key.slice(-1);
}

export type Epc =
  | { kind: 'sscc'; value: string; valid: boolean }
  | { kind: 'gtin'; value: string; valid: boolean }
  | { kind: 'gln'; value: string; valid: boolean }
  | { kind: 'other'; value: string; valid: true };

/** Reads an EPC URN or Digital Link; anything else is `other`, kept as it is. `valid` tells whether the check digit fits. */
export function readEpc(uri: string): Epc {
  return (
    (uri.startsWith('urn:') ? readUrn(uri) : readLink(uri)) ?? { kind: 'other', value: uri, valid: true }
  );
}

const urn = /^urn:epc:(?:id|idpat|class):(sscc|sgtin|lgtin|sgln|pgln):(\d{6,12})\.(\d*)(?:\.|$)/;

/** The URN leaves the check digit out, so it is computed. */
function readUrn(uri: string): Epc | undefined {
  const match = urn.exec(uri);
  if (!match) return undefined;
  const [, scheme = '', prefix = '', reference = ''] = match;
  if (scheme === 'sscc' || scheme === 'sgtin' || scheme === 'lgtin') {
    const wanted = scheme === 'sscc' ? 17 : 13;
    // The leading digit of the reference (extension or indicator) moves to the front of the key.
    const body = reference.slice(0, 1) + prefix + reference.slice(1);
    if (reference === '' || body.length !== wanted) return undefined;
    return { kind: scheme === 'sscc' ? 'sscc' : 'gtin', value: body + checkDigit(body), valid: true };
  }
  const body = prefix + reference;
  return body.length === 12 ? { kind: 'gln', value: body + checkDigit(body), valid: true } : undefined;
}

const link = /^https?:\/\/[^/]+(?:\/[^?#]*?)?\/(00|01|414|417)\/(\d+)(?=[/?#]|$)/;
const lengths: Record<string, number[]> = { '00': [18], '01': [8, 12, 13, 14], '414': [13], '417': [13] };
const kinds: Record<string, 'sscc' | 'gtin' | 'gln'> = {
  '00': 'sscc',
  '01': 'gtin',
  '414': 'gln',
  '417': 'gln',
};

function readLink(uri: string): Epc | undefined {
  const match = link.exec(uri);
  if (!match) return undefined;
  const [, identifier = '', digits = ''] = match;
  const kind = kinds[identifier];
  if (kind === undefined || !lengths[identifier]?.includes(digits.length)) return undefined;
  return {
    kind,
    value: kind === 'gtin' ? digits.padStart(14, '0') : digits,
    valid: hasValidCheckDigit(digits),
  };
}

const term =
  /^(?:urn:epcglobal:cbv:(?:bizstep|disp|btt|er):|https?:\/\/(?:ref|ns)\.gs1\.org\/cbv\/(?:BizStep-|Disp-|BTT-|ER-)|cbv:(?:BizStep-|Disp-|BTT-|ER-))?([a-z_]+)$/;

/** A Core Business Vocabulary term in its short form; a private term (any other URI) as it is. */
export function cbvTerm(value: string): string {
  return term.exec(value)?.[1] ?? value;
}
