/** Measures of the console from the sums that the ledger keeps. */
import type { MeasureSum } from '../../ledger/insights';
import type { Ledger } from '../../ledger/port';
import { dayOf, hourOf, percentileOf } from '../../model/measures';
import { coversRegion, type Scope } from '../../model/scope';

/** How far back the overview looks unless told otherwise. */
export const defaultWindowDays = 30;

export interface Window {
  from: number;
  to: number;
}

/** The last `days` days of UTC, today among them, in hours since the epoch. */
export function daysBack(now: number, days: number): Window {
  return { from: dayOf(now) - (days - 1) * 24, to: hourOf(now) };
}

export interface Durations {
  count: number;
  p50Ms: number | null;
  p90Ms: number | null;
}

export function durationsOf(sums: MeasureSum[]): Durations {
  return {
    count: totalOf(sums),
    p50Ms: percentileOf(sums, 0.5) ?? null,
    p90Ms: percentileOf(sums, 0.9) ?? null,
  };
}

export const totalOf = (sums: MeasureSum[]): number => sums.reduce((sum, { n }) => sum + n, 0);

/** 0 to 1; null when there was nothing. */
export const rateOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export function byName(sums: MeasureSum[]): (name: string) => MeasureSum[] {
  const groups = Map.groupBy(sums, ({ name }) => name);
  return (name) => groups.get(name) ?? [];
}

export const caseMeasureNames = [
  'detected',
  'recurred',
  'mttd',
  'mttr',
  'acknowledgeMet',
  'acknowledgeMissed',
  'resolveMet',
  'resolveMissed',
  'suppressed',
  'cancelled',
  'backorderAvoided',
] as const;

/** What a limited caller's sums are added up from. */
interface Within {
  scope: Scope;
  /** The partners that the scope covers. */
  partners: ReadonlySet<string>;
}

/** Nobody keeps sums of each pair of region and partner; these measures of cases are then not available. */
const ofCases = ['detection', 'remediation', 'sla', 'recurrence', 'backordersAvoided'];
const limitsBoth = (scope: Scope | undefined): boolean =>
  scope?.regions !== undefined && scope.partners !== undefined;

/** Measures of the overview that cannot be told within a scope. */
export const unkeptOf = (scope: Scope | undefined): string[] => (limitsBoth(scope) ? ofCases : []);

type Request = { names: readonly string[] } & Window;

/** Cases have a partner and a region of their own. */
async function caseSums(ledger: Ledger, request: Request, within: Within | undefined): Promise<MeasureSum[]> {
  if (!within) return ledger.measures({ ...request, dim: '' });
  const { scope } = within;
  if (limitsBoth(scope)) return [];
  const { regions, partners } = scope;
  const sums = await ledger.measures({ ...request, dim: partners ? 'partner' : 'region' });
  return sums.filter(({ value }) =>
    partners ? partners.includes(value) : coversRegion(regions ?? [], value),
  );
}

/** Traffic belongs to partners, and these to a region. */
async function partnerSums(
  ledger: Ledger,
  request: Request,
  within: Within | undefined,
): Promise<MeasureSum[]> {
  if (!within) return ledger.measures({ ...request, dim: '' });
  const sums = await ledger.measures({ ...request, dim: 'partner' });
  return sums.filter(({ value }) => within.partners.has(value));
}

export async function overviewMeasuresOf(
  ledger: Ledger,
  now: number,
  erps: ReadonlySet<string>,
  within?: Within,
) {
  const window = daysBack(now, defaultWindowDays);
  const lastDay = { from: hourOf(now) - 23, to: hourOf(now) };
  const flow = ['accepted', 'duplicate', 'attempts', 'retried', 'calls', 'failedCalls'];
  const [cases, acknowledged, flows] = await Promise.all([
    caseSums(ledger, { names: caseMeasureNames, ...window }, within),
    ledger.measures({ names: ['acknowledged'], dim: 'partner', ...window }),
    partnerSums(ledger, { names: flow, ...lastDay }, within),
  ]);
  const of = byName(cases);
  const count = (name: string): number => totalOf(of(name));
  return {
    windowDays: defaultWindowDays,
    detection: durationsOf(of('mttd')),
    remediation: durationsOf(of('mttr')),
    erpLag: durationsOf(acknowledged.filter(({ value }) => erps.has(value))),
    sla: {
      acknowledge: adherenceOf(count('acknowledgeMet'), count('acknowledgeMissed')),
      resolve: adherenceOf(count('resolveMet'), count('resolveMissed')),
    },
    recurrence: {
      detected: count('detected'),
      recurred: count('recurred'),
      rate: rateOf(count('recurred'), count('detected')),
    },
    backordersAvoided: count('backorderAvoided'),
    lastDay: flowOf(flows),
  };
}

function adherenceOf(met: number, missed: number) {
  return { met, missed, rate: rateOf(met, met + missed) };
}

function flowOf(sums: MeasureSum[]) {
  const of = byName(sums);
  const count = (name: string): number => totalOf(of(name));
  const [attempts, retried, calls, failedCalls] = [
    count('attempts'),
    count('retried'),
    count('calls'),
    count('failedCalls'),
  ];
  const [accepted, duplicates] = [count('accepted'), count('duplicate')];
  return {
    attempts,
    retried,
    retryRate: rateOf(retried, attempts),
    calls,
    failedCalls,
    failureRate: rateOf(failedCalls, calls),
    accepted,
    duplicates,
    duplicateRate: rateOf(duplicates, accepted + duplicates),
  };
}
