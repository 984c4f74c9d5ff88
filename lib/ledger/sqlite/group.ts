/**
 * Group commit: all calls of a message in one transaction. Calls check before they write, so that a refused call has
 * changed nothing and the others go on. Only when a call fails after its first write is the group undone and run again
 * with a savepoint around each call; operations are pure functions of the file and their arguments, so that is safe.
 */
import type { Database } from './database';
import type { Operation } from './operations';
import { type Call, errorData, isStorageFailure, type Outcome, unavailable } from './wire';

export type Operations = Record<string, Operation | undefined>;

/** Runs a group; its outcomes in the order of the calls, durable when this returns. */
export function runGroup(db: Database, operations: Operations, calls: Call[]): Outcome[] {
  const writes = calls.some(([name]) => operations[name]?.writes ?? false);
  try {
    return (
      attempt(db, operations, calls, writes, false) ?? attempt(db, operations, calls, writes, true) ?? []
    );
  } catch (error) {
    rollback(db);
    const data = errorData(unavailable(error));
    return calls.map(() => ({ error: data }));
  }
}

/** Answers undefined when the group must be run again with savepoints; throws when nothing could be committed. */
function attempt(
  db: Database,
  operations: Operations,
  calls: Call[],
  writes: boolean,
  isolated: boolean,
): Outcome[] | undefined {
  db.begin(writes);
  const outcomes: Outcome[] = [];
  for (const call of calls) {
    const outcome = isolated ? runIsolated(db, operations, call) : runPlain(db, operations, call);
    if (outcome === undefined) {
      rollback(db);
      return undefined;
    }
    outcomes.push(outcome);
  }
  db.flushCounters();
  if (writes) db.keys.move(db);
  db.exec('COMMIT');
  db.keys.committed();
  return outcomes;
}

function runPlain(db: Database, operations: Operations, call: Call): Outcome | undefined {
  const before = db.writes;
  try {
    return { value: perform(db, operations, call) };
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    return db.writes === before && !db.aborted ? { error: errorData(error) } : undefined;
  }
}

function runIsolated(db: Database, operations: Operations, call: Call): Outcome {
  const counters = db.counterMark();
  const keys = db.keys.mark();
  db.exec('SAVEPOINT call');
  try {
    const value = perform(db, operations, call);
    db.exec('RELEASE call');
    return { value };
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    db.forget();
    db.exec('ROLLBACK TO call');
    db.exec('RELEASE call');
    db.resetCounters(counters);
    db.keys.undo(keys);
    return { error: errorData(error) };
  }
}

function perform(db: Database, operations: Operations, [name, args]: Call): unknown {
  const operation = operations[name];
  if (!operation) throw new Error(`no operation ${name}`);
  return operation.run(db, ...(args as never[]));
}

function rollback(db: Database): void {
  db.resetCounters();
  db.keys.undo();
  if (db.inTransaction) db.exec('ROLLBACK');
}
