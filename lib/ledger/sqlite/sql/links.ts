/** Which identifier stands on which shipment: written once each, walked in both directions by a trace. */
import type { IdentifierLink, IdentifierToken } from '../../cases';
import type { Database } from '../database';
import type { Conditions } from './paging';

export function linkTokens(
  db: Database,
  shipment: number,
  tokens: IdentifierToken[],
  source: { fact: number | undefined; at: number; by: string },
): void {
  for (const token of tokens) {
    // The length parts namespace and value, whatever signs they hold.
    const link = `${shipment}|${token.kind}|${token.namespace.length}|${token.namespace}${token.value}`;
    if (db.links.has(link)) continue;
    db.links.add(link);
    db.run(
      `INSERT INTO links (normalized, shipment, kind, namespace, value, first_fact, first_at, asserted_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      token.normalized,
      shipment,
      token.kind,
      token.namespace,
      token.value,
      source.fact,
      source.at,
      source.by,
    );
  }
}

const select = `SELECT links.kind AS kind, links.namespace AS namespace, links.value AS value, shipments.key AS subject,
    coalesce(facts.id, '') AS firstFactId, links.first_at AS firstAt, links.asserted_by AS assertedBy
  FROM links JOIN shipments ON shipments.seq = links.shipment LEFT JOIN facts ON facts.seq = links.first_fact`;

/** The primary key of links. */
export function subjectsOf(db: Database, normalized: string[]): IdentifierLink[] {
  return db.all<IdentifierLink>(
    `${select} WHERE links.normalized IN (SELECT value FROM json_each(?)) ORDER BY first_at, subject`,
    JSON.stringify(normalized),
  );
}

/** Index links_shipment. */
export function linksOf(db: Database, subjects: string[]): IdentifierLink[] {
  return db.all<IdentifierLink>(
    `${select} WHERE links.shipment IN (${numbersOf}) ORDER BY first_at, kind, value`,
    JSON.stringify(subjects),
  );
}

/** Numbers of the shipments whose keys are in a JSON list (index shipments_key). */
export const numbersOf = 'SELECT seq FROM shipments WHERE key IN (SELECT value FROM json_each(?))';

/** Limits a search to shipments that carry the identifier, whole or its beginning; `normalized` is upper case. */
export function byIdentifier(conditions: Conditions, normalized: string): Conditions {
  return conditions.add(
    'shipment IN (SELECT shipment FROM links WHERE normalized >= ? AND normalized < ?)',
    normalized,
    `${normalized}\u{10ffff}`,
  );
}
