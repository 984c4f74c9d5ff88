/** Runs: enqueue, claim, settle, revive, hasten. */
import { FatalError } from '../../../model/errors';
import type { Lease } from '../../port';
import type { RunSeed, RunState } from '../../runs';
import type { Database } from '../database';
import { type DeadLetterInput, insertDeadLetter } from './dead-letters';
import { checkFence } from './leases';
import { countFlow } from './measures';
import type { ParkedRow } from './parking';
import {
  countMove,
  demoteLater,
  hasEarlier,
  hasLive,
  otherThan,
  promoteNext,
  runStateCode,
  stateName,
} from './queue';

/** A seed as it crosses the thread: `input` is JSON already. */
export type RunInput = Omit<RunSeed, 'input'> & { input?: string | undefined };

export interface RunRow {
  seq: number;
  id: string;
  partition: number;
  state: number;
  attempt: number;
  kind: string;
  ref: string;
  order_key: string;
  partner: string | null;
  node_id: string | null;
  flow_version: string | null;
  correlation_id: string;
  causation_id: string | null;
  root_run_id: string;
  case_id: string | null;
  due_at: number;
  created_at: number;
  started_at: number | null;
  settled_at: number | null;
  last_error: string | null;
  input: string | null;
  trace: string | null;
}

/** Columns of a run; ids that are not stored are the run's own. */
export const runColumns = `runs.seq AS seq, runs.id AS id, runs.partition AS partition, state, attempt, kind,
  coalesce(ref, runs.id) AS ref, runs.order_key AS order_key, runs.partner AS partner, node_id, flow_version,
  coalesce(runs.correlation_id, runs.id) AS correlation_id, causation_id, coalesce(root_run_id, runs.id) AS root_run_id,
  case_id, due_at, created_at, started_at, settled_at, last_error, input, trace`;

