/** Counts by field, sums over time and clocks that run out: read from what commits keep, or from the front of an index. */
import type { CaseFilter } from '../../cases';
import {
  type CaseFacet,
  type ClockRequest,
  caseFacets,
  type MeasureRequest,
  type MeasureSum,
} from '../../insights';
import type { Database } from '../database';
import { identifierConditions } from './case-search';
import { Conditions } from './paging';

export type FacetFilter = Omit<CaseFilter, 'q'> & { normalizedQ?: string };

const columnOf: Record<CaseFacet, string> = {
  state: 'status',
  severity: 'severity',
  code: 'code',
  partner: 'partner',
  region: 'region',
  warehouse: 'warehouse',
  carrier: 'carrier',
  assignee: 'assignee',
};
const fromColumn = Object.fromEntries(Object.entries(columnOf).map(([facet, column]) => [column, facet]));

interface CubeRow extends Record<string, string | number> {
  n: number;
}

/**
 * One pass over the cube, or, where the question goes beyond its fields, over the cases that fit the rest: a row counts in a
 * facet when it fits every other part of the filter.
 */
export function facetCounts(
  db: Database,
  filter: FacetFilter,
): { total: number; facets: Record<string, Record<string, number>> } {
  const wanted = caseFacets.map((facet) => ({
    facet,
    column: columnOf[facet],
    values: asked(filter, facet),
  }));
  const facets: Record<string, Record<string, number>> = Object.fromEntries(
    caseFacets.map((facet) => [facet, {}]),
  );
  let total = 0;
  for (const row of facetRows(db, filter)) {
    const misses = wanted.filter(({ column, values }) => values && !values.has(String(row[column] ?? '')));
    if (misses.length === 0) total += row.n;
    const counted = misses.length === 0 ? wanted : misses.length === 1 ? misses : [];
    for (const { facet, column } of counted) {
      const counts = facets[facet] as Record<string, number>;
      const value = String(row[column] ?? '');
      counts[value] = (counts[value] ?? 0) + row.n;
    }
  }
  return { total, facets };
}

function asked(filter: FacetFilter, facet: CaseFacet): Set<string> | undefined {
  const value = filter[facet];
  return value === undefined ? undefined : new Set([value].flat());
}

const cubeColumns = Object.keys(fromColumn).join(', ');

function facetRows(db: Database, filter: FacetFilter): CubeRow[] {
  const { normalizedQ, detectedFrom, detectedTo, dueBefore } = filter;
  const beyond =
    normalizedQ !== undefined ||
    detectedFrom !== undefined ||
    detectedTo !== undefined ||
    dueBefore !== undefined;
  // A list of open states is the usual question; it leaves the ended cases unread.
  if (!beyond) {
    const conditions = new Conditions().among('status', filter.state);
    // The counts of the other states are of interest, too: they are read on their own.
    const others = filter.state === undefined ? [] : stateRows(db, filter);
    return [
      ...db.all<CubeRow>(
        `SELECT ${cubeColumns}, n FROM case_cube ${conditions.where}`,
        ...conditions.parameters,
      ),
      ...others,
    ];
  }
  const conditions = new Conditions();
  if (normalizedQ !== undefined) identifierConditions(db, conditions, normalizedQ);
  if (detectedFrom !== undefined) conditions.add('detected_at >= ?', detectedFrom);
  if (detectedTo !== undefined) conditions.add('detected_at < ?', detectedTo);
  if (dueBefore !== undefined) dueConditions(conditions, dueBefore);
  return db.all<CubeRow>(
    `SELECT ${cubeColumns}, count(*) AS n FROM cases ${conditions.where} GROUP BY ${cubeColumns}`,
    ...conditions.parameters,
  );
}

