/** How things stand and how they went, from the counters and sums that the ledger keeps. */
import { z } from 'zod';
import { measureDims } from '../../model/measures';
import { ok, route } from '../route';
import { overview } from '../schemas/answers';
import { instant, pageOf } from '../schemas/common';
import { agingView, overviewMeasures, scorecard, seriesView } from '../schemas/insights';
import { daysBack, defaultWindowDays } from '../views/measures';
import { agingBoundsMs, assembleOverview } from '../views/overview';
import { csvOf, scorecardsOf } from '../views/scorecards';
import { pointsOf, seriesNames } from '../views/series';

const hourMs = 3_600_000;
/** The longest window of a series or scorecard, days. */
const maxDays = 400;
const days = z.coerce.number().int().min(1).max(maxDays).default(defaultWindowDays);

export const metricsRoutes = [
  route({
    id: 'overview',
    method: 'get',
    path: '/metrics/overview',
    role: 'viewer',
    tag: 'metrics',
    scope: 'filtered',
    summary: 'Open cases, clocks, measures, runs, backlog and partner health at a glance',
    answer: { status: 200, description: 'How things stand', schema: overview.extend(overviewMeasures) },
    handle: async ({ deps, reach }) =>
      ok(
        await assembleOverview(
          deps.ledger,
          deps.partners.list().filter(({ id }) => reach.seesPartner(id)),
          deps.now(),
          reach.scope,
        ),
      ),
  }),
  route({
    id: 'aging',
    method: 'get',
    path: '/metrics/aging',
    role: 'viewer',
    tag: 'metrics',
    summary: 'Open cases by severity and age',
    answer: { status: 200, description: 'Counts by age', schema: agingView },
    handle: async ({ deps }) =>
      ok({ boundsMs: agingBoundsMs, rows: await deps.ledger.caseAges(deps.now(), agingBoundsMs) }),
  }),
  route({
    id: 'scorecards',
    method: 'get',
    path: '/metrics/partners',
    role: 'viewer',
    tag: 'metrics',
    summary: 'Scorecards of partners, warehouses, carriers, regions or codes; as CSV where that is asked for',
    query: z.strictObject({
      by: z.enum(measureDims).default('partner'),
      days,
      format: z.enum(['json', 'csv']).default('json'),
    }),
    answer: { status: 200, description: 'Most open first', schema: pageOf(scorecard) },
    async handle({ query, deps }) {
      const cards = await scorecardsOf(deps.ledger, query.by, daysBack(deps.now(), query.days));
      if (query.format === 'json') return ok({ items: cards, nextCursor: null, total: cards.length });
      return {
        status: 200,
        mediaType: 'text/csv; charset=utf-8',
        bytes: Buffer.from(csvOf(cards, query.by)),
        headers: { 'content-disposition': `attachment; filename="scorecards-${query.by}.csv"` },
      };
    },
  }),
  route({
    id: 'series',
    method: 'get',
    path: '/metrics/series',
    role: 'viewer',
    tag: 'metrics',
    summary: 'One measure over time',
    query: z
      .strictObject({
        name: z.enum(seriesNames),
        from: instant.optional().describe('30 days ago unless told'),
        to: instant.optional(),
        step: z.enum(['hour', 'day']).default('day').describe('Measures of cases are kept by the day'),
        by: z.enum(measureDims).optional().describe('One point for each value of it'),
      })
      .refine(({ from, to }) => from === undefined || spanDays(from, to) <= maxDays, {
        message: `a series covers ${maxDays} days at the most`,
      }),
    answer: { status: 200, description: 'Points in time order', schema: seriesView },
    async handle({ query: { name, from, to, step, by }, deps }) {
      const now = deps.now();
      const window = {
        from:
          from === undefined ? daysBack(now, defaultWindowDays).from : Math.floor(Date.parse(from) / hourMs),
        to: Math.floor((to === undefined ? now : Date.parse(to)) / hourMs),
      };
      const sums = await deps.ledger.measures({ names: [name], dim: by ?? '', ...window });
      return ok({ name, by: by ?? null, step, points: pointsOf(name, sums, step, by !== undefined) });
    },
  }),
];

function spanDays(from: string, to: string | undefined): number {
  return ((to === undefined ? Date.now() : Date.parse(to)) - Date.parse(from)) / (24 * hourMs);
}
