/** Cases: compare-and-set, their events and facts, and the lists of the console. */
import { VersionConflictError } from '../../../model/errors';
import { inScope, isLimited, type Scope } from '../../../model/scope';
import type { CaseFilter, caseSorts, IdentifierToken } from '../../cases';
import type { PageRequest } from '../../port';
import { CaseColumns } from '../columns';
import type { Database } from '../database';
import { identifierConditions } from './case-search';
import { noteChange } from './changes';
import { factNumber } from './facts';
import { dueConditions } from './insights';
import { linkTokens, numbersOf } from './links';
import { type CountedCase, countCase } from './measures';
import { Conditions, type RowPage, readPage, type Sort } from './paging';
import { limitTo } from './scope';
import { findNumber, shipmentNumber } from './shipments';

/** A case as it crosses the thread: the columns that are searched, the rest as JSON in `state`. */
export interface CaseInput {
  id: string;
  expectedVersion: number;
  version: number;
  open: boolean;
  tenant: string;
  subject: string;
  code: string;
  severity: string;
  /** The lifecycle state, e.g. DETECTED. */
  status: string;
  partner: string | undefined;
  region: string | undefined;
  warehouse: string | undefined;
  carrier: string | undefined;
  assignee: string | undefined;
  parent: string | undefined;
  detectedAt: number;
  /** When a clock runs out; undefined once it has stopped or has caused its escalation. */
  acknowledgeDueAt: number | undefined;
  resolveDueAt: number | undefined;
  /** The stated time whatever became of the clock: what lists sort by. */
  sortDueAt: number | undefined;
  endedAt: number | undefined;
  state: string;
  /** What it adds to the sums, JSON. */
  measured: string;
  events: { version: number; event: string }[];
  tokens: IdentifierToken[];
  factIds: string[];
}

/** What the ledger holds of a case, as far as a change of it has to know. */
export interface Standing extends CountedCase {
  version: number;
}

function standing(db: Database, id: string): Standing | undefined {
  return db.get<Standing>(
    `SELECT version, open, status, code, severity, partner, region, warehouse, carrier, measured
     FROM cases WHERE id = ?`,
    id,
  );
}

/**
 * What stands in the ledger; undefined for a new case.
 * @throws VersionConflictError when the case has moved on or another one is open for the same (tenant, subject, code)
 */
export function checkCase(db: Database, write: CaseInput): Standing | undefined {
  const stored = standing(db, write.id);
  const version = stored?.version ?? 0;
  if (version !== write.expectedVersion) {
    throw new VersionConflictError('case', write.id, write.expectedVersion, version);
  }
  const shipment = write.open ? findNumber(db, write.subject) : undefined;
  if (shipment === undefined) return stored;
  const other = db.get<{ id: string; version: number }>(
    'SELECT id, version FROM cases WHERE shipment = ? AND code = ? AND tenant = ? AND open = 1 AND id <> ?',
    shipment,
    write.code,
    write.tenant,
    write.id,
  );
  if (other) throw new VersionConflictError('open case', other.id, 0, other.version);
  return stored;
}

/** `before` is what `checkCase` found. */
export function writeCase(
  db: Database,
  partition: number,
  write: CaseInput,
  before: Standing | undefined,
  now: number,
): void {
  if (before) countCase(db, before, -1);
  countCase(db, countedOf(write), 1);
  noteChange(db, 'case', write.id, write.status, now);
  const shipment = shipmentNumber(db, write.subject);
  if (before) updateCase(db, write);
  else insertCase(db, partition, shipment, write);
  appendEvents(db, write);
  const facts = write.factIds.map((factId) => factNumber(db, factId));
  for (const fact of facts) {
    if (fact !== undefined)
      db.run('INSERT INTO case_facts (case_id, fact) VALUES (?, ?) ON CONFLICT DO NOTHING', write.id, fact);
  }
  if (write.tokens.length === 0) return;
  linkTokens(db, shipment, write.tokens, { fact: facts[0], at: now, by: `case:${write.id}` });
}

function countedOf(write: CaseInput): CountedCase {
  const { status, severity, code, measured } = write;
  return {
    open: write.open ? 1 : 0,
    status,
    severity,
    code,
    measured,
    partner: write.partner ?? null,
    region: write.region ?? null,
    warehouse: write.warehouse ?? null,
    carrier: write.carrier ?? null,
  };
}

