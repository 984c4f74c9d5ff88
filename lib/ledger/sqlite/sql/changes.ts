/** The feed of changes that event streams read from. */
import { type Change, keptChanges } from '../../insights';
import type { Database } from '../database';

/** Once in so many changes the old ones are dropped. */
const sweepEvery = 1_000;

export function noteChange(db: Database, kind: Change['kind'], ref: string, state: string, at: number): void {
  const { rowId } = db.run(
    'INSERT INTO changes (kind, ref, at, state) VALUES (?, ?, ?, ?)',
    kind,
    ref,
    at,
    state,
  );
  if (rowId % sweepEvery === 0) db.run('DELETE FROM changes WHERE seq <= ?', rowId - keptChanges);
}

export function lastChange(db: Database): number {
  return db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM changes')?.seq ?? 0;
}

export function changes(db: Database, seq: number, limit: number): { gap: boolean; changes: Change[] } {
  const first = db.get<{ seq: number | null }>('SELECT min(seq) AS seq FROM changes')?.seq ?? undefined;
  return {
    gap: (first !== undefined && seq < first - 1) || seq > lastChange(db),
    changes: db.all<Change>(
      'SELECT seq, kind, ref, at, state FROM changes WHERE seq > ? ORDER BY seq LIMIT ?',
      seq,
      limit,
    ),
  };
}
