/** What operators and the runtime itself leave behind: audit chain, replays, partner controls, idempotent requests. */
import type { ChainHead, SignedHeads } from '../model/audit-heads';
import type { Page, PageRequest } from './port';

export interface AuditSeed {
  id: string;
  at: number;
  /** User, token or `system`. */
  actor: string;
  action: string;
  /** What it was done to, e.g. `case:0198…`. */
  subject: string;
  reason?: string;
  before?: unknown;
  after?: unknown;
  /** `refused` when the rules or the role forbade it. */
  outcome: 'done' | 'refused';
}

/** One link of a partition's chain: `hash` covers the entry and `previousHash` (see model/audit.ts). */
export interface AuditEntry extends AuditSeed {
  partition: number;
  seq: number;
  previousHash: string;
  hash: string;
}

export const replayStates = ['planned', 'running', 'paused', 'done', 'cancelled'] as const;
export const replayOutcomes = [
  'pending',
  'skip',
  'create',
  'change',
  'costs',
  'superseded',
  'needs approval',
  'done',
  'failed',
] as const;

export interface ReplayItem {
  replayId: string;
  ordinal: number;
  /** Dead letter, run or fact id. */
  ref: string;
  kind: 'dead-letter' | 'run' | 'raw';
  orderKey: string;
  partition: number;
  outcome: (typeof replayOutcomes)[number];
  runId?: string;
  /** Per effect what would be, or was, done: `{ key, operation, target, outcome, diff }`. */
  effects?: unknown;
  message?: string;
  /** Replaced payload, when the plan edits it. */
  edit?: unknown;
}

export interface Replay {
  id: string;
  name: string;
  reason: string;
  mode: 'preview' | 'live';
  state: (typeof replayStates)[number];
  by: string;
  createdAt: number;
  endedAt?: number;
  ratePerSecond: number;
  canary?: number;
  /** It pauses by itself once so many of its items have failed since it was started or went on. */
  stopAfterFailures?: number;
  selection: unknown;
}

/** What operators set on a partner over its configuration. */
export interface PartnerControl {
  partner: string;
  held: boolean;
  draining: boolean;
  mode?: 'observe' | 'assist' | 'automate';
  by: string;
  reason: string;
  at: number;
}

export type IdempotentRequest =
  | { state: 'new' }
  | { state: 'in-flight' }
  /** Same key, other body. */
  | { state: 'mismatch' }
  | { state: 'done'; status: number; body: unknown };

export interface OperatorStore {
  /** Appends to the partition's chain, in order. */
  appendAudit(partition: number, seeds: AuditSeed[]): Promise<AuditEntry[]>;
  audit(
    filter: { subject?: string; actor?: string; partition?: number },
    page: PageRequest,
  ): Promise<Page<AuditEntry>>;
  /** One partition's chain from a sequence number on, oldest first: what a verifier and an export read. */
  auditChain(partition: number, fromSeq: number, limit: number): Promise<AuditEntry[]>;

  /** The last link of every chain that has one. */
  chainHeads(): Promise<ChainHead[]>;
  /** Appends signed heads; false when others have used the number. */
  appendSignedHeads(heads: SignedHeads): Promise<boolean>;
  lastSignedHeads(): Promise<SignedHeads | undefined>;
  /** From a number on, in order. */
  signedHeads(fromNumber: number, limit: number): Promise<SignedHeads[]>;

  createReplay(replay: Replay, items: ReplayItem[]): Promise<void>;
  replay(id: string): Promise<Replay | undefined>;
  /** Newest first; of one person when `by` is given. */
  replays(page: PageRequest, by?: string): Promise<Page<Replay>>;
  replayItems(id: string, page: PageRequest): Promise<Page<ReplayItem>>;
  setReplayState(id: string, from: Replay['state'][], to: Replay['state'], at: number): Promise<boolean>;
  updateReplayItem(item: Pick<ReplayItem, 'replayId' | 'ordinal'> & Partial<ReplayItem>): Promise<void>;

  partnerControls(): Promise<PartnerControl[]>;
  setPartnerControl(control: PartnerControl): Promise<void>;

  /** Begins a request under an idempotency key; one that has been in flight for longer than `staleMs` may begin again. */
  beginRequest(request: {
    key: string;
    actor: string;
    bodyHash: string;
    now: number;
    staleMs: number;
  }): Promise<IdempotentRequest>;
  finishRequest(request: {
    key: string;
    actor: string;
    status: number;
    body: unknown;
    now: number;
  }): Promise<void>;

  /** Remembers a flow version by its content hash. */
  saveFlowVersion(version: {
    id: string;
    flowId: string;
    label: string;
    content: unknown;
    author?: string;
    at: number;
  }): Promise<void>;
  flowVersion(
    id: string,
  ): Promise<
    { id: string; flowId: string; label: string; content: unknown; author?: string; at: number } | undefined
  >;
}
