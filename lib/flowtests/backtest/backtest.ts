/**
 * The back-test: cases of a period on a candidate flow or policy, with the answers that partners gave then, and nothing sent. The ledger
 * is read through its port; the cases are played in processes of their own.
 */
import { availableParallelism } from 'node:os';
import { loadCalendars } from '../../flowfiles/calendars';
import type { FlowNode } from '../../flowfiles/format';
import type { Ledger } from '../../ledger/port';
import type { RegionCalendars } from '../../model/calendar';
import type { CaseState } from '../../model/case';
import { aboutCase } from '../capsule/record';
import { refuseRegionFile } from '../files';
import { candidateNodes, type FlowVersions, findFlow, takenCodes, takes } from './candidate';
import type { BacktestCase, BacktestReport, BacktestRequest, Candidate } from './model';
import { playAll } from './pool';
import { ReportBuilder } from './report';

export interface BacktestDeps {
  ledger: Ledger;
  flowsDir: string;
  versions?: FlowVersions;
  /** Worker processes; one a core, four at most, unless told. */
  workers?: number;
  /** Cases of which the outcome is known. */
  progress?: (cases: number) => void;
  /** Ends it after the batches under way. */
  isCancelled?: () => boolean;
}

const batchSize = 20;
const pageSize = 200;
const maxWorkers = 4;

/** @throws FatalError UNKNOWN_FLOW, UNKNOWN_VERSION, UNKNOWN_POLICY, OUTWARD_NODE or BACKTEST_FAILED */
export async function backtest(
  deps: BacktestDeps,
  request: BacktestRequest,
  candidate: Candidate,
): Promise<BacktestReport> {
  const startedAt = performance.now();
  const flow = findFlow(deps.flowsDir, request.flow);
  const flows = await candidateNodes(flow, request.flow, candidate, deps.versions);
  const builder = new ReportBuilder();
  let cases = 0;
  await playAll(
    { flows, calendars: calendarsOf(deps.flowsDir) },
    batches(deps, request, flow.nodes),
    deps.workers ?? Math.min(maxWorkers, availableParallelism()),
    (results) => {
      for (const result of results) builder.add(result);
      cases += results.length;
      deps.progress?.(cases);
    },
  );
  return builder.report(request, Math.round(performance.now() - startedAt));
}

/** @throws FatalError REGION_FILE_BROKEN */
function calendarsOf(flowsDir: string): Map<string, RegionCalendars> {
  const calendars = new Map<string, RegionCalendars>();
  loadCalendars(flowsDir, calendars, refuseRegionFile);
  return calendars;
}

/** Cases that the flow took, newest first, with everything that is recorded about them. */
async function* batches(
  { ledger, isCancelled }: BacktestDeps,
  request: BacktestRequest,
  nodes: readonly FlowNode[],
): AsyncGenerator<BacktestCase[]> {
  let batch: CaseState[] = [];
  for await (const state of casesOf(ledger, request, takenCodes(nodes))) {
    if (isCancelled?.()) return;
    // Without a plan or an attempt to decide, no flow had it.
    if (!takes(nodes, state)) continue;
    batch.push(state);
    if (batch.length < batchSize) continue;
    yield await about(ledger, batch);
    batch = [];
  }
  if (batch.length > 0) yield await about(ledger, batch);
}

async function about(ledger: Ledger, states: CaseState[]): Promise<BacktestCase[]> {
  return Promise.all(
    states.map(async (known) => {
      const { state, events, facts, effects, parked } = await aboutCase(ledger, known);
      return { state, events, facts, effects, parked };
    }),
  );
}

async function* casesOf(
  ledger: Ledger,
  { since, until, region }: BacktestRequest,
  codes: string[],
): AsyncGenerator<CaseState> {
  const filter = {
    ...(codes.length === 0 ? {} : { code: codes }),
    ...(region === undefined ? {} : { region }),
  };
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Ledger['cases']>> = await ledger.cases(filter, {
      ...{ limit: pageSize, sort: '-detectedAt' },
      ...(cursor === null ? {} : { cursor }),
    });
    for (const state of page.items) {
      if (state.detectedAt < since) return;
      if (state.detectedAt <= until) yield state;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}
