/** Runs: durable executions of flows, their parked messages and their dead letters. */
import type { Lease, Page, PageRequest } from './port';

export const runKinds = ['raw', 'case', 'resume', 'replay', 'manual', 'alert'] as const;
/** What started it: a raw payload, a case command, a parked message that goes on, a replay, a person, an alert that fired. */
export type RunKind = (typeof runKinds)[number];

export const runStates = ['queued', 'running', 'parked', 'done', 'dead', 'cancelled'] as const;
/** `parked`: settled with messages waiting; it no longer blocks its order key. */
export type RunState = (typeof runStates)[number];

export interface RunSeed {
  id: string;
  kind: RunKind;
  /** Raw payload id, case id, parked message id or replay item id. */
  ref: string;
  orderKey: string;
  partner?: string;
  /** Start node, where it is known already (a resume, a replay of one flow). */
  nodeId?: string;
  flowVersion?: string;
  correlationId: string;
  causationId?: string;
  /** First run of the chain that waits and resumes belong to. */
  rootRunId: string;
  caseId?: string;
  /** Not before; epoch ms. */
  dueAt: number;
  /** Small JSON handed to the start node with the run. */
  input?: unknown;
}

export interface RunRecord extends RunSeed {
  partition: number;
  seq: number;
  state: RunState;
  /** 1 on the first try. */
  attempt: number;
  createdAt: number;
  startedAt?: number;
  settledAt?: number;
  lastError?: RunFailure;
  trace?: TraceStep[];
}

export interface ClaimedRun extends RunRecord {
  /** The source, joined: the raw payload for `raw`, the parked message for `resume`. */
  raw?: {
    partner: string;
    headers: Record<string, string>;
    body: Uint8Array;
    mediaType: string;
    receivedAt: number;
    contentHash: string;
  };
  parked?: ParkedMessage;
  /**
   * True when no shipment was known under the order key as the run was handed out: a first record may then be planned without
   * asking what is known, for its commit checks versions. Engines may leave it out.
   */
  unseen?: boolean;
}

/** One node visit of a run, for the run page: redacted message in, what went out. */
export interface TraceStep {
  nodeId: string;
  nodeType: string;
  nodeName?: string;
  at: number;
  durationMs?: number;
  /** Names of the outputs it sent on. */
  outputs?: string[];
  error?: string;
  detail?: unknown;
}

export interface RunFailure {
  code: string;
  message: string;
  hint?: string;
  nodeId?: string;
  nodeType?: string;
  nodeName?: string;
  flowId?: string;
}

export const deadLetterKinds = ['raw', 'run', 'effect'] as const;

export interface DeadLetterSeed {
  id: string;
  kind: (typeof deadLetterKinds)[number];
  /** Raw payload, run or effect id. */
  ref: string;
  runId?: string;
  partner?: string;
  operation?: string;
  reason: RunFailure;
  /** Groups alike failures: partner, operation, normalised reason, flow version. */
  fingerprint: string;
  flowVersion?: string;
  attempt: number;
  /** The message at the failed node, JSON, cut to a stated size. */
  message?: unknown;
  at: number;
}

export interface DeadLetter extends DeadLetterSeed {
  partition: number;
  state: 'open' | 'replayed' | 'discarded';
  correlationId?: string;
  resolvedAt?: number;
  resolution?: { by: string; reason: string; replayId?: string };
}

export type Settlement =
  | {
      runId: string;
      outcome: 'done';
      flowVersion?: string;
      trace?: TraceStep[];
      at: number;
      deadLetters?: DeadLetterSeed[];
    }
  /** A failed attempt that is tried again at `dueAt`; `spent: false` does not count it (deploy, deferral). */
  | {
      runId: string;
      outcome: 'retry';
      dueAt: number;
      spent: boolean;
      error: RunFailure;
      trace?: TraceStep[];
      at: number;
    }
  | {
      runId: string;
      outcome: 'dead';
      error: RunFailure;
      deadLetters: DeadLetterSeed[];
      flowVersion?: string;
      trace?: TraceStep[];
      at: number;
    };

export const parkKinds = ['timer', 'signal', 'person'] as const;

