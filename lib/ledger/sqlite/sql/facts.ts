/** Facts, read. */
import type { FactFilter } from '../../cases';
import type { PageRequest } from '../../port';
import type { Database } from '../database';
import { byIdentifier, numbersOf } from './links';
import { Conditions, type RowPage, readPage } from './paging';

export interface FactRow {
  seq: number;
  partition: number;
  partner: string;
  recorded_at: number;
  raw_id: string | null;
  run_id: string | null;
  fact: string;
  tokens: string;
}

const columns = 'seq, partition, partner, recorded_at, raw_id, run_id, fact, tokens';

export function fact(db: Database, id: string): FactRow | undefined {
  return db.keys.find(db, 'fact', id, (seq) =>
    db.get<FactRow>(`SELECT ${columns} FROM facts WHERE seq = ? AND id = ?`, seq, id),
  );
}

/** The row of a fact; asked of the writer, which knows the newest keys. */
export function factNumber(db: Database, id: string): number | undefined {
  return db.keys.find(
    db,
    'fact',
    id,
    (seq) => db.get<{ seq: number }>('SELECT seq FROM facts WHERE seq = ? AND id = ?', seq, id)?.seq,
  );
}

/** Those of the ids that are in the ledger. */
export function knownFactIds(db: Database, ids: string[]): string[] {
  return ids.filter((id) => factNumber(db, id) !== undefined);
}

/** Newest first, by time of recording (index facts_recorded). `normalizedQ` is the normalised `q`. */
export function facts(
  db: Database,
  filter: Omit<FactFilter, 'q'> & { normalizedQ?: string },
  page: PageRequest,
): RowPage<FactRow> {
  const conditions = new Conditions()
    .equal('partner', filter.partner)
    .among('partner', filter.partners)
    .equal('code', filter.code);
  if (filter.subject !== undefined)
    conditions.add('shipment = (SELECT seq FROM shipments WHERE key = ?)', filter.subject);
  if (filter.since !== undefined) conditions.add('recorded_at >= ?', filter.since);
  if (filter.until !== undefined) conditions.add('recorded_at < ?', filter.until);
  if (filter.normalizedQ !== undefined) byIdentifier(conditions, filter.normalizedQ);
  const sort = { columns: ['recorded_at', 'seq'], descending: true };
  return readPage<FactRow>(db, `SELECT ${columns} FROM facts`, conditions, sort, page, (row) => [
    row.recorded_at,
    row.seq,
  ]);
}

/** The earliest facts of the subjects, in order of recording (index facts_shipment). */
export function factsBySubjects(db: Database, subjects: string[], limit: number): FactRow[] {
  return db.all<FactRow>(
    `SELECT ${columns} FROM facts WHERE shipment IN (${numbersOf}) ORDER BY seq LIMIT ?`,
    JSON.stringify(subjects),
    limit,
  );
}

export function factsByCase(db: Database, caseId: string): FactRow[] {
  return db.all<FactRow>(
    `SELECT ${columns} FROM facts WHERE seq IN (SELECT fact FROM case_facts WHERE case_id = ?) ORDER BY seq`,
    caseId,
  );
}
