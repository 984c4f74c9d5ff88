/** Brings a file to the schema of this code, and reads what is fixed when a ledger is created. */
import { FatalError } from '../../model/errors';
import { sqliteMigrations } from '../migrations/sqlite';
import type { Database } from './database';

/** Marks the file as ours in its header: "RRte" (https://www.sqlite.org/pragma.html#pragma_application_id). */
export const applicationId = 0x52527465;
const defaultPartitions = 16;

export const currentVersion = sqliteMigrations.at(-1)?.version ?? 0;

export function schemaVersion(db: Database): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/**
 * Applies the missing forward steps in one transaction; answers their names.
 * @throws FatalError LEDGER_NEWER when the file was written by newer code, LEDGER_FOREIGN when it is not a ledger
 */
export function migrate(db: Database, now: number): string[] {
  refuseForeign(db);
  const found = schemaVersion(db);
  if (found > currentVersion) {
    throw new FatalError(
      'LEDGER_NEWER',
      `the ledger is at schema ${found}, this version knows ${currentVersion}`,
      {
        hint: 'Start the newer version of Reroute, or restore a backup that the older version made.',
        context: { found, known: currentVersion },
      },
    );
  }
  if (missingSteps(db).length === 0) return [];
  db.exec('BEGIN IMMEDIATE');
  try {
    const applied = applyMissing(db, now);
    db.exec('COMMIT');
    return applied;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Each step is recorded by itself: one that was numbered early and came late is not passed over. */
function missingSteps(db: Database): typeof sqliteMigrations {
  if (schemaVersion(db) === 0) return sqliteMigrations;
  const applied = new Set(
    db.all<{ version: number }>('SELECT version FROM migrations').map((row) => row.version),
  );
  return sqliteMigrations.filter((step) => !applied.has(step.version));
}

function applyMissing(db: Database, now: number): string[] {
  const missing = missingSteps(db);
  for (const step of missing) {
    db.exec(step.sql);
    step.fill?.(db);
    db.run(
      'INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)',
      step.version,
      step.name,
      now,
    );
  }
  db.exec(`PRAGMA user_version = ${currentVersion}`);
  db.exec(`PRAGMA application_id = ${applicationId}`);
  return missing.map((step) => step.name);
}

function refuseForeign(db: Database): void {
  const id = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0;
  const tables = db.get<{ n: number }>('SELECT count(*) AS n FROM sqlite_master')?.n ?? 0;
  if (id === applicationId || (id === 0 && tables === 0)) return;
  throw new FatalError('LEDGER_FOREIGN', 'the file is an SQLite database, but not a Reroute ledger', {
    hint: 'Give the path of a ledger, or of a file that does not exist yet.',
  });
}

/**
 * The number of partitions: stored on first use, fixed from then on.
 * @throws FatalError LEDGER_PARTITIONS when another number is asked for later
 */
export function fixPartitions(db: Database, asked: number | undefined): number {
  const stored = db.get<{ value: string }>("SELECT value FROM meta WHERE key = 'partitions'");
  if (!stored) {
    const partitions = asked ?? defaultPartitions;
    db.run("INSERT INTO meta (key, value) VALUES ('partitions', ?)", String(partitions));
    return partitions;
  }
  const partitions = Number(stored.value);
  if (asked !== undefined && asked !== partitions) {
    throw new FatalError(
      'LEDGER_PARTITIONS',
      `the ledger has ${partitions} partitions, ${asked} were asked for`,
      {
        hint: 'The number is fixed when a ledger is created, because it decides where every order key belongs.',
        context: { partitions, asked },
      },
    );
  }
  return partitions;
}
