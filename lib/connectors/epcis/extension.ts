/**
 * Our user extension of EPCIS events (EPCIS 2.0, 7.1: events may carry members of foreign namespaces). The namespace is
 * `urn:reroute:epcis:1:`, bound in the document's `@context`, by custom to the prefix `reroute`:
 *   reroute:expectedQuantityList  what a picking or receiving event should have had; elements as in `quantityList`
 *   reroute:lineId                order line of an element of `quantityList` or `expectedQuantityList`
 */
import { object } from '../kit/text';

export const namespace = 'urn:reroute:epcis:1:';
const usual = 'reroute';

export type Extension = (holder: unknown, name: string) => unknown;

/** Reads extension members under whichever prefixes the contexts bind to our namespace, the usual one, or the full name. */
export function extensionOf(...contexts: unknown[]): Extension {
  const prefixes = new Set([`${usual}:`, namespace]);
  for (const entry of contexts.flat()) {
    for (const [prefix, iri] of Object.entries(object(entry) ?? {})) {
      if (iri === namespace) prefixes.add(`${prefix}:`);
      else if (prefix === usual) prefixes.delete(`${usual}:`);
    }
  }
  return (holder, name) => {
    const members = object(holder);
    for (const prefix of prefixes) {
      const found = members?.[prefix + name];
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
