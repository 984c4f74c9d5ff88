/** The thread that owns a connection: the writer (group commit) or the reader (long questions). */
import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from './database';
import { SqliteDatabase } from './file-database';
import { readerOperations, writerOperations } from './operations';
import { fixPartitions, migrate } from './schema';
import { serve } from './serve';
import { loadKeys } from './sql/keys';

export interface WorkerOptions {
  path: string;
  role: 'writer' | 'reader';
  /** Asked number of partitions; what the file says when undefined. */
  partitions: number | undefined;
  now: number;
}

function open(options: WorkerOptions): { db: Database; partitions: number } {
  const db = new SqliteDatabase(options.path, { readOnly: options.role === 'reader' });
  try {
    if (options.role === 'writer') {
      migrate(db, options.now);
      loadKeys(db);
    }
    return { db, partitions: fixPartitions(db, options.partitions) };
  } catch (error) {
    db.close();
    throw error;
  }
}

const options = workerData as WorkerOptions;
if (parentPort) {
  serve(parentPort, options.role === 'writer' ? writerOperations : readerOperations, () => open(options));
}
