/**
 * What nodes and the gateway may ask of the engine. Nodes hold no state and no sockets: they read their form, call one of
 * these and send on what it answers. Messages belong to runs; a message that belongs to none is refused.
 */
import type {
  NormalizeReport,
  NormalizeResult,
  Operation,
  PartnerLimits,
  SystemKind,
} from '../connectors/kit/connector';
import type { PartnerControl } from '../ledger/operators';
import type { CaseState } from '../model/case';
import type { Patience } from '../model/deadlines';
import type { RerouteError } from '../model/errors';
import type { FactDraft } from '../model/fact';
import type { PolicyTable } from '../model/policy';
import type { ExceptionCode } from '../model/taxonomy';
import type { AlertRequest, AlertSource, AskOutcome, AskRequest } from './attention/requests';
import type { Override } from './facts/overrides';
import type { Folders } from './files/inbox';
import type { FlowMessage, NodeRef, PartnerMode } from './message';
import type { FetchStatus } from './polling/task';

export * from './attention/requests';
export * from './message';

export interface PartnerConfig {
  /** The name in `/in/:partner`; lower case letters, digits and hyphens. */
  id: string;
  connectorId: string;
  /** Base URL of the partner's API, or its folder or mail server by the scheme; empty when it only sends. */
  endpoint: string;
  /** Folders below a `file:` or `sftp:` endpoint; `in`, `out`, `in/done` and `in/rejected` unless told. */
  folders?: Partial<Folders>;
  /** What is set on its facts after the mapping, in this order. */
  overrides?: Override[];
  /** How long silence about its shipments is normal; what is left out is the default. */
  patience?: Partial<Patience>;
  /** Name of the trade lane that it serves: partners of one lane are compared, see parity. */
  lane?: string;
  /** How its feed or inbox is fetched; what is left out is the connector's or the engine's own. */
  fetch?: FetchConfig;
  /** Secret name -> references (`env:NAME`, `file:PATH`), current first; never values. */
  secrets: Record<string, string[]>;
  limits: Partial<PartnerLimits>;
  mode: PartnerMode;
  region: string;
  settings: Record<string, unknown>;
}

/** Times in milliseconds unless the name says otherwise. */
export interface FetchConfig {
  /** False: nothing is fetched; what the partner sends by itself is still taken. */
  enabled?: boolean;
  minMs?: number;
  maxMs?: number;
  /** Carriers, as facts name them, whose numbers are asked for besides those the connector names. */
  carriers?: readonly string[];
  /** How far back a feed begins when there is no cursor yet. */
  lookBackHours?: number;
  /** Without a fact for this long a shipment is not asked for any more. */
  forgetAfterDays?: number;
  /** A dropped file is whole when it looks the same after this long; 0 where the sender renames what is whole. */
  settleMs?: number;
}

export interface PartnerStatus {
  id: string;
  connectorId: string;
  title: string;
  region: string;
  mode: PartnerMode;
  limits: PartnerLimits;
  breaker: 'closed' | 'open' | 'half-open';
  control: PartnerControl | undefined;
  kinds?: readonly SystemKind[];
  /** The lane that it shares with others, for parity. */
  tradeLane?: string;
  /** Calls waiting for and in the lane. */
  lane: { waiting: number; active: number };
  calls: { ok: number; failed: number };
  backlog: number;
  /** Absent when nothing is fetched from this kind of partner. */
  fetch?: FetchStatus;
  /** Per secret how many references it has, and how many of them can be read now: two of each while a key is rotated. */
  secrets?: { name: string; references: number; readable: number; required: boolean }[];
}

export interface PartnerSource {
  kind: 'partner-in';
  partnerId: string;
  node: NodeRef;
  deliver(message: FlowMessage): void;
}
export interface CaseSource {
  kind: 'exception-in';
  node: NodeRef;
  /** Empty lists match everything. */
  codes: ExceptionCode[];
  regions: string[];
  partners: string[];
  /** Also when the facts of an open case change, e.g. by a later estimate. */
  updates?: boolean;
  deliver(message: FlowMessage): void;
}
/** A node that parks messages: where they go on. */
export interface ResumePoint {
  kind: 'resume';
  node: NodeRef;
  /** `reason` says why it goes on; with `reenter: 'input'` the node handles the message again instead of sending it. */
  resume(message: FlowMessage, resumption: Resumption): void;
}
export type Source = PartnerSource | CaseSource | AlertSource | ResumePoint;

export interface Resumption {
  reenter: 'output' | 'input';
  reason: 'timer' | 'signal' | 'timeout' | 'released';
  payload?: unknown;
  by?: string;
}

export interface RecordOutcome {
  appended: number;
  duplicates: number;
  /** Cases opened or advanced by these facts. */
  cases: { id: string; code: ExceptionCode; state: string; opened: boolean }[];
}

export interface ActionRequest {
  node: NodeRef;
  partnerId: string;
  operation: string;
  /** Name of the step within the plan; part of the effect's key. The node's own id when it is not named. */
  step: string;
  input: unknown;
  /** Why there is no input: what an earlier attempt recorded for the step stands in for it, else the action fails with this. */
  inputError?: RerouteError;
  pivot?: boolean;
  /** A read that must show the present, never what an earlier attempt saw. */
  fresh?: boolean;
}

