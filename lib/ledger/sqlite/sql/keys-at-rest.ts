/** Wrapped data keys, and their destruction. */
import type { DataKey, Shredding } from '../../keys';
import type { Database } from '../database';

export interface DataKeyRow {
  id: string;
  ring: string;
  wrapped: Uint8Array | null;
}

const among = '(SELECT value FROM json_each(?))';

export function dataKeys(db: Database, ids: string[]): DataKeyRow[] {
  return db.all<DataKeyRow>(
    `SELECT id, ring, wrapped FROM data_keys WHERE id IN ${among}`,
    JSON.stringify(ids),
  );
}

export function addDataKey(db: Database, key: DataKey): void {
  db.run(
    'INSERT INTO data_keys (id, ring, wrapped) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
    key.id,
    key.ring,
    key.wrapped,
  );
}

/** Index data_keys_ring. */
export function dataKeyRings(db: Database): { ring: string; count: number }[] {
  return db.all<{ ring: string; count: number }>(
    'SELECT ring, count(*) AS count FROM data_keys WHERE wrapped IS NOT NULL GROUP BY ring ORDER BY ring',
  );
}

/** Both ranges of index data_keys_ring beside the current key's. */
export function dataKeysNotUnder(db: Database, ring: string, limit: number): DataKeyRow[] {
  return db.all<DataKeyRow>(
    `SELECT id, ring, wrapped FROM data_keys WHERE wrapped IS NOT NULL AND ring < ?1
     UNION ALL SELECT id, ring, wrapped FROM data_keys WHERE wrapped IS NOT NULL AND ring > ?1 LIMIT ?2`,
    ring,
    limit,
  );
}

export function rewrapDataKeys(db: Database, keys: (Required<DataKey> & { from: string })[]): number {
  return keys.reduce(
    (count, { id, from, ring, wrapped }) =>
      count +
      db.run(
        'UPDATE data_keys SET ring = ?, wrapped = ? WHERE id = ? AND ring = ? AND wrapped IS NOT NULL',
        ring,
        wrapped,
        id,
        from,
      ).changes,
    0,
  );
}

/** Walks the facts once: a question of people, asked when something is to be destroyed. */
export function subjectsOfRaws(db: Database, rawIds: string[]): { rawId: string; subject: string }[] {
  return db.all<{ rawId: string; subject: string }>(
    `SELECT DISTINCT facts.raw_id AS rawId, shipments.key AS subject FROM facts JOIN shipments ON shipments.seq = facts.shipment
     WHERE facts.raw_id IN ${among}`,
    JSON.stringify(rawIds),
  );
}

/** Walks the payloads once. */
export function rawsOfOrderKeys(db: Database, orderKeys: string[]): string[] {
  return db
    .all<{ id: string }>(`SELECT id FROM raw WHERE order_key IN ${among}`, JSON.stringify(orderKeys))
    .map((row) => row.id);
}

const gone = '{"shredded":true}';

/** Freed pages are overwritten, so that no copy of a key or a message stays in the file. */
export function shred(
  db: Database,
  { rawIds, runIds }: { rawIds: string[]; runIds: string[] },
  at: number,
): Shredding {
  db.overwriteFreed(true);
  const raws = JSON.stringify(rawIds);
  const destroyed = db.run(
    `INSERT INTO data_keys (id, ring, wrapped, shredded_at) SELECT value, '', NULL, ? FROM json_each(?) WHERE true
     ON CONFLICT (id) DO UPDATE SET wrapped = NULL, ring = '', shredded_at = excluded.shredded_at WHERE data_keys.shredded_at IS NULL`,
    at,
    raws,
  ).changes;
  db.run(
    `UPDATE raw SET body = x'', headers = '{}' WHERE seq IN (SELECT raw_seq FROM runs WHERE id IN ${among} AND kind = 'raw')`,
    raws,
  );
  db.run(`UPDATE raw SET body = x'', headers = '{}' WHERE id IN ${among} AND first_id IS NOT NULL`, raws);
  const documents = shredCopies(db, JSON.stringify([...rawIds, ...runIds]));
  db.overwriteFreed(false);
  return { payloads: destroyed, documents };
}

/** What runs keep, and those that their waits and resumes added. A payload's own run has its id. */
function shredCopies(db: Database, raws: string): number {
  const chain = db
    .all<{ id: string }>(
      `SELECT id FROM runs WHERE id IN ${among}
       UNION SELECT id FROM runs WHERE root_run_id IN ${among} AND root_run_id IS NOT NULL`,
      raws,
      raws,
    )
    .map((row) => row.id);
  const runs = JSON.stringify(chain);
  const changes = [
    db.run(`UPDATE runs SET input = NULL WHERE id IN ${among} AND input IS NOT NULL`, runs),
    db.run(`UPDATE dead_letters SET message = NULL WHERE run_id IN ${among} AND message IS NOT NULL`, runs),
    db.run(
      `UPDATE parked SET message = ?, resumption = NULL WHERE run_id IN ${among} AND state <> 0`,
      gone,
      runs,
    ),
    db.run(`UPDATE effects SET input = ?, output = NULL WHERE run_id IN ${among}`, gone, runs),
    db.run(
      `UPDATE replay_items SET edit = NULL WHERE edit IS NOT NULL AND (run_id IN ${among} OR ref IN (SELECT id FROM dead_letters WHERE run_id IN ${among}))`,
      runs,
      runs,
    ),
  ];
  return changes.reduce((sum, { changes: count }) => sum + count, 0);
}
