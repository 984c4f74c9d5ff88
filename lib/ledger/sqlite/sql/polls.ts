/** Polls: cursors and due times, and the tracking numbers that facts bring along. */
import type { IdentifierToken } from '../../cases';
import type { Lease } from '../../port';
import type { Database } from '../database';
import { checkFence } from './leases';

export interface PollRow {
  partner: string;
  subject: string;
  shipment: string | null;
  cursor: string | null;
  due_at: number;
  interval_ms: number;
  polled_at: number | null;
  news_at: number | null;
  seen_at: number | null;
}

/** As it crosses the thread. */
export type PollInput =
  | { [Name in keyof PollRow]: PollRow[Name] | undefined }
  | { partner: string; subject: string; forget: true };

export function poll(db: Database, partner: string, subject: string): PollRow | undefined {
  return db.get<PollRow>('SELECT * FROM polls WHERE partner = ? AND subject = ?', partner, subject);
}

/** By index polls_due. */
export function duePolls(db: Database, partner: string, request: { now: number; limit: number }): PollRow[] {
  return db.all<PollRow>(
    "SELECT * FROM polls WHERE partner = ? AND subject <> '' AND due_at <= ? ORDER BY due_at LIMIT ?",
    partner,
    request.now,
    request.limit,
  );
}

export function pollCount(db: Database, partner: string): { numbers: number; due_at: number | null } {
  const row = db.get<{ numbers: number; due_at: number | null }>(
    "SELECT count(*) AS numbers, min(due_at) AS due_at FROM polls WHERE partner = ? AND subject <> ''",
    partner,
  );
  return row ?? { numbers: 0, due_at: null };
}

export function savePolls(db: Database, lease: Lease, polls: PollInput[]): void {
  checkFence(db, lease);
  for (const one of polls) {
    if ('forget' in one) {
      db.run('DELETE FROM polls WHERE partner = ? AND subject = ?', one.partner, one.subject);
      continue;
    }
    db.run(
      `INSERT INTO polls (partner, subject, shipment, cursor, due_at, interval_ms, polled_at, news_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (partner, subject) DO UPDATE SET shipment = excluded.shipment, cursor = excluded.cursor, due_at = excluded.due_at, interval_ms = excluded.interval_ms, polled_at = excluded.polled_at, news_at = excluded.news_at, seen_at = excluded.seen_at`,
      one.partner,
      one.subject,
      one.shipment,
      one.cursor,
      one.due_at,
      one.interval_ms,
      one.polled_at,
      one.news_at,
      one.seen_at,
    );
  }
}

export interface Enrolment {
  partner: string;
  carriers: string[];
  since: number;
  limit: number;
  now: number;
}

interface SeenRow {
  seq: number;
  recorded_at: number;
  partner: string;
  tokens: string;
  key: string;
}

export function enrolNumbers(
  db: Database,
  lease: Lease,
  request: Enrolment,
): { read: number; enrolled: number } {
  checkFence(db, lease);
  const rows = db.all<SeenRow>(
    `SELECT f.seq, f.recorded_at, f.partner, f.tokens, s.key FROM facts f JOIN shipments s ON s.seq = f.shipment
     WHERE f.seq > ? ORDER BY f.seq LIMIT ?`,
    position(db, request),
    request.limit,
  );
  const carriers = new Set(request.carriers.map((carrier) => carrier.toLowerCase()));
  let enrolled = 0;
  for (const row of rows) {
    if (row.recorded_at < request.since) continue;
    for (const number of numbersOf(row, request.partner, carriers))
      enrolled += enrol(db, request, row, number);
  }
  const last = rows.at(-1);
  if (last) {
    db.run(
      `INSERT INTO poll_positions (partner, fact_seq) VALUES (?, ?)
     ON CONFLICT (partner) DO UPDATE SET fact_seq = excluded.fact_seq`,
      request.partner,
      last.seq,
    );
  }
  return { read: rows.length, enrolled };
}

/** A partner that asks for the first time begins with the first fact that counts (index facts_recorded). */
function position(db: Database, { partner, since }: Enrolment): number {
  const known = db.get<{ fact_seq: number }>(
    'SELECT fact_seq FROM poll_positions WHERE partner = ?',
    partner,
  );
  if (known) return known.fact_seq;
  const first = db.get<{ seq: number | null }>(
    'SELECT min(seq) AS seq FROM facts WHERE recorded_at >= ?',
    since,
  );
  return (first?.seq ?? 1) - 1;
}

function numbersOf(row: SeenRow, partner: string, carriers: ReadonlySet<string>): string[] {
  const own = row.partner === partner;
  return (JSON.parse(row.tokens) as IdentifierToken[])
    .filter(({ kind }) => kind === 'trackingNumber')
    .filter(({ namespace }) => own || carriers.has(namespace.toLowerCase()))
    .map(({ value }) => value);
}

/** Answers 1 for a number that is new. */
function enrol(db: Database, { partner, now }: Enrolment, row: SeenRow, number: string): number {
  const known = db.run(
    'UPDATE polls SET shipment = ?, seen_at = max(coalesce(seen_at, 0), ?) WHERE partner = ? AND subject = ?',
    row.key,
    row.recorded_at,
    partner,
    number,
  );
  if (known.changes > 0) return 0;
  db.run(
    'INSERT INTO polls (partner, subject, shipment, due_at, interval_ms, seen_at) VALUES (?, ?, ?, ?, 0, ?)',
    partner,
    number,
    row.key,
    now,
    row.recorded_at,
  );
  return 1;
}