export interface ParkSeed {
  /** Deterministic: root run, node and ordinal, so that a repeated attempt parks once. */
  id: string;
  runId: string;
  nodeId: string;
  kind: (typeof parkKinds)[number];
  /** Go on at the node's output (a wait) or enter the node again (a verify, an approval). */
  reenter: 'output' | 'input';
  /** Fires by itself then, when given: the timer, or the time-out of a signal. */
  dueAt?: number;
  /** What a signal or a decision addresses: `name:key`. */
  signal?: string;
  message: unknown;
  caseId?: string;
  at: number;
}

export interface ParkedMessage extends ParkSeed {
  partition: number;
  state: 'waiting' | 'resumed' | 'cancelled';
  /** How it ended: fired, signalled with a payload, timed out, or let go because its node was removed. */
  resumption?: {
    reason: 'timer' | 'signal' | 'timeout' | 'released';
    payload?: unknown;
    by?: string;
    at: number;
  };
}

export interface RunStore {
  /** Queues runs; an id that exists already is left as it is. */
  enqueueRuns(partition: number, seeds: RunSeed[], now: number): Promise<void>;
  /**
   * Due queued runs that are first in their order key, oldest first, marked running under the lease.
   * A run behind a live run of its key is not claimed, one behind a parked or ended run is.
   */
  claimRuns(lease: Lease, request: { now: number; limit: number }): Promise<ClaimedRun[]>;
  /** Earliest time at which something in the partition becomes due (a queued run or a timer); undefined when nothing will. */
  nextDueAt(partition: number): Promise<number | undefined>;
  /**
   * Ends attempts. A `done` with messages still waiting becomes `parked`. Answers, in order, whether the run had already
   * ended (then nothing was changed).
   */
  settleRuns(lease: Lease, settlements: Settlement[]): Promise<{ runId: string; state: RunState }[]>;
  /** A settled run to which a late message came: running again, same attempt. False when it is dead or cancelled. */
  reviveRun(lease: Lease, runId: string): Promise<boolean>;
  /** Idempotent by id; answers the stored state of each. */
  park(lease: Lease, seeds: ParkSeed[]): Promise<ParkedMessage['state'][]>;
  /** Resumes timers due at `now`, oldest first: each becomes a queued `resume` run (id `<parked id>:r`). Answers how many. */
  fireTimers(lease: Lease, request: { now: number; limit: number }): Promise<number>;
  /** Resumes what waits for the signal in the partition; answers the resume runs' ids. */
  signal(
    partition: number,
    request: { signal: string; payload?: unknown; by?: string; now: number },
  ): Promise<string[]>;
  /** Resumes what waits at these nodes, because a deploy removed them; answers the resume runs' ids, `limit` at the most. */
  releaseParked(
    partition: number,
    request: { nodeIds: string[]; by: string; now: number; limit: number },
  ): Promise<string[]>;
  /** Queued runs with this failure code become due now (after a deploy, or when a partner is resumed). Answers how many. */
  hastenRuns(
    partition: number,
    request: { errorCode: string; partner?: string; now: number },
  ): Promise<number>;
  addDeadLetters(partition: number, seeds: DeadLetterSeed[]): Promise<void>;
  resolveDeadLetters(
    ids: string[],
    state: 'replayed' | 'discarded',
    resolution: { by: string; reason: string; replayId?: string },
    at: number,
  ): Promise<number>;
}

export interface DeadLetterFilter {
  partner?: string;
  /** Any of these; none when empty. */
  partners?: string[];
  reason?: string;
  since?: number;
  fingerprint?: string;
  state?: DeadLetter['state'];
  ids?: string[];
  /** Those of these runs: what a trace asks for. */
  runIds?: string[];
}

export interface RunQueries {
  run(id: string): Promise<RunRecord | undefined>;
  runsByRoot(rootRunId: string): Promise<RunRecord[]>;
  runsByCase(caseId: string): Promise<RunRecord[]>;
  runsByCorrelation(correlationIds: string[]): Promise<RunRecord[]>;
  parkedByRun(runId: string): Promise<ParkedMessage[]>;
  parkedByCase(caseId: string): Promise<ParkedMessage[]>;
  /** How many messages wait, by node. */
  waitingNodes(): Promise<{ nodeId: string; waiting: number }[]>;
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  deadLetters(filter: DeadLetterFilter, page: PageRequest): Promise<Page<DeadLetter>>;
  deadLetterGroups(
    filter: DeadLetterFilter,
  ): Promise<{ fingerprint: string; count: number; latestAt: number; sample: DeadLetter }[]>;
  /** Counts by state, for health and metrics. */
  runCounts(): Promise<Record<RunState, number>>;
}
