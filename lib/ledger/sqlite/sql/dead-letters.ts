/** Dead letters: what cannot proceed, with everything needed to repair it. */
import type { PageRequest } from '../../port';
import type { DeadLetterFilter } from '../../runs';
import type { Database } from '../database';
import { noteChange } from './changes';
import { Conditions, type RowPage, readPage } from './paging';

/** A dead letter as it crosses the thread: JSON fields are text. */
export interface DeadLetterInput {
  id: string;
  kind: string;
  ref: string;
  runId?: string | undefined;
  partner?: string | undefined;
  operation?: string | undefined;
  reasonCode: string;
  reason: string;
  fingerprint: string;
  flowVersion?: string | undefined;
  attempt: number;
  message?: string | undefined;
  at: number;
  /** Taken from the run, or from the raw payload's run, when absent. */
  correlationId?: string | undefined;
}

export interface DeadLetterRow {
  seq: number;
  id: string;
  partition: number;
  state: string;
  kind: string;
  ref: string;
  run_id: string | null;
  partner: string | null;
  operation: string | null;
  reason: string;
  fingerprint: string;
  flow_version: string | null;
  attempt: number;
  message: string | null;
  at: number;
  correlation_id: string | null;
  resolved_at: number | null;
  resolution: string | null;
}

const columns = `seq, id, partition, state, kind, ref, run_id, partner, operation, reason, fingerprint, flow_version,
  attempt, message, at, correlation_id, resolved_at, resolution`;

/** Kept once by id: an attempt that is settled again leaves no second letter. */
export function insertDeadLetter(db: Database, partition: number, letter: DeadLetterInput): void {
  const inserted = db.run(
    `INSERT INTO dead_letters (id, partition, state, kind, ref, run_id, partner, operation, reason_code, reason,
       fingerprint, flow_version, attempt, message, at, correlation_id)
     VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    letter.id,
    partition,
    letter.kind,
    letter.ref,
    letter.runId,
    letter.partner,
    letter.operation,
    letter.reasonCode,
    letter.reason,
    letter.fingerprint,
    letter.flowVersion,
    letter.attempt,
    letter.message,
    letter.at,
    letter.correlationId ?? correlationOf(db, letter),
  );
  if (inserted.changes === 1) noteChange(db, 'dead-letter', letter.id, 'open', letter.at);
}

function correlationOf(db: Database, letter: DeadLetterInput): string | undefined {
  const run = db.get<{ correlation_id: string }>(
    'SELECT coalesce(correlation_id, id) AS correlation_id FROM runs WHERE id = ?',
    letter.runId ?? letter.ref,
  );
  return run?.correlation_id;
}

export function addDeadLetters(db: Database, partition: number, letters: DeadLetterInput[]): void {
  for (const letter of letters) insertDeadLetter(db, partition, letter);
}

/** Closes those that are open; answers how many were. */
export function resolveDeadLetters(
  db: Database,
  ids: string[],
  state: 'replayed' | 'discarded',
  resolution: string,
  at: number,
): number {
  let resolved = 0;
  for (const id of ids) {
    const { changes } = db.run(
      `UPDATE dead_letters SET state = ?, resolution = ?, resolved_at = ? WHERE id = ? AND state = 'open'`,
      state,
      resolution,
      at,
      id,
    );
    if (changes === 1) noteChange(db, 'dead-letter', id, state, at);
    resolved += changes;
  }
  return resolved;
}

export function deadLetter(db: Database, id: string): DeadLetterRow | undefined {
  return db.get<DeadLetterRow>(`SELECT ${columns} FROM dead_letters WHERE id = ?`, id);
}

function matching(filter: DeadLetterFilter): Conditions {
  const conditions = new Conditions()
    .equal('partner', filter.partner)
    .among('partner', filter.partners)
    .equal('reason_code', filter.reason)
    .equal('fingerprint', filter.fingerprint)
    .among('id', filter.ids)
    .among('run_id', filter.runIds);
  // Written out, so that the partial index of open letters serves the usual question.
  if (filter.state === 'open') conditions.add("state = 'open'");
  else conditions.equal('state', filter.state);
  return filter.since === undefined ? conditions : conditions.add('at >= ?', filter.since);
}

/** Newest first. */
export function deadLetters(
  db: Database,
  filter: DeadLetterFilter,
  page: PageRequest,
): RowPage<DeadLetterRow> {
  return readPage<DeadLetterRow>(
    db,
    `SELECT ${columns} FROM dead_letters`,
    matching(filter),
    { columns: ['at', 'seq'], descending: true },
    page,
    (row) => [row.at, row.seq],
  );
}

export interface DeadLetterGroupRow extends DeadLetterRow {
  count: number;
  latest_at: number;
}

/** Largest group first; the sample is the latest letter. */
export function deadLetterGroups(db: Database, filter: DeadLetterFilter): DeadLetterGroupRow[] {
  const conditions = matching(filter);
  return db.all<DeadLetterGroupRow>(
    `SELECT * FROM (
       SELECT ${columns}, count(*) OVER same AS count, max(at) OVER same AS latest_at,
         row_number() OVER (PARTITION BY fingerprint ORDER BY at DESC, seq DESC) AS place
       FROM dead_letters ${conditions.where} WINDOW same AS (PARTITION BY fingerprint)
     ) AS letters WHERE place = 1 ORDER BY count DESC, latest_at DESC LIMIT 1000`,
    ...conditions.parameters,
  );
}
