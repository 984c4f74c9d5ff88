/**
 * The same ledger without a file and without threads, for runs that nothing must survive: flow tests and back-tests. Every call is
 * carried out at once on the caller's thread, by the same operations and the same transactions as in the file.
 */
import { FatalError } from '../../model/errors';
import type { Ledger } from '../port';
import type { OperationTable } from './channel';
import type { Database } from './database';
import { SqliteDatabase } from './file-database';
import { type Operations, runGroup } from './group';
import { readerOperations, writerOperations } from './operations';
import { stores } from './port';
import type { Caller, Channels } from './port/codec';
import { fixPartitions, migrate } from './schema';
import { rebuildError } from './wire';

export interface MemoryLedger extends Ledger {
  /** Forgets everything, as if it had just been opened; leases have to be acquired anew. */
  reset(): void;
}

/** Tables that belong to the ledger itself, whatever is kept in it. */
const fixedTables = new Set(['meta', 'migrations']);

export function openMemoryLedger(partitions = 1): MemoryLedger {
  const db = new SqliteDatabase(':memory:');
  migrate(db, 0);
  fixPartitions(db, partitions);
  const tables = db
    .all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .map(({ name }) => name)
    .filter((name) => !fixedTables.has(name));
  let calls = 0;
  const channels: Channels = {
    writer: callerOf(db, writerOperations, () => {
      calls += 1;
    }),
    reader: callerOf(db, readerOperations),
  };
  return {
    partitions,
    capabilities: { sharedBetweenProcesses: false, onlineBackup: false },
    ...stores(channels, partitions),
    // Every call is a transaction of its own, and over when it returns.
    work: () => ({ commits: calls, calls, busyMs: 0, waiting: 0 }),
    ready: async () => undefined,
    reset() {
      db.begin(true);
      for (const table of tables) db.run(`DELETE FROM "${table}"`);
      db.exec('COMMIT');
    },
    close: async () => db.close(),
  };
}

/** One call, one transaction; its outcome as the channel to a thread would answer it. */
function callerOf<Table extends OperationTable & Operations>(
  db: Database,
  operations: Table,
  count: () => void = () => undefined,
): Caller<Table> {
  return {
    async call(name, ...args) {
      count();
      const [outcome] = runGroup(db, operations, [[name, args]]);
      if (outcome === undefined)
        throw new FatalError('LEDGER_SILENT', `the ledger gave no answer to ${name}`);
      if ('error' in outcome) throw rebuildError(outcome.error);
      // The operation's own result, typed by its name as in the channel.
      return outcome.value as never;
    },
  };
}
