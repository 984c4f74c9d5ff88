/** Payloads of many shapes under one address: the readers of each put what they find into one place. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeReport, NormalizeResult } from './connector';
import { parseJson, rejected } from './json';

/** Where readers put what they find. */
export interface Out {
  facts: FactDraft[];
  reports: NormalizeReport[];
}

/**
 * Reads JSON whose shape `read` finds out by itself.
 * @param stranger what is said of JSON in which `read` found nothing
 */
export function collectedFromJson(
  body: Uint8Array,
  stranger: { code: string; message: string },
  read: (value: unknown, out: Out) => void,
): NormalizeResult {
  const parsed = parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const out: Out = { facts: [], reports: [] };
  read(parsed.value, out);
  return out.facts.length + out.reports.length > 0 ? out : rejected(stranger.code, stranger.message);
}