/** Cases in the states that were not asked for: they count in the facet of states alone. */
function stateRows(db: Database, filter: FacetFilter): CubeRow[] {
  const conditions = new Conditions()
    .add('status NOT IN (SELECT value FROM json_each(?))', JSON.stringify(filter.state))
    .among('severity', filter.severity)
    .among('code', filter.code);
  for (const facet of ['partner', 'region', 'warehouse', 'carrier', 'assignee'] as const)
    conditions.equal(facet, filter[facet]);
  return db.all<CubeRow>(
    `SELECT ${cubeColumns}, sum(n) AS n FROM case_cube ${conditions.where} GROUP BY status`,
    ...conditions.parameters,
  );
}

/** Indexes cases_acknowledge_due and cases_resolve_due. */
export function dueConditions(conditions: Conditions, before: number): Conditions {
  return conditions.add(
    `open = 1 AND seq IN (SELECT seq FROM cases WHERE open = 1 AND acknowledge_due_at < ?
       UNION SELECT seq FROM cases WHERE open = 1 AND resolve_due_at < ?)`,
    before,
    before,
  );
}

export function openBy(db: Database, dim: string): { value: string; count: number }[] {
  return db.all<{ value: string; count: number }>(
    "SELECT value, n AS count FROM measures WHERE name = 'open' AND dim = ? AND slot = 0 AND n > 0 ORDER BY n DESC, value",
    dim,
  );
}

/** Counts of ranges of the index cases_severity: nothing but its entries is read. */
export function caseAges(
  db: Database,
  now: number,
  bounds: number[],
): { severity: string; counts: number[] }[] {
  const edges = [Number.MAX_SAFE_INTEGER, ...bounds.map((age) => now - age), Number.MIN_SAFE_INTEGER];
  return ['S1', 'S2', 'S3', 'S4'].map((severity) => ({
    severity,
    counts: edges.slice(1).map(
      (from, index) =>
        db.get<{ n: number }>(
          `SELECT count(*) AS n FROM cases INDEXED BY cases_severity
           WHERE open = 1 AND severity = ? AND detected_at > ? AND detected_at <= ?`,
          severity,
          from,
          edges[index],
        )?.n ?? 0,
    ),
  }));
}

export interface ClockRows {
  overdue: number;
  within: number[];
  next: string[];
}

export function clocksAhead(db: Database, { now, horizonsMs, limit }: ClockRequest): ClockRows {
  return {
    overdue: runningOut(db, 0, now),
    within: horizonsMs.map((horizon) => runningOut(db, now, now + horizon)),
    next: db
      .all<{ state: string }>(
        `SELECT state FROM cases WHERE seq IN (
           SELECT * FROM (SELECT seq FROM cases WHERE open = 1 AND acknowledge_due_at >= ?1 ORDER BY acknowledge_due_at, seq LIMIT ?2)
           UNION
           SELECT * FROM (SELECT seq FROM cases WHERE open = 1 AND resolve_due_at >= ?1 ORDER BY resolve_due_at, seq LIMIT ?2)
         )`,
        now,
        limit,
      )
      .map((row) => row.state),
  };
}

/** Cases, not clocks: one with two clocks that run out counts once. */
function runningOut(db: Database, from: number, to: number): number {
  return (
    db.get<{ n: number }>(
      `SELECT count(*) AS n FROM (
         SELECT seq FROM cases WHERE open = 1 AND acknowledge_due_at >= ?1 AND acknowledge_due_at < ?2
         UNION SELECT seq FROM cases WHERE open = 1 AND resolve_due_at >= ?1 AND resolve_due_at < ?2)`,
      from,
      to,
    )?.n ?? 0
  );
}

export function measures(db: Database, { names, dim, from, to }: MeasureRequest): MeasureSum[] {
  return names.flatMap((name) =>
    db.all<MeasureSum>(
      `SELECT name, slot, value, bucket, n FROM measures
       WHERE name = ? AND dim = ? AND slot >= ? AND slot <= ? AND n <> 0 ORDER BY slot, value, bucket`,
      name,
      dim,
      from,
      to,
    ),
  );
}

export function openDeadLetters(db: Database): number {
  return db.get<{ n: number }>("SELECT count(*) AS n FROM dead_letters WHERE state = 'open'")?.n ?? 0;
}
