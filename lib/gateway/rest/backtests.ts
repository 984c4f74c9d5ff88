/** Back-tests: recorded cases on a candidate, nothing sent. */
import { z } from 'zod';
import { type BacktestReport, candidate, changeKinds } from '../../flowtests/backtest/model';
import type { Backtest } from '../../flowtests/backtest/service';
import { isRerouteError } from '../../model/errors';
import { audit } from '../audit';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { defined, idParams, instant, instantOf, since } from '../schemas/common';
import { toInstant } from '../views/wire';

const count = z.int();
const example = z.looseObject({ caseId: z.string(), subject: z.string(), region: z.string() });
const difference = z.looseObject({ path: z.string(), before: z.unknown(), after: z.unknown() });
const regions = z.record(z.string(), count).describe('How many by region');
const outcome = z.string().nullable();
const row = z.looseObject({ before: z.int().nullable(), after: z.int().nullable() });
const call = { step: z.string(), call: z.string().describe('partner.operation') };

export const backtestReportView = z.looseObject({
  flow: z.string(),
  since: z.string(),
  until: z.string(),
  region: z.string().optional(),
  facts: count,
  cases: count,
  same: count.describe('Cases of which everything was compared and nothing differs'),
  changed: count,
  ms: z.number(),
  regions: z.array(
    z.looseObject({ region: z.string(), cases: count, decisions: count, effects: count, unanswered: count }),
  ),
  decisions: z.array(
    z.looseObject({
      ...{ before: outcome, after: outcome, count, regions },
      examples: z.array(example.extend({ row, differences: z.array(difference) })),
    }),
  ),
  effects: z.array(
    z.looseObject({
      ...call,
      ...{ kind: z.enum(changeKinds), count, regions },
      fields: z.record(z.string(), count).describe('How often each field of the input differs'),
      examples: z.array(example.extend({ differences: z.array(difference) })),
    }),
  ),
  unanswered: z
    .array(z.looseObject({ ...call, count, examples: z.array(example) }))
    .describe('Reads that nobody has recorded: the case was compared up to there'),
  assumed: z
    .array(z.looseObject({ ...call, count }))
    .describe('Actions that nobody has recorded: taken as done, without an output'),
  notTaken: z
    .looseObject({ count, examples: z.array(example) })
    .describe('Cases that the candidate does not take'),
  errors: z.array(z.looseObject({ message: z.string(), count, examples: z.array(example) })),
} satisfies Record<keyof BacktestReport, z.ZodType>);

export const backtestView = z
  .looseObject({
    id: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    flow: z.string(),
    cases: count.describe('Played so far'),
    startedAt: z.string(),
    endedAt: z.string().optional(),
    report: backtestReportView.optional(),
    message: z.string().optional().describe('Why it failed'),
  } satisfies Record<keyof Backtest, z.ZodType>)
  .meta({ id: 'Backtest' });

export const backtestRequest = z.strictObject({
  flow: z
    .string()
    .min(1)
    .max(300)
    .describe('Path below the flows folder, name of the file, or id or label of the tab'),
  candidate: candidate.describe("A flow file's nodes, a policy table, or a version of the flow"),
  since,
  until: instant.optional(),
  region: z.string().min(1).max(20).optional(),
});

function wireBacktest({ startedAt, endedAt, ...rest }: Backtest): object {
  return {
    ...rest,
    startedAt: toInstant(startedAt),
    ...(endedAt === undefined ? {} : { endedAt: toInstant(endedAt) }),
  };
}

const createBacktest = route({
  id: 'createBacktest',
  method: 'post',
  path: '/backtests',
  role: 'analyst',
  tag: 'backtests',
  summary: 'Run recorded cases on a candidate flow or policy, with recorded answers and nothing sent',
  description:
    'Cases that were detected in the period and that the flow takes. One back-test at a time; the newest 50 are remembered until a restart.',
  body: backtestRequest,
  answer: { status: 202, description: 'The back-test, under way', schema: backtestView },
  refusals: [422],
  async handle({ body, caller, deps }) {
    const { candidate: given, since: from, until, ...rest } = body;
    const now = deps.now();
    const request = {
      ...defined(rest),
      since: instantOf(from, now),
      until: until === undefined ? now : Date.parse(until),
    };
    const backtest = await deps.backtests.start(request, given).catch((error: unknown) => {
      if (!isRerouteError(error)) throw error;
      throw new Problem(422, 'no-backtest', {
        detail: error.hint === undefined ? error.message : `${error.message}. ${error.hint}`,
      });
    });
    await audit(deps, {
      actor: caller.actor,
      action: 'backtest.create',
      subject: `backtest:${backtest.id}`,
      after: { ...request, candidate: Object.keys(given) },
      outcome: 'done',
    });
    return { status: 202, body: wireBacktest(backtest) };
  },
});

const getBacktest = route({
  id: 'getBacktest',
  method: 'get',
  path: '/backtests/:id',
  role: 'analyst',
  tag: 'backtests',
  summary:
    'Which decisions and effects a candidate would change, by region, with examples, and what could not be answered',
  params: idParams,
  answer: { status: 200, description: 'The back-test', schema: backtestView },
  refusals: [404],
  async handle({ params, deps }) {
    const backtest = deps.backtests.get(params.id);
    if (!backtest)
      throw new Problem(404, 'no-such-backtest', { detail: `There is no back-test ${params.id}.` });
    return ok(wireBacktest(backtest));
  },
});

export const backtestRoutes = [createBacktest, getBacktest];
