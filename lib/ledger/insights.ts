/**
 * What screens ask of the whole ledger: counts by field, sums over time, clocks that run out, and what has changed. The sums
 * are kept by the commit that changes a case, a run or an effect; reading them costs the same however many cases there are.
 */
import type { CaseState } from '../model/case';
import type { Scope } from '../model/scope';
import type { CaseFilter } from './cases';

/** Fields of a case that a list is narrowed by. */
export const caseFacets = [
  'state',
  'severity',
  'code',
  'partner',
  'region',
  'warehouse',
  'carrier',
  'assignee',
] as const;
export type CaseFacet = (typeof caseFacets)[number];

export interface FacetCounts {
  /** Cases that fit the filter. */
  total: number;
  /** Per field its values with the number of cases that fit the rest of the filter, most first; '' stands for none. */
  facets: Record<CaseFacet, { value: string; count: number }[]>;
}

/** A sum of what was counted in one hour; `talliesOf` and `flowMeasures` name what there is. */
export interface MeasureSum {
  name: string;
  /** Hour since the epoch; measures of cases stand at the first hour of their day. */
  slot: number;
  /** Value of the dimension; '' in the sum over everything. */
  value: string;
  bucket: number;
  n: number;
}

/**
 * Counted as they are committed, by the hour, over everything and by partner: payloads, ended attempts of runs, requests
 * of effects; `acknowledged` is a duration, from the run's start to the confirmation by the owning system.
 */
export const flowMeasures = [
  'accepted',
  'duplicate',
  'attempts',
  'retried',
  'died',
  'calls',
  'failedCalls',
  'acknowledged',
] as const;

export interface MeasureRequest {
  names: readonly string[];
  /** `''` for the sum over everything, or one of `measureDims`. */
  dim: string;
  /** Hours since the epoch, the last one included. */
  from: number;
  to: number;
}

export interface ClockRequest {
  now: number;
  /** Horizons to count clocks within, milliseconds from `now`. */
  horizonsMs: number[];
  limit: number;
  scope?: Scope;
}

export interface ClocksAhead {
  /** Open cases with a running clock that has run out, and those with one that runs out within each horizon. */
  overdue: number;
  within: number[];
  /** Cases whose running clock ends next, overdue ones left out. */
  next: CaseState[];
}

export const changeKinds = ['case', 'dead-letter', 'replay', 'alert'] as const;
export interface Change {
  /** Rises with every change; what a reader remembers to go on from. */
  seq: number;
  kind: (typeof changeKinds)[number];
  /** Case, dead letter, replay or alert id. */
  ref: string;
  at: number;
  /** E.g. `DETECTED`, `open`, `running`. */
  state: string;
}

/** So many changes are kept at least; who was away for longer reads everything anew. */
export const keptChanges = 20_000;

export interface SavedView {
  id: string;
  name: string;
  /** Screen and query as they stand in the address, e.g. `cases?severity=S1`. */
  location: string;
  owner: string;
  /** Seen by everybody; only its owner changes it. */
  shared: boolean;
  at: number;
}

export interface InsightQueries {
  /** Facets of the filter; each field's own part of the filter is left out of its counts. */
  caseFacets(filter: CaseFilter): Promise<FacetCounts>;
  /** Open cases by value of a dimension of `measureDims`. */
  openBy(dim: string): Promise<{ value: string; count: number }[]>;
  /** Open cases by severity and age; `bounds` are ages in milliseconds, rising: one more count than bounds. */
  caseAges(now: number, bounds: number[], scope?: Scope): Promise<{ severity: string; counts: number[] }[]>;
  clocksAhead(request: ClockRequest): Promise<ClocksAhead>;
  measures(request: MeasureRequest): Promise<MeasureSum[]>;
  openDeadLetters(): Promise<number>;
  /** Number of the latest change, 0 when there is none. */
  lastChange(): Promise<number>;
  /** Changes after `seq`, oldest first; `gap` when some after it are no longer kept. */
  changes(seq: number, limit: number): Promise<{ gap: boolean; changes: Change[] }>;
}

export interface SavedViewStore {
  /** Own and shared ones, by name. */
  savedViews(owner: string): Promise<SavedView[]>;
  saveView(view: SavedView): Promise<void>;
  /** False when there is none of this owner. */
  removeView(id: string, owner: string): Promise<boolean>;
}
