/**
 * Our user extension of EPCIS events (EPCIS 2.0, 7.1: events may carry members of foreign namespaces). The namespace is
 * `urn:reroute:epcis:1:`, bound in the document's `@context`, by custom to the prefix `reroute`:
 *   reroute:expectedQuantityList  what a picking or receiving event should have had; elements as in `quantityList`
 *   reroute:lineId                order line of an element of `quantityList` or `expectedQuantityList`
 */
import { type Json, object } from '../kit/text';

export const namespace = 'urn:reroute:epcis:1:';
const usual = 'reroute';

/** What we add to an event or to an element of its lists. */
type Member = 'expectedQuantityList' | 'lineId';

export type Extension = (holder: Json, member: Member) => unknown;

const asUsual = reading([`${usual}:`, namespace]);

/** Reads extension members under whichever prefixes the contexts bind to our namespace, the usual one, or the full name. */
export function extensionOf(...contexts: unknown[]): Extension {
  const others: string[] = [];
  let hasUsual = true;
  for (const entry of contexts.flat()) {
    const bound = object(entry);
    if (bound === undefined) continue;
    for (const prefix of Object.keys(bound)) {
      if (bound[prefix] !== namespace) hasUsual &&= prefix !== usual;
      else if (prefix === usual) hasUsual = true;
      else others.push(`${prefix}:`);
    }
  }
  if (hasUsual && others.length === 0) return asUsual;
  return reading([...(hasUsual ? [`${usual}:`] : []), namespace, ...others]);
}

function reading(prefixes: readonly string[]): Extension {
  const names: Record<Member, string[]> = {
    expectedQuantityList: prefixes.map((prefix) => `${prefix}expectedQuantityList`),
    lineId: prefixes.map((prefix) => `${prefix}lineId`),
  };
  return (holder, member) => {
    for (const name of names[member]) {
      const found = holder[name];
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
