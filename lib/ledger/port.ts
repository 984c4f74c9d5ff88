/**
 * The ledger port: the one place where anything is remembered. Rules every engine keeps:
 * - one call is one transaction, durable (synced) when its promise resolves; arrays in, results out, in order;
 * - a call stays within one partition; calls under a lease check its fencing token and throw `StaleFenceError`
 *   when another worker took the partition over;
 * - what is appended (raw payloads, facts, audit) is never changed; everything else changes by compare-and-set.
 * Times are UTC epoch milliseconds. Ids are text. JSON values are plain data.
 */
import type { AccessStore } from './access';
import type { AlertStore } from './alerts';
import type { CaseQueries, CaseStore } from './cases';
import type { EffectStore } from './effects';
import type { FlowStore } from './flows';
import type { InsightQueries, SavedViewStore } from './insights';
import type { IntakeStore } from './intake';
import type { KeyStore } from './keys';
import type { OperatorStore } from './operators';
import type { PollStore } from './polls';
import type { RunQueries, RunStore } from './runs';

/** The right to work on a partition: valid while no higher token was issued for it. */
export interface Lease {
  partition: number;
  /** Fencing token, rising with every acquisition. */
  fence: number;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

export interface PageRequest {
  /** 1 to 200. */
  limit: number;
  cursor?: string;
}

export interface LeaseStore {
  /**
   * Takes the partitions that are free, expired at `now` or (with `force`) held by anyone, raising their tokens.
   * Runs left `running` under an older token become `queued` again with their next attempt.
   */
  acquire(request: {
    owner: string;
    partitions: number[];
    now: number;
    leaseMs: number;
    force?: boolean;
  }): Promise<Lease[]>;
  /** Prolongs; answers the partitions that are still held. */
  renew(request: { owner: string; leases: Lease[]; now: number; leaseMs: number }): Promise<number[]>;
  release(request: { owner: string; leases: Lease[] }): Promise<void>;
}

/** What an engine has done since it was opened. */
export interface LedgerWork {
  /** Transactions that were made durable. */
  commits: number;
  /** Calls of the port that they carried out. */
  calls: number;
  /** Milliseconds that the transactions took, syncs included. */
  busyMs: number;
  /** Calls that have no answer yet. */
  waiting: number;
}

export interface Ledger
  extends LeaseStore,
    IntakeStore,
    RunStore,
    RunQueries,
    EffectStore,
    CaseStore,
    CaseQueries,
    OperatorStore,
    PollStore,
    FlowStore,
    AccessStore,
    KeyStore,
    AlertStore,
    InsightQueries,
    SavedViewStore {
  /** Number of partitions; fixed when the ledger is created. */
  readonly partitions: number;
  /** What this engine can and cannot do, so that a test names a difference instead of skipping it. */
  readonly capabilities: { sharedBetweenProcesses: boolean; onlineBackup: boolean };
  /** Of this process's writes, for measurements. */
  work(): LedgerWork;
  /** Resolves when a write would commit. */
  ready(): Promise<void>;
  /** Waits for every call under way, then closes. */
  close(): Promise<void>;
}
