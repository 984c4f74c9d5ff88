/** Opens the ledger that a URL names. */
import { FatalError } from '../model/errors';
import type { Ledger } from './port';
import { openPostgresLedger } from './postgres/engine';
import { openSqliteLedger, type SqliteOptions } from './sqlite/engine';

const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url);

/**
 * @param url `sqlite:PATH`, relative to the working directory unless absolute, or `postgres://USER@HOST/DATABASE`
 * @throws FatalError LEDGER_URL for another kind of URL
 */
export function openLedger(url: string, options: SqliteOptions = {}): Promise<Ledger> {
  return isPostgres(url) ? openPostgresLedger(url, options) : openSqliteLedger(sqlitePath(url), options);
}

/** @throws FatalError LEDGER_URL when it names no SQLite file */
export function sqlitePath(url: string): string {
  if (isPostgres(url)) {
    throw new FatalError('LEDGER_URL', 'this command is for a ledger in an SQLite file', {
      hint: 'Use pg_dump and pg_restore for a ledger on PostgreSQL: docs/operations.md shows how.',
    });
  }
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '') : '';
  if (path !== '') return path;
  throw new FatalError('LEDGER_URL', 'DATABASE_URL names no ledger', {
    hint: 'Give sqlite:PATH, for example sqlite:./data/ledger.db, or postgres://USER:PASSWORD@HOST:5432/DATABASE.',
  });
}
