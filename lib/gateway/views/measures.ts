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

/**
 * Sums within a scope are added up from those of its partners, or else of its regions; a scope of both would need sums of each
 * pair, which nobody keeps, and is answered with nothing rather than with what it does not cover.
 */
async function sumsWithin(
  ledger: Ledger,
  request: { names: readonly string[] } & Window,
  scope: Scope | undefined,
  dims: readonly ('partner' | 'region')[],
): Promise<MeasureSum[]> {
  const { regions, partners } = scope ?? {};
  if (!regions && !partners) return ledger.measures({ ...request, dim: '' });
  const dim = partners ? 'partner' : 'region';
  if ((regions && partners) || !dims.includes(dim)) return [];
  const sums = await ledger.measures({ ...request, dim });
  return sums.filter(({ value }) =>
    partners ? partners.includes(value) : coversRegion(regions ?? [], value),
  );
}

export async function overviewMeasuresOf(
  ledger: Ledger,
  now: number,
  erps: ReadonlySet<string>,
  scope?: Scope,
) {
  const window = daysBack(now, defaultWindowDays);
  const lastDay = { from: hourOf(now) - 23, to: hourOf(now) };
  const flow = ['accepted', 'duplicate', 'attempts', 'retried', 'calls', 'failedCalls'];
  const [cases, acknowledged, flows] = await Promise.all([
    sumsWithin(ledger, { names: caseMeasureNames, ...window }, scope, ['partner', 'region']),
    ledger.measures({ names: ['acknowledged'], dim: 'partner', ...window }),
    sumsWithin(ledger, { names: flow, ...lastDay }, scope, ['partner']),
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
