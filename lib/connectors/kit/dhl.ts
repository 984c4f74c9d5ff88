/** What the two tracking interfaces of DHL have in common: an answer is a list of `shipments`. */
import type { Out } from './collect';
import type { NormalizeResult } from './connector';
import { notAFact } from './json';
import { type Json, list, object } from './text';

/** @param read reads one shipment; `at` is its JSON Pointer */
export function readShipments(
  root: Json,
  read: (shipment: Json, at: string, out: Out) => void,
): NormalizeResult {
  const out: Out = { facts: [], reports: [] };
  list(root.shipments).forEach((item, index) => {
    read(object(item) ?? {}, `/shipments/${index}`, out);
  });
  if (out.facts.length + out.reports.length === 0)
    out.reports.push(notAFact('NO_SHIPMENTS', 'an answer without shipments'));
  return out;
}
