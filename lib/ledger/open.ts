/** Opens the ledger that a URL names. */
import { FatalError } from '../model/errors';
import type { Ledger } from './port';
import { openSqliteLedger, type SqliteOptions } from './sqlite/engine';

/**
 * @param url `sqlite:PATH`, relative to the working directory unless absolute
 * @throws FatalError LEDGER_URL for another kind of URL
 */
export function openLedger(url: string, options: SqliteOptions = {}): Promise<Ledger> {
  return openSqliteLedger(sqlitePath(url), options);
}

/** @throws FatalError LEDGER_URL when it names no SQLite file */
export function sqlitePath(url: string): string {
  if (/^postgres(ql)?:/.test(url)) {
    throw new FatalError('LEDGER_URL', 'the PostgreSQL ledger is not built into this version yet', {
      hint: 'Set DATABASE_URL to sqlite:PATH, or leave it out to keep the ledger in the data folder.',
    });
  }
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '') : '';
  if (path !== '') return path;
  throw new FatalError('LEDGER_URL', 'DATABASE_URL names no ledger', {
    hint: 'Give sqlite:PATH, for example sqlite:./data/ledger.db.',
  });
}