export type ActionOutcome =
  | {
      kind: 'ok';
      output: unknown;
      key: string;
      confirmed: boolean;
      recorded: boolean;
      adopted: boolean;
      observed: boolean;
      reference?: string;
    }
  | { kind: 'business'; code: ExceptionCode; message: string; vendorCode?: string; key: string }
  | { kind: 'technical'; message: string; code: string; key: string }
  | { kind: 'unknown'; message: string; key: string }
  /** Assist mode: parked until a person decides; the node sends nothing. */
  | { kind: 'parked'; key: string };

export interface WaitRequest {
  node: NodeRef;
  kind: 'timer' | 'signal' | 'person';
  /** Milliseconds from now: the timer, or the time-out of a signal. */
  afterMs?: number;
  /** Signal name and key, e.g. `booking-confirmed` and `4711`. */
  signal?: string;
  reenter?: 'output' | 'input';
}

export interface VerifyRequest {
  node: NodeRef;
  partnerId: string;
  operation: string;
  input: unknown;
  /** JSONata over the operation's output; true when the owning system shows the intended state. */
  expect: string;
  /** A second system that has answered, too: the evidence names both. */
  also?: { partnerId: string; operation: string };
  /** Milliseconds between reads, and how long to go on reading. */
  everyMs: number;
  withinMs: number;
}
export type VerifyOutcome =
  | { kind: 'verified'; output: unknown }
  | { kind: 'failed'; output: unknown; failures: number; manual: boolean }
  /** An action of the plan was only observed: there is nothing to read back. */
  | { kind: 'observed' }
  | { kind: 'parked' };

/** What taking a plan back came to. */
export interface Compensated {
  undone: number;
  /** Steps that could not be taken back, the unclear ones among them. */
  failed: number;
  /** True when nothing was taken back because there is only a way forward. */
  pivotPassed: boolean;
  /** Steps of which nobody knows whether they were done. */
  unclear: string[];
}

export interface Decision {
  outcome: string;
  then: Record<string, unknown>;
  policy: { name: string; version: string; row: number | null };
  inputs: Record<string, unknown>;
}

export interface ReplayFilter {
  partner?: string;
  reason?: string;
  fingerprint?: string;
  since?: number;
  ids?: string[];
}

/** The engine as nodes see it. Every method that takes a message throws `NotInRunError` when it belongs to no run. */
export interface NodeEngine {
  registerPartner(config: PartnerConfig): () => void;
  registerSource(source: Source): () => void;
  partner(id: string): PartnerStatus | undefined;
  operationsOf(partnerId: string, kind?: SystemKind): readonly Operation[];
  /** Checks a configuration as it is saved: connector, endpoint, settings, secret references. Sentences, empty when right. */
  checkPartner(config: PartnerConfig): string[];

  normalize(message: FlowMessage): Promise<NormalizeResult>;
  record(message: FlowMessage, node: NodeRef, drafts: FactDraft[]): Promise<RecordOutcome>;
  /** Keeps what `normalize` rejected as a dead letter of the run, which goes on. */
  report(message: FlowMessage, node: NodeRef, reports: NormalizeReport[]): Promise<void>;
  /** True the first time a key is seen (a repeated attempt of the same run counts as the first time). */
  firstTime(message: FlowMessage, node: NodeRef, key: string): Promise<boolean>;
  /** Puts case, facts and shipment onto the message and moves the case to ENRICHED. */
  enrich(message: FlowMessage, node: NodeRef, extra: Record<string, unknown>): Promise<CaseState>;
  /** Evaluates a table against the message and pins version, row and inputs on the case. */
  decide(
    message: FlowMessage,
    node: NodeRef,
    table: PolicyTable,
    inputs: Record<string, unknown>,
  ): Promise<Decision>;
  /** Asks people for a decision; answers it when the message comes back. */
  ask(message: FlowMessage, request: AskRequest): Promise<AskOutcome>;
  perform(message: FlowMessage, request: ActionRequest): Promise<ActionOutcome>;
  /** Takes back what the plan has done, newest first; refuses once the pivot is passed. */
  compensate(message: FlowMessage, node: NodeRef): Promise<Compensated>;
  wait(message: FlowMessage, request: WaitRequest): Promise<void>;
  verify(message: FlowMessage, request: VerifyRequest): Promise<VerifyOutcome>;
  /** Answers the alert's id, and whether it fired now, was open already, or is over. */
  alert(
    message: FlowMessage,
    request: AlertRequest,
  ): Promise<{ id: string | undefined; outcome: 'fired' | 'counted' | 'resolved' }>;
  deadLetter(message: FlowMessage, node: NodeRef, reason: { code: string; message: string }): Promise<string>;
  replay(request: {
    name: string;
    reason: string;
    by: string;
    filter: ReplayFilter;
    mode: 'preview' | 'live';
  }): Promise<{ id: string; count: number }>;
}