function insertCase(db: Database, partition: number, shipment: number, write: CaseInput): void {
  db.run(
    `INSERT INTO cases (id, partition, version, open, tenant, shipment, code, severity, status, partner, region, warehouse,
       assignee, parent, detected_at, acknowledge_due_at, resolve_due_at, sort_due_at, ended_at, state, carrier, measured)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    write.id,
    partition,
    write.version,
    write.open ? 1 : 0,
    write.tenant,
    shipment,
    write.code,
    write.severity,
    write.status,
    write.partner,
    write.region,
    write.warehouse,
    write.assignee,
    write.parent,
    write.detectedAt,
    write.acknowledgeDueAt,
    write.resolveDueAt,
    write.sortDueAt ?? noClock,
    write.endedAt,
    write.state,
    write.carrier,
    write.measured,
  );
}

function updateCase(db: Database, write: CaseInput): void {
  db.run(
    `UPDATE cases SET version = ?, open = ?, severity = ?, status = ?, partner = ?, region = ?, warehouse = ?, assignee = ?, parent = ?,
       detected_at = ?, acknowledge_due_at = ?, resolve_due_at = ?, sort_due_at = ?, ended_at = ?, state = ?, carrier = ?,
       measured = ? WHERE id = ?`,
    write.version,
    write.open ? 1 : 0,
    write.severity,
    write.status,
    write.partner,
    write.region,
    write.warehouse,
    write.assignee,
    write.parent,
    write.detectedAt,
    write.acknowledgeDueAt,
    write.resolveDueAt,
    write.sortDueAt ?? noClock,
    write.endedAt,
    write.state,
    write.carrier,
    write.measured,
    write.id,
  );
}

function appendEvents(db: Database, write: CaseInput): void {
  for (const { version, event } of write.events) {
    db.run('INSERT INTO case_events (case_id, version, event) VALUES (?, ?, ?)', write.id, version, event);
  }
}

/** The case's JSON. */
export function caseState(db: Database, id: string): string | undefined {
  return db.get<{ state: string }>('SELECT state FROM cases WHERE id = ?', id)?.state;
}

export function caseEvents(db: Database, id: string): string[] {
  return db
    .all<{ event: string }>('SELECT event FROM case_events WHERE case_id = ? ORDER BY version', id)
    .map((row) => row.event);
}

/** Newest first (index cases_shipment). */
export function casesBySubjects(db: Database, subjects: string[]): string[] {
  return db
    .all<{ state: string }>(
      `SELECT state FROM cases WHERE shipment IN (${numbersOf}) ORDER BY detected_at DESC, seq DESC`,
      JSON.stringify(subjects),
    )
    .map((row) => row.state);
}

const recentMs = 30 * 24 * 3_600_000;

/** Open cases and those that ended within the last 30 days, newest first. */
export function recentCases(db: Database, subjects: string[], now: number): string[] {
  return subjects
    .flatMap((subject) =>
      db.all<{ state: string; detected_at: number; seq: number }>(
        `SELECT state, detected_at, seq FROM cases
         WHERE shipment = (SELECT seq FROM shipments WHERE key = ?) AND (open = 1 OR ended_at >= ?)`,
        subject,
        now - recentMs,
      ),
    )
    .sort((a, b) => b.detected_at - a.detected_at || b.seq - a.seq)
    .map((row) => row.state);
}

export interface CaseListRow {
  seq: number;
  state: string;
  detected_at: number;
  severity: string;
  sort_due_at: number;
}

/** Up to so many cases are taken by their numbers; a list of more meets enough of them on the way. */
const few = 5_000;

type CaseSort = (typeof caseSorts)[number];

/** Stands for a clock that is not there: comes last. */
const noClock = Number.MAX_SAFE_INTEGER;
const sorts: Record<CaseSort, { sort: Sort; key: (row: CaseListRow) => (string | number)[] }> = {
  '-detectedAt': {
    sort: { columns: ['detected_at', 'seq'], descending: true },
    key: (row) => [row.detected_at, row.seq],
  },
  detectedAt: {
    sort: { columns: ['detected_at', 'seq'], descending: false },
    key: (row) => [row.detected_at, row.seq],
  },
  severity: {
    sort: { columns: ['severity', 'detected_at', 'seq'], descending: false },
    key: (row) => [row.severity, row.detected_at, row.seq],
  },
  resolveDueAt: {
    sort: { columns: ['sort_due_at', 'seq'], descending: false },
    key: (row) => [row.sort_due_at, row.seq],
  },
};

/** `onlyOpen` tells that every asked state is an open one, so that the indexes of open cases serve. */
export function cases(
  db: Database,
  filter: Omit<CaseFilter, 'q'> & { normalizedQ?: string; onlyOpen: boolean },
  page: PageRequest & { sort?: CaseSort },
): RowPage<CaseListRow> {
  const conditions = new Conditions();
  if (filter.onlyOpen) conditions.add('open = 1');
  conditions
    .among('status', filter.state)
    .among('code', filter.code)
    .among('severity', filter.severity)
    .equal('partner', filter.partner)
    .equal('region', filter.region)
    .equal('warehouse', filter.warehouse)
    .equal('carrier', filter.carrier)
    .equal('parent', filter.parent);
  if (filter.assignee === '') conditions.add('assignee IS NULL');
  else conditions.equal('assignee', filter.assignee);
  if (filter.detectedFrom !== undefined) conditions.add('detected_at >= ?', filter.detectedFrom);
  if (filter.detectedTo !== undefined) conditions.add('detected_at < ?', filter.detectedTo);
  if (filter.dueBefore !== undefined) dueConditions(conditions, filter.dueBefore);
  if (filter.normalizedQ !== undefined) identifierConditions(db, conditions, filter.normalizedQ);
  const found = CaseColumns.of(db).matching(filter, few);
  if (found)
    conditions.add('cases.seq IN (SELECT CAST(value AS BIGINT) FROM json_each(?))', JSON.stringify(found));
  const { sort, key } = sorts[page.sort ?? '-detectedAt'];
  limitTo(conditions, filter.scope);
  const select = 'SELECT seq, state, detected_at, severity, sort_due_at FROM cases';
  return readPage<CaseListRow>(db, select, conditions, sort, page, key);
}

export function caseCounts(db: Database, scope?: Scope): { key: string; n: number }[] {
  if (isLimited(scope)) return countWithin(db, scope);
  return db.all<{ key: string; n: number }>("SELECT key, n FROM counters WHERE kind = 'cases' AND n > 0");
}

const countKey = (row: { status: string; code: string; severity: string }): string =>
  JSON.stringify([row.status, row.code, row.severity]);

/** In the order of the index cases_counts, which holds all that is asked: no row is looked at, and nothing is sorted. */
function countWithin(db: Database, scope: Scope): { key: string; n: number }[] {
  const rows = db.all<{
    region: string | null;
    partner: string | null;
    status: string;
    code: string;
    severity: string;
    n: number;
  }>(
    `SELECT region, partner, status, code, severity, count(*) AS n FROM cases INDEXED BY cases_counts WHERE open = 1
     GROUP BY region, partner, status, code, severity`,
  );
  const sums = new Map<string, number>();
  for (const { region, partner, n, ...row } of rows) {
    if (!inScope(scope, { region: region ?? undefined, partner: partner ?? undefined })) continue;
    sums.set(countKey(row), (sums.get(countKey(row)) ?? 0) + n);
  }
  return [...sums].map(([key, n]) => ({ key, n }));
}

/** The most overdue first; a clock that has caused its escalation counts no more (indexes cases_acknowledge_due and cases_resolve_due). */
export function breachedCases(db: Database, now: number, limit: number): string[] {
  return db
    .all<{ state: string }>(
      `SELECT state FROM cases WHERE seq IN (
         SELECT * FROM (SELECT seq FROM cases WHERE open = 1 AND acknowledge_due_at < ?1 ORDER BY acknowledge_due_at, seq LIMIT ?2) AS a
         UNION
         SELECT * FROM (SELECT seq FROM cases WHERE open = 1 AND resolve_due_at < ?1 ORDER BY resolve_due_at, seq LIMIT ?2) AS r
       ) ORDER BY min(coalesce(acknowledge_due_at, ${noClock}), coalesce(resolve_due_at, ${noClock})), seq LIMIT ?2`,
      now,
      limit,
    )
    .map((row) => row.state);
}
