/** Counts by field, sums over time and clocks that run out: read from what commits keep, or from columns in memory. */
import type { Scope } from '../../../model/scope';
import type { CaseFilter } from '../../cases';
import type { ClockRequest, MeasureRequest, MeasureSum } from '../../insights';
import { CaseColumns } from '../columns';
import type { Database } from '../database';
import { identifierConditions } from './case-search';
import { Conditions } from './paging';
import { limitTo } from './scope';

export type FacetFilter = Omit<CaseFilter, 'q'> & { normalizedQ?: string };

export function facetCounts(
  db: Database,
  filter: FacetFilter,
): { total: number; facets: Record<string, Record<string, number>> } {
  const { normalizedQ, dueBefore, ...narrowed } = filter;
  const columns = CaseColumns.of(db);
  if (normalizedQ === undefined && dueBefore === undefined) return columns.facets(narrowed);
  const conditions = new Conditions();
  if (normalizedQ !== undefined) identifierConditions(db, conditions, normalizedQ);
  if (dueBefore !== undefined) dueConditions(conditions, dueBefore);
  const rows = db.all<{ seq: number }>(`SELECT seq FROM cases ${conditions.where}`, ...conditions.parameters);
  return columns.facets(narrowed, new Set(rows.map(({ seq }) => seq)));
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

export function caseAges(
  db: Database,
  now: number,
  bounds: number[],
  scope?: Scope,
): { severity: string; counts: number[] }[] {
  return CaseColumns.of(db).ages(now, bounds, scope);
}

export interface ClockRows {
  overdue: number;
  within: number[];
  next: string[];
}

export function clocksAhead(db: Database, { now, horizonsMs, limit, scope }: ClockRequest): ClockRows {
  return {
    ...CaseColumns.of(db).clocks(now, horizonsMs, scope),
    next: [
      ...endingNext(db, 'acknowledge_due_at', now, limit, scope),
      ...endingNext(db, 'resolve_due_at', now, limit, scope),
    ],
  };
}

/** Indexes cases_acknowledge_due and cases_resolve_due. */
function endingNext(
  db: Database,
  column: 'acknowledge_due_at' | 'resolve_due_at',
  now: number,
  limit: number,
  scope: Scope | undefined,
): string[] {
  const conditions = new Conditions().add(`open = 1 AND ${column} >= ?`, now);
  limitTo(conditions, scope);
  return db
    .all<{ state: string }>(
      `SELECT state FROM cases ${conditions.where} ORDER BY ${column}, seq LIMIT ?`,
      ...conditions.parameters,
      limit,
    )
    .map((row) => row.state);
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
