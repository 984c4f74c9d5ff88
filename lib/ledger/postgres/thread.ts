/** The thread that carries out a ledger's calls on PostgreSQL: the writer (group commit) or the reader (long questions). */
import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from '../sqlite/database';
import { readerOperations, writerOperations } from '../sqlite/operations';
import { serve } from '../sqlite/serve';
import { PostgresDatabase } from './database';
import { prepare } from './schema';
import type { ConnectionOptions } from './wire';

export interface ThreadOptions {
  connection: ConnectionOptions;
  role: 'writer' | 'reader';
  /** Asked number of partitions, for the writer; the stored one, for the reader. */
  partitions: number | undefined;
  now: number;
}

function open({ connection, role, partitions, now }: ThreadOptions): { db: Database; partitions: number } {
  const db = new PostgresDatabase(connection);
  if (role === 'reader') return { db, partitions: partitions ?? 0 };
  try {
    return { db, partitions: prepare(db, connection.schema, { partitions, now }) };
  } catch (error) {
    db.close();
    throw error;
  }
}

const options = workerData as ThreadOptions;
if (parentPort) {
  serve(parentPort, options.role === 'writer' ? writerOperations : readerOperations, () => open(options));
}
