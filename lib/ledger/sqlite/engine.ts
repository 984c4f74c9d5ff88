/**
 * The SQLite ledger: one file, one writer thread that commits whatever arrived during its last commit, one reader thread
 * for long questions. Start reading at `channel.ts` (the queue), `group.ts` (the transaction), `operations.ts` (the calls).
 */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Ledger } from '../port';
import { Channel } from './channel';
import type { ReaderOperations, WriterOperations } from './operations';
import { stores } from './port';

export interface SqliteOptions {
  /** Number of partitions of a new ledger; must be the stored one where it is given for an existing file. */
  partitions?: number | undefined;
}

/**
 * Opens the file, creating or migrating it as needed.
 * @throws FatalError LEDGER_NEWER, LEDGER_FOREIGN or LEDGER_PARTITIONS; RetryableError LEDGER_UNAVAILABLE when it is locked
 */
export async function openSqliteLedger(path: string, options: SqliteOptions = {}): Promise<Ledger> {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  const now = Date.now();
  const opened = await Channel.open<WriterOperations>({
    path: file,
    role: 'writer',
    partitions: options.partitions,
    now,
  });
  const { partitions } = opened;
  const writer = opened.channel;
  const reader = await openReader(file, partitions, now).catch(async (error: unknown) => {
    await writer.close();
    throw error;
  });
  const channels = { writer, reader };
  return {
    partitions,
    capabilities: { sharedBetweenProcesses: false, onlineBackup: true },
    ...stores(channels, partitions),
    work: () => writer.work(),
    ready: () => writer.call('ready'),
    async close() {
      await Promise.all([writer.close(), reader.close()]);
    },
  };
}

async function openReader(path: string, partitions: number, now: number): Promise<Channel<ReaderOperations>> {
  return (await Channel.open<ReaderOperations>({ path, role: 'reader', partitions, now })).channel;
}
