/** A ledger's thread at work: takes the calls that have arrived as one group, and answers it as one. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Database } from './database';
import { type Operations, runGroup } from './group';
import { type Call, errorData, type FromWorker, openFailure, type ToWorker } from './wire';

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

export function serve(
  port: MessagePort,
  operations: Operations,
  open: () => { db: Database; partitions: number },
): void {
  const answer = (message: FromWorker): void => port.postMessage(message);
  let opened: ReturnType<typeof open>;
  try {
    opened = open();
  } catch (error) {
    answer({ kind: 'failed', error: errorData(openFailure(error)) });
    port.close();
    return;
  }
  const { db, partitions } = opened;
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
