/** How things stand, from the counters and sums that the ledger keeps. */
import type { PartnerStatus } from '../../engine/api';
import type { Ledger } from '../../ledger/port';
import { openStates } from '../../model/case';
import { measureDims } from '../../model/measures';
import type { Scope } from '../../model/scope';
import { rankAtRisk } from './at-risk';
import { overviewMeasuresOf, unkeptOf } from './measures';
import { toInstant } from './wire';

const hourMs = 3_600_000;
/** Ages that part the buckets: 4 h, 8 h, 24 h, 2 d, 5 d, 10 d. */
export const agingBoundsMs = [4, 8, 24, 48, 120, 240].map((hours) => hours * hourMs);

/** Shipments of which nobody can say how they stand. */
export const unresolvedCodes = ['UNMAPPED_STATUS', 'IDENTIFIER_UNRESOLVED', 'TRACKING_STALLED'];

/** So many of the clocks that end next are weighed against each other, and so many of them shown. */
const weighed = 100;
const shown = 10;

/** @param partners those within the scope */
export async function assembleOverview(
  ledger: Ledger,
  partners: PartnerStatus[],
  now: number,
  scope?: Scope,
) {
  const limit = scope === undefined ? {} : { scope };
  const erps = new Set(partners.filter(({ kinds }) => kinds?.includes('erp')).map(({ id }) => id));
  const [cases, runs, backlog, by, aging, ahead, measured, deadLetters] = await Promise.all([
    ledger.caseCounts(scope),
    ledger.runCounts(),
    ledger.backlog(),
    openByDims(ledger, scope),
    ledger.caseAges(now, agingBoundsMs, scope),
    ledger.clocksAhead({ now, horizonsMs: [hourMs, 4 * hourMs, 24 * hourMs], limit: weighed, ...limit }),
    overviewMeasuresOf(
      ledger,
      now,
      erps,
      scope && { scope, partners: new Set(partners.map(({ id }) => id)) },
    ),
    scope ? lettersOf(ledger, partners) : ledger.openDeadLetters(),
  ]);
  const [withinHour = 0, withinFourHours = 0, withinDay = 0] = ahead.within;
  const counted = countCases(cases);
  return {
    at: toInstant(now),
    cases: counted,
    // Runs are counted over everything: a part of them has no count.
    runs: scope ? {} : runs,
    backlog: scope ? backlogOf(partners, backlog.byPartner) : backlog,
    ...countPartners(partners),
    by,
    aging: { boundsMs: agingBoundsMs, rows: aging },
    clocks: {
      overdue: ahead.overdue,
      withinHour,
      withinFourHours,
      withinDay,
      atRisk: rankAtRisk(ahead.next, now, shown),
    },
    ...measured,
    unresolvedStates: unresolvedOf(counted.byCode),
    deadLetters: { open: deadLetters },
    unavailable: [...(scope ? ['runs'] : []), ...unkeptOf(scope)],
  };
}

/** Within a scope the cases are counted, else the sums are read that are kept. */
async function openByDims(
  ledger: Ledger,
  scope: Scope | undefined,
): Promise<Record<string, { value: string; count: number }[]>> {
  if (scope) {
    const { facets } = await ledger.caseFacets({ state: [...openStates], scope });
    return Object.fromEntries(measureDims.map((dim) => [dim, facets[dim]]));
  }
  const lists = await Promise.all(measureDims.map(async (dim) => [dim, await ledger.openBy(dim)] as const));
  return Object.fromEntries(lists);
}

/** As many as the caller's list holds. */
async function lettersOf(ledger: Ledger, partners: PartnerStatus[]): Promise<number> {
  const groups = await ledger.deadLetterGroups({ state: 'open', partners: partners.map(({ id }) => id) });
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function backlogOf(partners: PartnerStatus[], all: Record<string, number>) {
  const byPartner = Object.fromEntries(partners.map(({ id }) => [id, all[id] ?? 0]));
  return { total: Object.values(byPartner).reduce((sum, count) => sum + count, 0), byPartner };
}

function unresolvedOf(byCode: Record<string, number>) {
  const found = unresolvedCodes.map((code) => [code, byCode[code] ?? 0] as const);
  return { total: found.reduce((sum, [, n]) => sum + n, 0), byCode: Object.fromEntries(found) };
}

type CaseCount = { state: string; code: string; severity: string; count: number };

export function countCases(counts: CaseCount[]): {
  open: number;
  byState: Record<string, number>;
  byCode: Record<string, number>;
  bySeverity: Record<string, number>;
} {
  const by = (nameOf: (item: CaseCount) => string): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const item of counts) sums[nameOf(item)] = (sums[nameOf(item)] ?? 0) + item.count;
    return sums;
  };
  return {
    open: counts.reduce((sum, item) => sum + item.count, 0),
    byState: by((item) => item.state),
    byCode: by((item) => item.code),
    bySeverity: by((item) => item.severity),
  };
}

function countPartners(partners: PartnerStatus[]) {
  return {
    calls: {
      ok: partners.reduce((sum, { calls }) => sum + calls.ok, 0),
      failed: partners.reduce((sum, { calls }) => sum + calls.failed, 0),
    },
    partners: {
      total: partners.length,
      held: partners.filter(({ control }) => control?.held === true).length,
      breakersOpen: partners.filter(({ breaker }) => breaker !== 'closed').length,
    },
  };
}
