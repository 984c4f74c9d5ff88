/** Facts, shipment views, cases and cross-references. */
import type { CaseEvent, CaseState } from '../model/case';
import type { Fact } from '../model/fact';
import type { Scope } from '../model/scope';
import type { ShipmentView } from '../model/shipment';
import type { AuditSeed } from './operators';
import type { Lease, Page, PageRequest } from './port';
import type { RunSeed } from './runs';

/** An identifier as it is searched: see `identifierTokens`. */
export interface IdentifierToken {
  kind: string;
  namespace: string;
  value: string;
  normalized: string;
}

export interface FactSeed {
  fact: Fact;
  /** Raw payload and run it came from. */
  rawId?: string;
  runId?: string;
  partner: string;
  /** Indexed for `q` and for the trace. */
  tokens: IdentifierToken[];
}

export interface StoredFact extends FactSeed {
  partition: number;
  seq: number;
}

export interface VersionedShipment {
  key: string;
  version: number;
  view: ShipmentView;
}

export interface ShipmentWrite {
  key: string;
  expectedVersion: number;
  view: ShipmentView;
  /** When the shipment is to be looked at although no fact comes; an earlier time that is known already stays. */
  watchAt?: number;
}

export interface CaseWrite {
  state: CaseState;
  /** 0 for a new case. The stored version must be this one. */
  expectedVersion: number;
  events: CaseEvent[];
  tokens: IdentifierToken[];
  /** Facts that belong to the case. */
  factIds: string[];
}

export interface RecordCommit {
  facts: FactSeed[];
  shipments: ShipmentWrite[];
  cases: CaseWrite[];
  /** Runs that the change starts; the same partition. */
  runs: RunSeed[];
  audit: AuditSeed[];
  now: number;
}

export interface RecordContext {
  /** Those of the asked fact ids that are in the ledger already. */
  knownFactIds: string[];
  shipments: VersionedShipment[];
  /** Cases on the asked shipments that are not CLOSED, or were closed or suppressed within the last 30 days, newest first. */
  cases: CaseState[];
}

export interface CaseStore {
  /** What a record needs to know, in one read. */
  recordContext(
    partition: number,
    request: { factIds: string[]; subjects: string[]; now: number },
  ): Promise<RecordContext>;
  /**
   * One commit of facts, shipment views, case changes, the runs they start and audit entries. Known facts are skipped.
   * @throws VersionConflictError when a shipment or a case has moved on, or a second open case for (tenant, subject, code)
   * would arise; then nothing is written.
   */
  record(partition: number, commit: RecordCommit): Promise<{ facts: ('appended' | 'duplicate')[] }>;
  /** Shipments of the partition whose time has come, the most overdue first. */
  dueShipments(partition: number, request: { now: number; limit: number }): Promise<VersionedShipment[]>;
  /**
   * Sets when each is looked at next; never, where there is no time. One that has changed since it was read keeps the time that its
   * change has set.
   */
  watchShipments(
    lease: Lease,
    watches: { key: string; expectedVersion: number; at?: number }[],
  ): Promise<void>;
}

export interface CaseFilter {
  state?: string[];
  code?: string[];
  severity?: string[];
  partner?: string;
  region?: string;
  warehouse?: string;
  carrier?: string;
  /** '' finds those of nobody. */
  assignee?: string;
  /** Detected at or after, and before. */
  detectedFrom?: number;
  detectedTo?: number;
  /** Open, with a clock still running that ends before this time. */
  dueBefore?: number;
  /** The incident that they wait for. */
  parent?: string;
  /** Any identifier, exact after normalisation, or its beginning. */
  q?: string;
  /** What the caller is limited to; a region covers its subdivisions. */
  scope?: Scope;
}
export const caseSorts = ['-detectedAt', 'detectedAt', 'severity', 'resolveDueAt'] as const;

export interface FactFilter {
  partner?: string;
  /** Any of these; none when empty. */
  partners?: string[];
  subject?: string;
  code?: string;
  since?: number;
  until?: number;
  q?: string;
}

/** How one identifier became known to be the same thing as another. */
export interface IdentifierLink {
  kind: string;
  namespace: string;
  value: string;
  subject: string;
  firstFactId: string;
  firstAt: number;
  assertedBy: string;
}

export interface CaseQueries {
  case(id: string): Promise<CaseState | undefined>;
  caseEvents(id: string): Promise<CaseEvent[]>;
  cases(
    filter: CaseFilter,
    page: PageRequest & { sort?: (typeof caseSorts)[number] },
  ): Promise<Page<CaseState>>;
  casesBySubjects(subjects: string[]): Promise<CaseState[]>;
  factsByCase(id: string): Promise<StoredFact[]>;
  fact(id: string): Promise<StoredFact | undefined>;
  facts(filter: FactFilter, page: PageRequest): Promise<Page<StoredFact>>;
  factsBySubjects(subjects: string[], limit: number): Promise<StoredFact[]>;
  shipment(key: string): Promise<VersionedShipment | undefined>;
  /** Subjects that carry the identifier; then the identifiers of subjects: the two steps of a walk through the links. */
  subjectsOf(normalized: string[]): Promise<IdentifierLink[]>;
  linksOf(subjects: string[]): Promise<IdentifierLink[]>;
  /** Counts of cases that are not ended, by state, code and severity; within a scope they are counted, else they are kept. */
  caseCounts(scope?: Scope): Promise<{ state: string; code: string; severity: string; count: number }[]>;
  /** Open cases whose acknowledge or resolve clock ran out before `now`. */
  breachedCases(now: number, limit: number): Promise<CaseState[]>;
}
