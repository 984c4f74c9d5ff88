/** Search of cases by identifier: the way that reads least depends on how many shipments carry it. */
import type { Database } from '../database';
import type { Conditions } from './paging';

/** Up to this many the shipments lead to their cases; beyond it a list, read in its order, soon meets enough that fit. */
const few = 2_000;

/** `normalized` is upper case; whole or its beginning. */
export function identifierConditions(db: Database, conditions: Conditions, normalized: string): Conditions {
  const end = `${normalized}\u{10ffff}`;
  const found = db.all<{ shipment: number }>(
    'SELECT DISTINCT shipment FROM links WHERE normalized >= ? AND normalized < ? LIMIT ?',
    normalized,
    end,
    few + 1,
  );
  return found.length <= few
    ? conditions.add(
        'shipment IN (SELECT CAST(value AS BIGINT) FROM json_each(?))',
        JSON.stringify(found.map(({ shipment }) => shipment)),
      )
    : conditions.add(
        'EXISTS (SELECT 1 FROM links WHERE links.shipment = cases.shipment AND normalized >= ? AND normalized < ?)',
        normalized,
        end,
      );
}
