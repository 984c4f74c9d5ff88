/** Replays and their frozen items. */
import { FatalError } from '../../../model/errors';
import type { Replay, ReplayItem } from '../../operators';
import type { PageRequest } from '../../port';
import type { Database } from '../database';
import { noteChange } from './changes';
import { Conditions, type RowPage, readPage } from './paging';

/** As they cross the thread: JSON fields are text. */
export type ReplayInput = Omit<Replay, 'selection'> & { selection: string };
export type ReplayItemInput = Omit<ReplayItem, 'effects' | 'edit'> & {
  effects?: string | undefined;
  edit?: string | undefined;
};
export type ReplayItemChange = Pick<ReplayItem, 'replayId' | 'ordinal'> &
  Partial<Omit<ReplayItemInput, 'edit'>>;

export interface ReplayRow {
  seq: number;
  id: string;
  name: string;
  reason: string;
  mode: string;
  state: string;
  created_by: string;
  created_at: number;
  ended_at: number | null;
  rate_per_second: number;
  canary: number | null;
  stop_after: number | null;
  selection: string;
}

export interface ReplayItemRow {
  replay_id: string;
  ordinal: number;
  ref: string;
  kind: string;
  order_key: string;
  partition: number;
  outcome: string;
  run_id: string | null;
  effects: string | null;
  message: string | null;
  edit: string | null;
}

/** @throws FatalError REPLAY_EXISTS, because what a replay selects is frozen when it is created */
export function createReplay(db: Database, replay: ReplayInput, items: ReplayItemInput[]): void {
  if (replayRow(db, replay.id)) {
    throw new FatalError('REPLAY_EXISTS', `replay ${replay.id} was created before`, {
      hint: 'A selection is frozen when its replay is created: create another replay.',
    });
  }
  db.run(
    `INSERT INTO replays (id, name, reason, mode, state, created_by, created_at, ended_at, rate_per_second, canary, selection,
       stop_after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    replay.id,
    replay.name,
    replay.reason,
    replay.mode,
    replay.state,
    replay.by,
    replay.createdAt,
    replay.endedAt,
    replay.ratePerSecond,
    replay.canary,
    replay.selection,
    replay.stopAfterFailures,
  );
  for (const item of items) insertItem(db, replay.id, item);
  noteChange(db, 'replay', replay.id, replay.state, replay.createdAt);
}

function insertItem(db: Database, replayId: string, item: ReplayItemInput): void {
  db.run(
    `INSERT INTO replay_items (replay_id, ordinal, ref, kind, order_key, partition, outcome, run_id, effects, message, edit)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    replayId,
    item.ordinal,
    item.ref,
    item.kind,
    item.orderKey,
    item.partition,
    item.outcome,
    item.runId,
    item.effects,
    item.message,
    item.edit,
  );
}

export function replayRow(db: Database, id: string): ReplayRow | undefined {
  return db.get<ReplayRow>('SELECT * FROM replays WHERE id = ?', id);
}

/** Newest first. */
export function replays(db: Database, page: PageRequest, by?: string): RowPage<ReplayRow> {
  const sort = { columns: ['seq'], descending: true };
  const conditions = new Conditions().equal('created_by', by);
  return readPage<ReplayRow>(db, 'SELECT * FROM replays', conditions, sort, page, (row) => [row.seq]);
}

export function replayItems(db: Database, id: string, page: PageRequest): RowPage<ReplayItemRow> {
  const conditions = new Conditions().equal('replay_id', id);
  const sort = { columns: ['ordinal'], descending: false };
  return readPage<ReplayItemRow>(db, 'SELECT * FROM replay_items', conditions, sort, page, (row) => [
    row.ordinal,
  ]);
}

/** False when the replay is in none of the states it may leave. */
export function setReplayState(db: Database, id: string, from: string[], to: string, at: number): boolean {
  const ended = to === 'done' || to === 'cancelled';
  const moved = db.run(
    `UPDATE replays SET state = ?, ended_at = ? WHERE id = ? AND state IN (SELECT value FROM json_each(?))`,
    to,
    ended ? at : null,
    id,
    JSON.stringify(from),
  );
  if (moved.changes === 1) noteChange(db, 'replay', id, to, at);
  return moved.changes === 1;
}

/** Progress only: what the item replays stays as it was frozen. */
export function updateReplayItem(db: Database, item: ReplayItemChange): void {
  const updated = db.run(
    `UPDATE replay_items SET outcome = coalesce(?, outcome), run_id = coalesce(?, run_id),
       effects = coalesce(?, effects), message = coalesce(?, message) WHERE replay_id = ? AND ordinal = ?`,
    item.outcome,
    item.runId,
    item.effects,
    item.message,
    item.replayId,
    item.ordinal,
  );
  if (updated.changes === 1) return;
  throw new FatalError('REPLAY_ITEM_UNKNOWN', `replay ${item.replayId} has no item ${item.ordinal}`, {
    hint: 'Items are named by the replay they were created with.',
  });
}