export function insertRun(db: Database, partition: number, seed: RunInput, now: number): void {
  const state = hasLive(db, partition, seed.orderKey) ? runStateCode.behind : runStateCode.ready;
  const inserted = db.run(
    `INSERT INTO runs (id, partition, state, attempt, kind, ref, order_key, partner, node_id, flow_version, correlation_id,
       causation_id, root_run_id, case_id, due_at, created_at, input)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    seed.id,
    partition,
    state,
    seed.kind,
    otherThan(seed.id, seed.ref),
    seed.orderKey,
    seed.partner,
    seed.nodeId,
    seed.flowVersion,
    otherThan(seed.id, seed.correlationId),
    seed.causationId,
    otherThan(seed.id, seed.rootRunId),
    seed.caseId,
    seed.dueAt,
    now,
    seed.input,
  );
  if (inserted.changes === 1) countMove(db, seed.partner ?? null, undefined, state);
}

export function enqueueRuns(db: Database, partition: number, seeds: RunInput[], now: number): void {
  for (const seed of seeds) insertRun(db, partition, seed, now);
}

export interface ClaimRow extends RunRow {
  raw_partner: string | null;
  raw_headers: string | null;
  raw_body: Uint8Array | null;
  raw_media_type: string | null;
  raw_received_at: number | null;
  raw_content_hash: string | null;
  unseen: number;
}

const rawOfRun = `raw.partner AS raw_partner, raw.headers AS raw_headers, raw.body AS raw_body,
  raw.media_type AS raw_media_type, raw.received_at AS raw_received_at, raw.content_hash AS raw_content_hash,
  runs.kind = 'raw' AND NOT EXISTS (SELECT 1 FROM shipments WHERE key = runs.order_key) AS unseen`;

/** Index runs_ready; the source is joined so that a claim is one round trip. */
export function claimRuns(
  db: Database,
  lease: Lease,
  { now, limit }: { now: number; limit: number },
): { run: ClaimRow; parked: ParkedRow | undefined }[] {
  checkFence(db, lease);
  const rows = db.all<ClaimRow>(
    `SELECT ${runColumns}, ${rawOfRun}
     FROM runs LEFT JOIN raw ON raw.seq = runs.raw_seq
     WHERE runs.partition = ? AND runs.state = 0 AND runs.due_at <= ? ORDER BY runs.due_at, runs.seq LIMIT ?`,
    lease.partition,
    now,
    limit,
  );
  return rows.map((run) => {
    db.run('UPDATE runs SET state = ?, started_at = ? WHERE seq = ?', runStateCode.running, now, run.seq);
    countMove(db, run.partner, run.state, runStateCode.running);
    const parked =
      run.kind === 'resume' ? db.get<ParkedRow>('SELECT * FROM parked WHERE id = ?', run.ref) : undefined;
    return { run: { ...run, state: runStateCode.running, started_at: now }, parked };
  });
}

/** Runs that stand behind a live one wait for that one to end, not for a time: they do not count here. */
export function nextDueAt(db: Database, partition: number): number | undefined {
  const row = db.get<{ due_at: number | null }>(
    `SELECT min(due_at) AS due_at FROM (
       SELECT * FROM (SELECT due_at FROM runs WHERE partition = ?1 AND state = 0 ORDER BY due_at LIMIT 1) AS q
       UNION ALL
       SELECT * FROM (SELECT due_at FROM parked WHERE partition = ?1 AND state = 0 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) AS p
     ) AS due`,
    partition,
  );
  return row?.due_at ?? undefined;
}

/** A settlement as it crosses the thread. */
export interface SettlementInput {
  runId: string;
  outcome: 'done' | 'retry' | 'dead';
  at: number;
  flowVersion?: string | undefined;
  dueAt?: number | undefined;
  spent?: boolean | undefined;
  errorCode?: string | undefined;
  error?: string | undefined;
  trace?: string | undefined;
  deadLetters: DeadLetterInput[];
}

interface Standing {
  seq: number;
  partition: number;
  state: number;
  order_key: string;
  partner: string | null;
}

function standingOf(db: Database, lease: Lease, runId: string): Standing {
  const run = db.get<Standing>(
    'SELECT seq, partition, state, order_key, partner FROM runs WHERE id = ?',
    runId,
  );
  if (run?.partition === lease.partition) return run;
  throw unknownRun(lease, runId);
}

export function unknownRun(lease: Lease, runId: string): FatalError {
  return new FatalError('RUN_UNKNOWN', `partition ${lease.partition} has no run ${runId}`, {
    hint: 'Park and settle runs under the lease of their own partition.',
    context: { runId, partition: lease.partition },
  });
}

export function settleRuns(
  db: Database,
  lease: Lease,
  settlements: SettlementInput[],
): { runId: string; state: RunState }[] {
  checkFence(db, lease);
  return settlements.map((settlement) => {
    const run = standingOf(db, lease, settlement.runId);
    const state = run.state === runStateCode.running ? settleOne(db, run, settlement) : run.state;
    return { runId: settlement.runId, state: stateName(state) };
  });
}

function settleOne(db: Database, run: Standing, settlement: SettlementInput): number {
  const state = nextState(db, run, settlement);
  const live = state === runStateCode.ready || state === runStateCode.behind;
  db.run(
    `UPDATE runs SET state = ?, attempt = attempt + ?, due_at = coalesce(?, due_at), settled_at = ?, error_code = ?,
       last_error = ?, flow_version = coalesce(?, flow_version), trace = coalesce(?, trace) WHERE seq = ?`,
    state,
    settlement.outcome === 'retry' && settlement.spent ? 1 : 0,
    settlement.dueAt,
    live ? null : settlement.at,
    settlement.errorCode,
    settlement.error,
    settlement.flowVersion,
    settlement.trace,
    run.seq,
  );
  countMove(db, run.partner, run.state, state);
  countAttempt(db, run, settlement);
  if (!live) promoteNext(db, run.partition, run.order_key);
  for (const letter of settlement.deadLetters) insertDeadLetter(db, run.partition, letter);
  return state;
}

/** A deferral or a deploy spends no attempt and does not count. */
function countAttempt(db: Database, run: Standing, { outcome, spent, at }: SettlementInput): void {
  if (outcome === 'retry' && spent !== true) return;
  countFlow(db, 'attempts', at, run.partner);
  if (outcome === 'retry') countFlow(db, 'retried', at, run.partner);
  if (outcome === 'dead') countFlow(db, 'died', at, run.partner);
}

function nextState(db: Database, run: Standing, settlement: SettlementInput): number {
  if (settlement.outcome === 'dead') return runStateCode.dead;
  if (settlement.outcome === 'retry') {
    return hasEarlier(db, run.partition, run.order_key, run.seq) ? runStateCode.behind : runStateCode.ready;
  }
  return isWaiting(db, settlement.runId) ? runStateCode.parked : runStateCode.done;
}

/** True while a message of the run is parked (index parked_run). */
export function isWaiting(db: Database, runId: string): boolean {
  return db.get('SELECT 1 FROM parked WHERE run_id = ? AND state = 0 LIMIT 1', runId) !== undefined;
}

/** A run that was settled as a retry is left queued: its next attempt does everything again. */
export function reviveRun(db: Database, lease: Lease, runId: string): boolean {
  checkFence(db, lease);
  const run = standingOf(db, lease, runId);
  if (run.state === runStateCode.running) return true;
  if (run.state !== runStateCode.parked && run.state !== runStateCode.done) return false;
  db.run('UPDATE runs SET state = ?, settled_at = NULL WHERE seq = ?', runStateCode.running, run.seq);
  countMove(db, run.partner, run.state, runStateCode.running);
  demoteLater(db, run.partition, run.order_key, run.seq);
  return true;
}

/** Index runs_ready: those not yet due; one that stands behind another is due as soon as it is first. */
export function hastenRuns(
  db: Database,
  partition: number,
  request: { errorCode: string; partner?: string; now: number },
): number {
  return db.run(
    `UPDATE runs SET due_at = ?1 WHERE seq IN (
       SELECT seq FROM runs WHERE partition = ?2 AND state = 0 AND due_at > ?1 AND error_code = ?3 AND (?4 IS NULL OR partner = ?4))`,
    request.now,
    partition,
    request.errorCode,
    request.partner,
  ).changes;
}

export function run(db: Database, id: string): RunRow | undefined {
  return db.get<RunRow>(`SELECT ${runColumns} FROM runs WHERE id = ?`, id);
}

/** The first run and all that waits and resumes added, in order of arrival (index runs_chain). */
export function runsByRoot(db: Database, rootRunId: string): RunRow[] {
  return db.all<RunRow>(
    `SELECT ${runColumns} FROM runs WHERE id = ?1
     UNION ALL SELECT ${runColumns} FROM runs WHERE root_run_id = ?1 AND root_run_id IS NOT NULL ORDER BY seq`,
    rootRunId,
  );
}

export function runsByCase(db: Database, caseId: string): RunRow[] {
  return db.all<RunRow>(`SELECT ${runColumns} FROM runs WHERE case_id = ? ORDER BY seq`, caseId);
}

/** A raw payload's own run has its correlation id for its id, and stands outside the index runs_correlation. */
export function runsByCorrelation(db: Database, correlationIds: string[]): RunRow[] {
  return db.all<RunRow>(
    `SELECT ${runColumns} FROM runs WHERE id IN (SELECT value FROM json_each(?1)) AND correlation_id IS NULL
     UNION ALL
     SELECT ${runColumns} FROM runs WHERE correlation_id IN (SELECT value FROM json_each(?1)) AND correlation_id IS NOT NULL
     ORDER BY seq`,
    JSON.stringify(correlationIds),
  );
}

export function runCounts(db: Database): { key: string; n: number }[] {
  return db.all<{ key: string; n: number }>("SELECT key, n FROM counters WHERE kind = 'runs'");
}
