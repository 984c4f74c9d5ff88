/** What the command line does with a ledger file: migrate, back up, restore. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { backup as copyDatabase, DatabaseSync } from 'node:sqlite';
import { FatalError } from '../../model/errors';
import { SqliteDatabase } from './file-database';
import { applicationId, currentVersion, migrate as migrateDatabase, schemaVersion } from './schema';
import { sqliteCode } from './wire';

/**
 * Brings a file to this version's schema; answers the names of the steps that were missing.
 * @throws FatalError LEDGER_NEWER or LEDGER_FOREIGN
 */
export function migrate(path: string): string[] {
  const db = new SqliteDatabase(resolve(path));
  try {
    return migrateDatabase(db, Date.now());
  } finally {
    db.close();
  }
}

/**
 * Copies a ledger, also one in use, as it was at one moment. The copy appears under its name when it is complete.
 * @throws FatalError LEDGER_MISSING, BACKUP_EXISTS
 */
export async function backup(from: string, to: string): Promise<void> {
  const target = resolve(to);
  requireFile(from);
  if (existsSync(target)) {
    throw new FatalError('BACKUP_EXISTS', `${target} is there already`, {
      hint: 'Name a file that does not exist.',
    });
  }
  const unfinished = `${target}.unfinished`;
  try {
    await copyFile(resolve(from), unfinished);
    moveDurably(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

export interface Restored {
  /** Where the ledger that stood there before was put; undefined when there was none. */
  replaced: string | undefined;
}

/**
 * Puts a backup in the place of a ledger. The backup is checked first; what stood there is kept under another name.
 * @throws FatalError LEDGER_MISSING, BACKUP_DAMAGED, LEDGER_NEWER, LEDGER_FOREIGN, LEDGER_IN_USE
 */
export async function restore(from: string, to: string): Promise<Restored> {
  const target = resolve(to);
  requireFile(from);
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = `${target}.restoring`;
  rmSync(unfinished, { force: true });
  try {
    await copyChecked(resolve(from), unfinished);
    return { replaced: replace(unfinished, target) };
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function requireFile(path: string): void {
  if (existsSync(path)) return;
  throw new FatalError('LEDGER_MISSING', `there is no file ${path}`, {
    hint: 'Give the path of a ledger file.',
  });
}

/** All pages in one step, off this thread: one read transaction, so that writers cannot make it start over. */
async function copyFile(from: string, to: string): Promise<void> {
  const source = opened(from, true);
  try {
    await copyDatabase(source, to, { rate: 0x7fffffff });
  } finally {
    source.close();
  }
  const copy = opened(to, false);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

function opened(path: string, readOnly: boolean): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { readOnly });
    db.prepare('PRAGMA schema_version').get();
    return db;
  } catch (error) {
    throw new FatalError('BACKUP_DAMAGED', `${path} cannot be read as a ledger`, {
      hint: 'Use another backup; this one is not a complete SQLite file.',
      cause: error,
    });
  }
}

/** Whatever SQLite cannot do with a backup means that it is damaged. */
async function copyChecked(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
    checkBackup(to);
  } catch (error) {
    throw isSqliteError(error) ? damaged(from, String(error)) : error;
  }
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

function checkBackup(path: string): void {
  const db = new SqliteDatabase(path);
  try {
    const [first] = db.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
    if (first?.integrity_check !== 'ok') throw damaged(path, first?.integrity_check ?? 'no answer');
    const id = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id;
    if (id !== applicationId) {
      throw new FatalError('LEDGER_FOREIGN', 'the backup is not a Reroute ledger', {
        hint: 'Choose another file.',
      });
    }
    const version = schemaVersion(db);
    if (version > currentVersion) {
      throw new FatalError(
        'LEDGER_NEWER',
        `the backup is at schema ${version}, this version knows ${currentVersion}`,
        {
          hint: 'Restore it with the version of Reroute that made it, or a newer one.',
        },
      );
    }
    db.exec('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
}

function damaged(path: string, reason: string): FatalError {
  return new FatalError('BACKUP_DAMAGED', `${path} did not pass its check: ${reason}`, {
    hint: 'Use another backup; the ledger was left as it is.',
  });
}

/** Moves the checked copy into place; the former ledger stays beside it. */
function replace(checked: string, target: string): string | undefined {
  let replaced: string | undefined;
  if (existsSync(target)) {
    refuseInUse(target);
    replaced = freeName(target);
    renameSync(target, replaced);
  }
  for (const left of [`${target}-wal`, `${target}-shm`]) rmSync(left, { force: true });
  moveDurably(checked, target);
  return replaced;
}

/** Leaving WAL mode needs the file alone and folds the log into it: it fails while anyone has the ledger open. */
function refuseInUse(path: string): void {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    const row = db.prepare('PRAGMA journal_mode = DELETE').get();
    if (row?.journal_mode === 'delete') return;
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
  } finally {
    db.close();
  }
  throw new FatalError('LEDGER_IN_USE', `${path} is in use`, {
    hint: 'Stop the runtime that uses this ledger, then restore again.',
  });
}

function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const name = `${path}.replaced-${number}`;
    if (!existsSync(name)) return name;
  }
}

function moveDurably(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  sync(dirname(to));
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
