/** How things stand, from counters the ledger keeps. */
import type { PartnerStatus } from '../../engine/api';
import { ok, route } from '../route';
import { overview } from '../schemas/answers';
import { toInstant } from '../views/wire';

export const metricsRoutes = [
  route({
    id: 'overview',
    method: 'get',
    path: '/metrics/overview',
    role: 'viewer',
    tag: 'metrics',
    scope: 'filtered',
    summary: 'Open cases, runs, backlog and partner health at a glance',
    answer: { status: 200, description: 'Counts now', schema: overview },
    async handle({ deps, reach }) {
      const [cases, runs, backlog] = await Promise.all([
        deps.ledger.caseCounts(reach.scope),
        deps.ledger.runCounts(),
        deps.ledger.backlog(),
      ]);
      const partners = deps.partners.list().filter((partner) => reach.seesPartner(partner.id));
      return ok({
        at: toInstant(deps.now()),
        cases: countCases(cases),
        // Runs are counted over everything: a part of them has no count.
        runs: reach.scope ? {} : runs,
        backlog: reach.scope ? backlogOf(partners, backlog.byPartner) : backlog,
        ...countPartners(partners),
      });
    },
  }),
];

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

function backlogOf(partners: PartnerStatus[], all: Record<string, number>) {
  const byPartner = Object.fromEntries(
    partners.flatMap(({ id }) => (all[id] === undefined ? [] : [[id, all[id]]])),
  ) as Record<string, number>;
  return { total: Object.values(byPartner).reduce((sum, count) => sum + count, 0), byPartner };
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
