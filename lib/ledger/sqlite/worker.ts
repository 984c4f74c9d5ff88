/** The thread that owns a connection: the writer (group commit) or the reader (long questions). */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Database } from './database';
import { type Operations, runGroup } from './group';
import { readerOperations, writerOperations } from './operations';
import { fixPartitions, migrate } from './schema';
import { loadKeys } from './sql/keys';
import { type Call, errorData, type FromWorker, openFailure, type ToWorker } from './wire';

export interface WorkerOptions {
  path: string;
  role: 'writer' | 'reader';
  /** Asked number of partitions; what the file says when undefined. */
  partitions: number | undefined;
  now: number;
}

function open(options: WorkerOptions): { db: Database; partitions: number } {
  const db = new Database(options.path, { readOnly: options.role === 'reader' });
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

/** Calls of one group: bounds how long one transaction holds the file. */
const maxGroupCalls = 2_000;

/** The message and those that arrived during the last commit: the group. */
function takeArrived(port: MessagePort, first: ToWorker): { calls: Call[]; close: boolean } {
  const calls: Call[] = [];
  let message: ToWorker | undefined = first;
  while (message) {
    if (message.kind === 'close') return { calls, close: true };
    for (const call of message.calls) calls.push(call);
    message = calls.length < maxGroupCalls ? receiveMessageOnPort(port)?.message : undefined;
  }
  return { calls, close: false };
}

function serve(port: MessagePort, options: WorkerOptions): void {
  const answer = (message: FromWorker): void => port.postMessage(message);
  let opened: ReturnType<typeof open>;
  try {
    opened = open(options);
  } catch (error) {
    answer({ kind: 'failed', error: errorData(openFailure(error)) });
    port.close();
    return;
  }
  const { db, partitions } = opened;
  const operations: Operations = options.role === 'writer' ? writerOperations : readerOperations;
  port.on('message', (first: ToWorker) => {
    const startedAt = performance.now();
    const { calls, close } = takeArrived(port, first);
    if (calls.length > 0) {
      const outcomes = runGroup(db, operations, calls);
      answer({ kind: 'group', outcomes, busyUs: (performance.now() - startedAt) * 1000 });
    }
    if (!close) return;
    db.close();
    answer({ kind: 'closed' });
    port.close();
  });
  answer({ kind: 'open', partitions });
}

if (parentPort) serve(parentPort, workerData as WorkerOptions);
