/** Alerts: raising, ending and listing. */
import type { AlertFilter } from '../../alerts';
import type { PageRequest } from '../../port';
import type { Database } from '../database';
import { noteChange } from './changes';
import { Conditions, type RowPage, readPage } from './paging';
import { insertRun, type RunInput } from './runs';
import { limitTo } from './scope';

export interface AlertRow {
  seq: number;
  id: string;
  key: string;
  kind: string;
  state: string;
  rule: string;
  severity: string;
  title: string;
  message: string;
  subject: string | null;
  case_id: string | null;
  partner: string | null;
  region: string | null;
  detail: string | null;
  count: number;
  fired_at: number;
  last_at: number;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  resolved_at: number | null;
}

/** As it crosses the thread. */
export interface AlertInput {
  id: string;
  key: string;
  kind: string;
  rule: string;
  severity: string;
  title: string;
  message: string;
  subject: string | undefined;
  caseId: string | undefined;
  partner: string | undefined;
  region: string | undefined;
  detail: string | undefined;
  at: number;
  run: RunInput | undefined;
}

const columns = `seq, id, key, kind, state, rule, severity, title, message, subject, case_id, partner, region, detail, count,
  fired_at, last_at, acknowledged_at, acknowledged_by, resolved_at`;

/** By index alerts_open. */
export function raiseAlerts(
  db: Database,
  partition: number,
  inputs: AlertInput[],
): { row: AlertRow; fired: boolean }[] {
  return inputs.map((input) => {
    const counted = db.run(
      "UPDATE alerts SET count = count + 1, last_at = ? WHERE key = ? AND state <> 'resolved'",
      input.at,
      input.key,
    );
    // A repeated attempt raises what it has raised before: it stays what has become of it.
    const again = counted.changes === 0 ? alert(db, input.id) : undefined;
    if (again) return { row: again, fired: false };
    const fired = counted.changes === 0;
    if (fired) {
      insertAlert(db, partition, input);
      noteChange(db, 'alert', input.id, 'firing', input.at);
      if (input.run) insertRun(db, partition, input.run, input.at);
    }
    const row = db.get<AlertRow>(
      `SELECT ${columns} FROM alerts WHERE key = ? AND state <> 'resolved'`,
      input.key,
    );
    if (!row) throw new Error(`the alert ${input.key} was not written`);
    return { row, fired };
  });
}

function insertAlert(db: Database, partition: number, input: AlertInput): void {
  db.run(
    `INSERT INTO alerts (id, partition, key, kind, state, rule, severity, title, message, subject, case_id, partner, region, detail,
       count, fired_at, last_at)
     VALUES (?, ?, ?, ?, 'firing', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    input.id,
    partition,
    input.key,
    input.kind,
    input.rule,
    input.severity,
    input.title,
    input.message,
    input.subject,
    input.caseId,
    input.partner,
    input.region,
    input.detail,
    input.at,
    input.at,
  );
}

export function resolveAlerts(db: Database, keys: string[], at: number): number {
  let resolved = 0;
  for (const key of keys) {
    const row = db.change<{ id: string }>(
      "UPDATE alerts SET state = 'resolved', resolved_at = ? WHERE key = ? AND state <> 'resolved' RETURNING id",
      at,
      key,
    );
    if (!row) continue;
    noteChange(db, 'alert', row.id, 'resolved', at);
    resolved += 1;
  }
  return resolved;
}

export function acknowledgeAlert(db: Database, id: string, by: string, at: number): AlertRow | undefined {
  const known = db.run(
    "UPDATE alerts SET state = 'acknowledged', acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND state = 'firing'",
    at,
    by,
    id,
  );
  if (known.changes === 1) noteChange(db, 'alert', id, 'acknowledged', at);
  const row = alert(db, id);
  return row?.state === 'resolved' ? undefined : row;
}

export function alert(db: Database, id: string): AlertRow | undefined {
  return db.get<AlertRow>(`SELECT ${columns} FROM alerts WHERE id = ?`, id);
}

export function alerts(db: Database, filter: AlertFilter, page: PageRequest): RowPage<AlertRow> {
  const conditions = new Conditions();
  // As the indexes of open alerts want it.
  if (filter.state !== undefined && !filter.state.includes('resolved')) conditions.add("state <> 'resolved'");
  conditions
    .equal('kind', filter.kind)
    .among('state', filter.state)
    .equal('rule', filter.rule)
    .equal('partner', filter.partner)
    .equal('region', filter.region)
    .equal('case_id', filter.caseId);
  limitTo(conditions, filter.scope);
  const sort = { columns: ['seq'], descending: true };
  return readPage<AlertRow>(db, `SELECT ${columns} FROM alerts`, conditions, sort, page, (row) => [row.seq]);
}
