/** Partition leases with rising fencing tokens. */
import { StaleFenceError } from '../../../model/errors';
import type { Lease } from '../../port';
import type { Database } from '../database';
import { countMove, promoteNext, runStateCode } from './queue';

/** @throws StaleFenceError when the partition's token is not the caller's */
export function checkFence(db: Database, lease: Lease): void {
  let current = db.fences.get(lease.partition);
  if (current === undefined) {
    current =
      db.get<{ fence: number }>('SELECT fence FROM leases WHERE partition = ?', lease.partition)?.fence ?? 0;
    db.fences.set(lease.partition, current);
  }
  if (current !== lease.fence) throw new StaleFenceError(lease.partition, lease.fence, current);
}

export function acquire(
  db: Database,
  request: { owner: string; partitions: number[]; now: number; leaseMs: number; force?: boolean },
): Lease[] {
  const taken: Lease[] = [];
  for (const partition of request.partitions) {
    const row = db.change<{ fence: number }>(
      `INSERT INTO leases (partition, fence, owner, expires_at) VALUES (?, 1, ?, ?)
       ON CONFLICT (partition) DO UPDATE SET fence = leases.fence + 1, owner = excluded.owner, expires_at = excluded.expires_at
       WHERE leases.owner IS NULL OR leases.expires_at <= ? OR ? = 1
       RETURNING fence`,
      partition,
      request.owner,
      request.now + request.leaseMs,
      request.now,
      request.force ? 1 : 0,
    );
    if (!row) continue;
    db.fences.set(partition, row.fence);
    requeueRunning(db, partition);
    taken.push({ partition, fence: row.fence });
  }
  return taken;
}

/** What the former owner left running goes back into the queue with its next attempt. */
function requeueRunning(db: Database, partition: number): void {
  const running = db.all<{ seq: number; order_key: string; partner: string | null }>(
    'SELECT seq, order_key, partner FROM runs WHERE partition = ? AND state < 3 AND state = 2 ORDER BY seq',
    partition,
  );
  for (const run of running) {
    db.run(
      'UPDATE runs SET state = ?, attempt = attempt + 1, started_at = NULL WHERE seq = ?',
      runStateCode.behind,
      run.seq,
    );
    countMove(db, run.partner, runStateCode.running, runStateCode.behind);
  }
  for (const orderKey of new Set(running.map((run) => run.order_key))) promoteNext(db, partition, orderKey);
}

export function renew(
  db: Database,
  request: { owner: string; leases: Lease[]; now: number; leaseMs: number },
): number[] {
  return request.leases
    .filter(
      ({ partition, fence }) =>
        db.run(
          'UPDATE leases SET expires_at = ? WHERE partition = ? AND fence = ? AND owner = ?',
          request.now + request.leaseMs,
          partition,
          fence,
          request.owner,
        ).changes === 1,
    )
    .map(({ partition }) => partition);
}

export function release(db: Database, request: { owner: string; leases: Lease[] }): void {
  for (const { partition, fence } of request.leases) {
    db.run(
      'UPDATE leases SET owner = NULL, expires_at = 0 WHERE partition = ? AND fence = ? AND owner = ?',
      partition,
      fence,
      request.owner,
    );
  }
}
