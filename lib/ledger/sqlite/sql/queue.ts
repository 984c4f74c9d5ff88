/**
 * The queue of one order key. Only the earliest live run of a key may be `ready`; later ones stand `behind` it, so a claim
 * reads ready runs only and costs the same however many stand behind.
 */
import type { RunState } from '../../runs';
import type { Database } from '../database';

export const runStateCode = {
  ready: 0,
  behind: 1,
  running: 2,
  parked: 3,
  done: 4,
  dead: 5,
  cancelled: 6,
} as const;

export const runStateName: readonly RunState[] = [
  'queued',
  'queued',
  'running',
  'parked',
  'done',
  'dead',
  'cancelled',
];

export function stateName(code: number): RunState {
  const name = runStateName[code];
  if (!name) throw new Error(`unknown run state ${code}`);
  return name;
}

export function isLive(code: number): boolean {
  return code < runStateCode.parked;
}

/** Ids that repeat the run's own are not stored: NULL stands for it. */
export function otherThan(runId: string, id: string): string | null {
  return id === runId ? null : id;
}

/** True when a live run of the key stands before `seq` (index runs_live). */
export function hasEarlier(db: Database, partition: number, orderKey: string, seq: number): boolean {
  return (
    db.get(
      'SELECT 1 FROM runs WHERE partition = ? AND order_key = ? AND state < 3 AND seq < ? LIMIT 1',
      partition,
      orderKey,
      seq,
    ) !== undefined
  );
}

/** True when the key has any live run (index runs_live). */
export function hasLive(db: Database, partition: number, orderKey: string): boolean {
  return (
    db.get(
      'SELECT 1 FROM runs WHERE partition = ? AND order_key = ? AND state < 3 LIMIT 1',
      partition,
      orderKey,
    ) !== undefined
  );
}

/** After a run of the key has left the queue: the earliest live one becomes ready, unless it runs. */
export function promoteNext(db: Database, partition: number, orderKey: string): void {
  const next = db.get<{ seq: number; state: number }>(
    'SELECT seq, state FROM runs WHERE partition = ? AND order_key = ? AND state < 3 ORDER BY seq LIMIT 1',
    partition,
    orderKey,
  );
  if (next?.state === runStateCode.behind) {
    db.run('UPDATE runs SET state = ? WHERE seq = ?', runStateCode.ready, next.seq);
  }
}

/** A run came back before others of its key: those that were ready stand behind it again. */
export function demoteLater(db: Database, partition: number, orderKey: string, seq: number): void {
  db.run(
    'UPDATE runs SET state = 1 WHERE partition = ? AND order_key = ? AND state < 3 AND state = 0 AND seq > ?',
    partition,
    orderKey,
    seq,
  );
}

/** Keeps the counters that backlog() and runCounts() answer from. */
export function countMove(db: Database, partner: string | null, from: number | undefined, to: number): void {
  const before = from === undefined ? undefined : stateName(from);
  const after = stateName(to);
  if (before === after) return;
  if (before !== undefined) db.count('runs', before, -1);
  db.count('runs', after, 1);
  const wasLive = from !== undefined && isLive(from);
  if (wasLive !== isLive(to)) db.count('live', partner ?? '', wasLive ? -1 : 1);
}
