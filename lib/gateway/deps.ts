/** What the gateway is given. The engine satisfies these ports; the gateway knows no other part of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { InboundRequest, NormalizeResult } from '../connectors/kit/connector';
import type { PartnerMode, PartnerStatus } from '../engine/api';
import type { AuditSeal } from '../engine/audit/seal';
import type { IntakeAnswer } from '../engine/intake';
import type { ReplayRequest } from '../engine/replays';
import type { ClonesApi } from '../flowfiles/clones/api';
import type { FlowOperations } from '../flowfiles/operations';
import type { BacktestRequest, Candidate } from '../flowtests/backtest/model';
import type { Backtest } from '../flowtests/backtest/service';
import type { SessionRecord } from '../ledger/access';
import type { Replay } from '../ledger/operators';
import type { Ledger } from '../ledger/port';
import type { Alert } from '../model/alert';
import type { CaseState } from '../model/case';
import type { Scope } from '../model/scope';
import type { Access } from './access/access';
import type { Role } from './roles';
import type { CaseAction } from './schemas/cases';
import type { ChangeHub } from './stream/hub';
import type { TokenStore } from './tokens';

export type { IntakeAnswer } from '../engine/intake';
export type { ReplayRequest } from '../engine/replays';

export interface IntakePort {
  /** Resolves once the bytes are durable, or with the reason why they were not taken. */
  accept(partnerId: string, request: InboundRequest): Promise<IntakeAnswer>;
  /** Largest body in bytes; undefined when there is no such partner. */
  maxBody(partnerId: string): number | undefined;
}

/** Who calls, as the audit names them. */
export interface Caller {
  /** `token:<name>` or `user:<name>`. */
  actor: string;
  role: Role;
  /** Limits what is seen and done; absent means everything. */
  scope?: Scope;
  userId?: string;
  /** The session that the request came under; absent for tokens. */
  via?: { session: SessionRecord; csrfToken: string };
}

export const partnerActions = ['hold', 'drain', 'resume', 'mode'] as const;
export type PartnerAction = (typeof partnerActions)[number];

export interface PartnersPort {
  list(): PartnerStatus[];
  get(id: string): PartnerStatus | undefined;
  /** What a payload of the partner would be read as; nothing is recorded. @throws FatalError NO_MAPPING */
  inspect(
    id: string,
    delivery: { headers: Record<string, string>; body: Uint8Array },
  ): Promise<NormalizeResult>;
  /**
   * Changes the partner's control and audits it. `mode` is given with the action `mode`.
   * @returns undefined when there is no such partner
   */
  act(
    id: string,
    action: PartnerAction,
    by: string,
    reason: string,
    mode?: PartnerMode,
  ): Promise<PartnerStatus | undefined>;
}

export type CaseActionOutcome =
  | { kind: 'done'; case: CaseState }
  | { kind: 'not-found' }
  /** Somebody was faster. */
  | { kind: 'stale'; expectedVersion: number; actualVersion: number }
  /** The state machine, or a limit, says no; it has been audited. */
  | { kind: 'refused'; code: string; message: string; hint?: string };

export interface CasesPort {
  /** Carries out an operator's command on a case, audited with caller and reason, under compare-and-set. */
  act(id: string, action: CaseAction, caller: Caller): Promise<CaseActionOutcome>;
}

export interface AlertsPort {
  /** Audited with caller and reason. Undefined when there is no such open alert. */
  acknowledge(id: string, by: string, reason: string): Promise<Alert | undefined>;
}

export interface ReplaysPort {
  /** @throws FatalError when the selection is unscoped, empty or too large */
  create(request: ReplayRequest): Promise<{ replay: Replay; count: number }>;
  /** The three moves answer false when the replay is in no state for them. */
  start(id: string): Promise<boolean>;
  pause(id: string): Promise<boolean>;
  cancel(id: string): Promise<boolean>;
}

/** Flows as people and programs handle them. */
export type FlowsPort = Pick<
  FlowOperations,
  | 'list'
  | 'files'
  | 'findings'
  | 'history'
  | 'version'
  | 'compare'
  | 'check'
  | 'deploy'
  | 'deployment'
  | 'rollback'
  | 'tag'
  | 'tags'
  | 'tagged'
>;

export interface MovesPort {
  /**
   * Lets the parked message of a dead letter go on at another node.
   * @returns id of the replay that does it; undefined when there is no such dead letter
   * @throws FatalError NOT_PARKED, NOT_OPEN, NODE_UNKNOWN
   */
  moveDeadLetter(request: {
    deadLetterId: string;
    nodeId: string;
    by: string;
    reason: string;
  }): Promise<string | undefined>;
}

export interface OidcPort {
  /** What the sign-in page offers: a title, and the path where a browser starts. */
  offer: { title: string; path: string };
  /** Answers everything below the path. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
}

export interface BacktestsPort {
  /** @throws FatalError for a flow or candidate that is none, or while another one is under way */
  start(request: BacktestRequest, candidate: Candidate): Promise<Backtest>;
  get(id: string): Backtest | undefined;
}

export interface Readiness {
  ok: boolean;
  /** One entry a part: `ledger`, `dispatch`, `bus`, `flows`. */
  parts: Record<string, { ok: boolean; detail?: string }>;
}

export interface GatewayLogger {
  info(detail: object, text: string): void;
  warn(detail: object, text: string): void;
  error(detail: object, text: string): void;
}

export interface GatewayLimits {
  /** First to last byte of an inbound body, milliseconds; 15 000 unless told. */
  bodyTimeoutMs?: number;
  /** Inbound bodies held in memory at one time, bytes, over all connections; 128 MiB unless told. */
  bodiesInMemory?: number;
  /** How long a write may be in flight before its idempotency key may be used again, milliseconds; 60 000 unless told. */
  staleRequestMs?: number;
}

export interface GatewayDeps {
  ledger: Ledger;
  intake: IntakePort;
  partners: PartnersPort;
  cases: CasesPort;
  replays: ReplaysPort;
  backtests: BacktestsPort;
  /** Audits what it does. */
  templates: ClonesApi;
  flows: FlowsPort;
  hub: ChangeHub;
  moves: MovesPort;
  alerts: AlertsPort;
  ready(): Promise<Readiness>;
  tokens: TokenStore;
  access: Access;
  /** Sign-in at an OpenID provider, when one is configured. */
  oidc?: OidcPort;
  seal: Pick<AuditSeal, 'sealAll' | 'fingerprint'>;
  /** Folder of `tokens.json`. */
  dataDir: string;
  /** Whatever is none of the gateway's paths: Node-RED's editor and admin API. */
  fallback(request: IncomingMessage, response: ServerResponse): void;
  /** Epoch milliseconds. */
  now(): number;
  /** UUIDv7. */
  newId(): string;
  log: GatewayLogger;
  /** Folder of the built console. */
  consoleDir: string;
  metrics: Registry;
  limits?: GatewayLimits;
}
