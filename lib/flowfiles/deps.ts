/** What the flow service is given: the ledger, and the runtime whose flows it keeps. */
import type { Logger } from '../engine/deps';
import type { Stranded } from '../engine/stranded';
import type { Ledger } from '../ledger/port';
import type { FlowNode } from './format';
import type { Finding } from './lint';
import type { DeployOrder } from './order';
import type { FlowTestRunner } from './test-runner';

export interface FlowRuntime {
  /** Every node type that is installed. */
  types(): ReadonlySet<string>;
  /** What runs, and the revision that a write must name. */
  current(): Promise<{ nodes: FlowNode[]; rev: string }>;
  /** Deploys. @throws RerouteError when the storage refuses, FlowsStale when `rev` is not what runs */
  apply(nodes: FlowNode[], rev: string, order: DeployOrder): Promise<void>;
  /** Runs get time to settle; nothing new starts until flows have started, or `resume`. */
  drain(): Promise<void>;
  resume(): void;
  ready(): Promise<{ ok: boolean; detail?: string }>;
  /** Attempts since the flows started. */
  attemptsOf(runVersion: string): { ended: number; failed: number };
  strandedAt(deployed: ReadonlySet<string>): Promise<Stranded[]>;
  releaseStranded(deployed: ReadonlySet<string>, by: string): Promise<number>;
}

/** Somebody who knows more of the flows than they say: regional clones have nodes that only an upgrade changes. */
export interface FlowGuard {
  check(nodes: readonly FlowNode[]): Promise<Finding[]>;
  deployed(nodes: readonly FlowNode[]): Promise<void>;
}

export interface FlowServiceDeps {
  ledger: Ledger;
  runtime: FlowRuntime;
  /** Absent: flows are deployed untested. */
  tests?: FlowTestRunner | undefined;
  /** Asked beside the checks of the flows themselves, and told when flows have been written. */
  guard?: FlowGuard | undefined;
  /** The editor's user, as the audit names actors. */
  actorOf(username: string): string;
  /** Epoch milliseconds. */
  now(): number;
  newId(): string;
  log: Logger;
  /** Between two looks at a watched deploy, milliseconds. */
  watchEveryMs?: number;
}
