/** Parked messages: what waits for a time, a signal or a person, and how it goes on. */
import type { Lease } from '../../port';
import type { ParkSeed } from '../../runs';
import type { Database } from '../database';
import { checkFence } from './leases';
import { countMove, runStateCode } from './queue';
import { insertRun, isWaiting, type RunRow, runColumns, unknownRun } from './runs';

export const parkedStateName = ['waiting', 'resumed', 'cancelled'] as const;
const resumed = 1;

/** A seed as it crosses the thread: the message is JSON already. */
export type ParkInput = Omit<ParkSeed, 'message'> & { message: string };

export interface ParkedRow {
  seq: number;
  id: string;
  partition: number;
  state: number;
  run_id: string;
  node_id: string;
  kind: string;
  reenter: string;
  due_at: number | null;
  signal: string | null;
  message: string;
  case_id: string | null;
  at: number;
  resumption: string | null;
}

/** Answers the state code of each. */
export function park(db: Database, lease: Lease, seeds: ParkInput[]): number[] {
  checkFence(db, lease);
  for (const seed of seeds) checkRun(db, lease, seed);
  return seeds.map((seed) => {
    const inserted = db.run(
      `INSERT INTO parked (id, partition, state, run_id, node_id, kind, reenter, due_at, signal, message, case_id, at)
       VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      seed.id,
      lease.partition,
      seed.runId,
      seed.nodeId,
      seed.kind,
      seed.reenter,
      seed.dueAt,
      seed.signal,
      seed.message,
      seed.caseId,
      seed.at,
    );
    if (inserted.changes === 1) return 0;
    return db.get<{ state: number }>('SELECT state FROM parked WHERE id = ?', seed.id)?.state ?? 0;
  });
}

/** A message goes on in the order of its run, so it must belong to one. */
function checkRun(db: Database, lease: Lease, seed: ParkInput): void {
  const run = db.get<{ partition: number }>('SELECT partition FROM runs WHERE id = ?', seed.runId);
  if (run?.partition === lease.partition) return;
  throw unknownRun(lease, seed.runId);
}

interface Resumption {
  reason: 'timer' | 'signal' | 'timeout' | 'released';
  payload?: unknown;
  by?: string;
  at: number;
}

/** Index parked_due. */
export function fireTimers(
  db: Database,
  lease: Lease,
  { now, limit }: { now: number; limit: number },
): number {
  checkFence(db, lease);
  const due = db.all<ParkedRow>(
    `SELECT * FROM parked WHERE partition = ? AND state = 0 AND due_at IS NOT NULL AND due_at <= ?
     ORDER BY due_at, seq LIMIT ?`,
    lease.partition,
    now,
    limit,
  );
  for (const row of due) resume(db, row, { reason: row.kind === 'timer' ? 'timer' : 'timeout', at: now });
  return due.length;
}

/** Index parked_signal. */
export function signal(
  db: Database,
  partition: number,
  request: { signal: string; payload?: unknown; by?: string; now: number },
): string[] {
  const waiting = db.all<ParkedRow>(
    'SELECT * FROM parked WHERE partition = ? AND state = 0 AND signal = ? AND signal IS NOT NULL ORDER BY seq',
    partition,
    request.signal,
  );
  const resumption: Resumption = {
    reason: 'signal',
    at: request.now,
    ...(request.payload === undefined ? {} : { payload: request.payload }),
    ...(request.by === undefined ? {} : { by: request.by }),
  };
  return waiting.map((row) => resume(db, row, resumption));
}

/** Index parked_node. */
export function releaseParked(
  db: Database,
  partition: number,
  request: { nodeIds: string[]; by: string; now: number; limit: number },
): string[] {
  const waiting = db.all<ParkedRow>(
    `SELECT * FROM parked WHERE partition = ? AND state = 0 AND node_id IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`,
    partition,
    JSON.stringify(request.nodeIds),
    request.limit,
  );
  return waiting.map((row) => resume(db, row, { reason: 'released', by: request.by, at: request.now }));
}

/** Index parked_node. */
export function waitingNodes(db: Database): { node_id: string; waiting: number }[] {
  return db.all(
    'SELECT node_id, count(*) AS waiting FROM parked WHERE state = 0 GROUP BY node_id ORDER BY node_id',
  );
}

/** Queues the run that goes on from the parked message; answers its id. */
function resume(db: Database, row: ParkedRow, resumption: Resumption): string {
  const parent = db.get<RunRow>(`SELECT ${runColumns} FROM runs WHERE id = ?`, row.run_id);
  if (!parent) throw new Error(`parked message ${row.id} belongs to no run`);
  db.run(
    'UPDATE parked SET state = ?, resumption = ? WHERE seq = ?',
    resumed,
    JSON.stringify(resumption),
    row.seq,
  );
  const id = `${row.id}:r`;
  insertRun(
    db,
    row.partition,
    {
      id,
      kind: 'resume',
      ref: row.id,
      orderKey: parent.order_key,
      nodeId: row.node_id,
      correlationId: parent.correlation_id,
      causationId: parent.id,
      rootRunId: parent.root_run_id,
      dueAt: resumption.at,
      ...(parent.partner === null ? {} : { partner: parent.partner }),
      ...(parent.flow_version === null ? {} : { flowVersion: parent.flow_version }),
      ...caseOf(row, parent),
    },
    resumption.at,
  );
  if (parent.state === runStateCode.parked && !isWaiting(db, parent.id)) {
    db.run('UPDATE runs SET state = ? WHERE seq = ?', runStateCode.done, parent.seq);
    countMove(db, parent.partner, runStateCode.parked, runStateCode.done);
  }
  return id;
}

function caseOf(row: ParkedRow, parent: RunRow): { caseId?: string } {
  const caseId = row.case_id ?? parent.case_id;
  return caseId === null ? {} : { caseId };
}

export function parkedByRun(db: Database, runId: string): ParkedRow[] {
  return db.all<ParkedRow>('SELECT * FROM parked WHERE run_id = ? ORDER BY seq', runId);
}

export function parkedByCase(db: Database, caseId: string): ParkedRow[] {
  return db.all<ParkedRow>('SELECT * FROM parked WHERE case_id = ? ORDER BY seq', caseId);
}
