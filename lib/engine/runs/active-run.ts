/** One attempt of a run while it is in memory: the messages on their way and in hand, what failed, where it went. */

import type { Reading } from '../../connectors/kit/connector';
import type { Lease } from '../../ledger/port';
import type { ClaimedRun, DeadLetterSeed, RunFailure, TraceStep } from '../../ledger/runs';
import type { RerouteError } from '../../model/errors';
import type { FlowMessage } from '../api';
import type { RunSpan } from './spans';

/** A message a node has received and not completed. */
export interface Held {
  nodeId: string;
  nodeType: string;
  nodeName: string | undefined;
  message: object;
  since: number;
  /** The handler has not returned yet. */
  receiving: boolean;
  /** The handler threw or reported an error without completing. */
  errored: boolean;
  /** Messages of the run that the node sent since it received this one. */
  sent: number;
  step: TraceStep | undefined;
}

export interface AttemptFailure extends RunFailure {
  /** The error itself, when it is one of ours: its fate decides what follows. */
  error?: RerouteError;
  message: string;
  /** The message at the failed node. */
  snapshot?: unknown;
}

export type RunPhase =
  /** Messages flow. */
  | 'open'
  /** The ledger is writing down how it ended. */
  | 'settling'
  /** Ended; a late message revives it. */
  | 'settled'
  /** Given up (deploy, time limit, lost lease): late messages are dropped. */
  | 'over';

let generations = 0;

export class ActiveRun {
  /** Tells this attempt's messages from those of every other one in this process. */
  readonly generation = ++generations;
  phase: RunPhase = 'open';
  /** Sent, not yet received. */
  readonly onTheWay: object[] = [];
  readonly held: Held[] = [];
  hops = 0;
  failure: AttemptFailure | undefined;
  readonly trace: TraceStep[] = [];
  readonly deadLetters: DeadLetterSeed[] = [];
  readonly startedAt: number;
  flowVersion: string | undefined;
  flowId: string | undefined;
  /** How often each waiting node has parked in this attempt: makes a park's id repeatable. */
  readonly parkOrdinals = new Map<string, number>();
  /** How often each step has read each target in this attempt. */
  readonly readOrdinals = new Map<string, number>();
  /** Answers of effects on their way to the ledger: what reads the effects back waits for them. */
  readonly recording = new Set<Promise<unknown>>();
  /** Rises with every message movement; a settle check that meets another value starts over. */
  movement = 0;
  settleCheckQueued = false;
  /** Resolves when the phase leaves `settling`. */
  settled: Promise<void> | undefined;

  /** What intake read of the payload to tell it from others, until it is normalised; absent for a run that comes out of the ledger. */
  reading: Reading | undefined;

  /** Absent where traces are off, and in a preview. */
  span: RunSpan | undefined;

  /** See `RunTag.plan`. */
  readonly plan: string;

  constructor(
    readonly record: ClaimedRun,
    readonly lease: Lease,
    now: number,
    /** Set for a replay preview: nothing is written and nothing is sent. */
    readonly preview: PreviewSink | undefined = undefined,
  ) {
    this.startedAt = now;
    const input = record.input as { plan?: string } | undefined;
    this.plan = input?.plan ?? '1';
  }

  get id(): string {
    return this.record.id;
  }

  get isQuiet(): boolean {
    return this.onTheWay.length === 0 && this.held.length === 0;
  }

  /** The first failure of an attempt names it; what fails after it is a consequence. */
  fail(failure: AttemptFailure): void {
    this.failure ??= failure;
  }

  /** What effects of the run are about: the case, else the payload it began with. */
  get subject(): string {
    return this.record.caseId ?? this.record.rootRunId;
  }

  tag(message: FlowMessage): FlowMessage {
    const { id: runId, attempt, correlationId } = this.record;
    const { generation } = this;
    message.reroute = {
      ...message.reroute,
      runId,
      generation,
      attempt,
      correlationId,
      plan: message.reroute?.plan ?? this.plan,
    };
    message._msgid = this.record.id;
    return message;
  }
}

export interface PreviewEffect {
  key: string;
  partner: string;
  operation: string;
  target: string;
  outcome: 'skip' | 'create' | 'change' | 'costs' | 'needs approval';
  diff?: { path: string; before: unknown; after: unknown }[];
}

/** What a preview gathers instead of doing it. */
export interface PreviewSink {
  effects: PreviewEffect[];
  /** Nodes a preview does not enter because they act outside of our effects. */
  withheld: { nodeId: string; nodeType: string }[];
  notes: string[];
  /** The run would end as a dead letter, or leave one behind. */
  failed: boolean;
  finish(run: ActiveRun): void;
}
