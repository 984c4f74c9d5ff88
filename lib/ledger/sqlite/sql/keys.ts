/** What the key index covers. */
import type { SqliteDatabase } from '../file-database';

/** Reads the newest keys again, which were in memory only when the file was closed or the process died. */
export function loadKeys(db: SqliteDatabase): void {
  db.keys.load(db, {
    raw: 'SELECT seq, partner || char(10) || dedup_key AS key FROM raw WHERE seq > ? AND first_id IS NULL',
    fact: 'SELECT seq, id AS key FROM facts WHERE seq > ?',
    effect: 'SELECT seq, key FROM effects WHERE seq > ?',
  });
}
