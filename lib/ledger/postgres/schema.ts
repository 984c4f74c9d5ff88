/** Brings a PostgreSQL schema to this code's version; processes that start together take turns. */
import { FatalError } from '../../model/errors';
import { postgresMigrations } from '../migrations/postgres';
import { fixPartitions } from '../sqlite/schema';
import type { PostgresDatabase } from './database';

/**
 * Applies the missing steps in one transaction; answers the number of partitions.
 * @throws FatalError LEDGER_NEWER when newer code wrote the ledger, LEDGER_PARTITIONS when another number is asked for
 */
export function prepare(
  db: PostgresDatabase,
  schema: string,
  { partitions, now }: { partitions: number | undefined; now: number },
): number {
  db.exec('BEGIN');
  try {
    db.get(`SELECT pg_advisory_xact_lock(hashtext('reroute-migrations'), hashtext(?))`, schema);
    db.exec(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    migrate(db, now);
    const fixed = fixPartitions(db, partitions);
    db.exec('COMMIT');
    return fixed;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function migrate(db: PostgresDatabase, now: number): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)',
  );
  const applied = db.all<{ version: number }>('SELECT version FROM migrations').map((row) => row.version);
  const known = postgresMigrations.at(-1)?.version ?? 0;
  const found = Math.max(0, ...applied);
  if (found > known) {
    throw new FatalError('LEDGER_NEWER', `the ledger is at schema ${found}, this version knows ${known}`, {
      hint: 'Start the newer version of Reroute, or restore a backup that the older version made.',
      context: { found, known },
    });
  }
  for (const step of postgresMigrations) {
    if (applied.includes(step.version)) continue;
    db.exec(step.sql);
    db.run(
      'INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)',
      step.version,
      step.name,
      now,
    );
  }
}
