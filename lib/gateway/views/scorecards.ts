/** Scorecards: how each partner, warehouse, carrier, region or code did within a time, from the sums of the ledger. */
import type { MeasureSum } from '../../ledger/insights';
import type { Ledger } from '../../ledger/port';
import type { MeasureDim } from '../../model/measures';
import { byName, caseMeasureNames, durationsOf, rateOf, totalOf, type Window } from './measures';

export interface Scorecard {
  value: string;
  open: number;
  detected: number;
  recurred: number;
  recurrenceRate: number | null;
  mttdP50Ms: number | null;
  mttrP50Ms: number | null;
  mttrP90Ms: number | null;
  acknowledgeAdherence: number | null;
  resolveAdherence: number | null;
  suppressed: number;
  cancelled: number;
  calls?: number;
  failedCalls?: number;
  duplicates?: number;
}

const flowNames = ['calls', 'failedCalls', 'duplicate'];

/** Most open first; '' stands for what has no value of the dimension. */
export async function scorecardsOf(ledger: Ledger, dim: MeasureDim, window: Window): Promise<Scorecard[]> {
  const names = dim === 'partner' ? [...caseMeasureNames, ...flowNames] : caseMeasureNames;
  const [sums, open] = await Promise.all([ledger.measures({ names, dim, ...window }), ledger.openBy(dim)]);
  const openOf = new Map(open.map(({ value, count }) => [value, count]));
  const groups = Map.groupBy(sums, ({ value }) => value);
  const values = new Set([...openOf.keys(), ...groups.keys()]);
  return [...values]
    .map((value) => cardOf(value, openOf.get(value) ?? 0, groups.get(value) ?? [], dim === 'partner'))
    .sort((a, b) => b.open - a.open || b.detected - a.detected || (a.value < b.value ? -1 : 1));
}

function cardOf(value: string, open: number, sums: MeasureSum[], flows: boolean): Scorecard {
  const of = byName(sums);
  const count = (name: string): number => totalOf(of(name));
  const remediation = durationsOf(of('mttr'));
  const adherence = (name: string): number | null =>
    rateOf(count(`${name}Met`), count(`${name}Met`) + count(`${name}Missed`));
  return {
    value,
    open,
    detected: count('detected'),
    recurred: count('recurred'),
    recurrenceRate: rateOf(count('recurred'), count('detected')),
    mttdP50Ms: durationsOf(of('mttd')).p50Ms,
    mttrP50Ms: remediation.p50Ms,
    mttrP90Ms: remediation.p90Ms,
    acknowledgeAdherence: adherence('acknowledge'),
    resolveAdherence: adherence('resolve'),
    suppressed: count('suppressed'),
    cancelled: count('cancelled'),
    ...(flows && {
      calls: count('calls'),
      failedCalls: count('failedCalls'),
      duplicates: count('duplicate'),
    }),
  };
}

/**
 * RFC 4180. A value that a spreadsheet would take for a formula gets an apostrophe in front
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvOf(cards: Scorecard[], dim: string): string {
  const columns = Object.keys(cards[0] ?? cardOf('', 0, [], dim === 'partner')) as (keyof Scorecard)[];
  const head = columns.map((name) => (name === 'value' ? dim : name));
  const lines = cards.map((card) => columns.map((name) => cell(card[name])).join(','));
  return `${[head.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value: string | number | null | undefined): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
