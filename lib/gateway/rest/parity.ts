/** Whether a partner says the same as the other one of its lane, and may take over from it. */
import { z } from 'zod';
import { parityReport, verdicts } from '../../engine/parity/report';
import type { PartnersPort } from '../deps';
import { Problem } from '../problems';
import type { Reach } from '../reach';
import { ok, route } from '../route';
import { idParams, instantOf, since } from '../schemas/common';
import { toInstant } from '../views/wire';

const count = z.int();
const side = z.looseObject({ factId: z.string(), value: z.unknown() });
const alone = z.array(
  z.looseObject({
    code: z.string(),
    count,
    examples: z.array(z.looseObject({ factId: z.string(), subject: z.string(), eventTime: z.string() })),
  }),
);
const share = z.number().min(0).max(1);

export const parityView = z
  .looseObject({
    lane: z.string(),
    referencePartner: z.string(),
    candidatePartner: z.string(),
    since: z.string(),
    until: z.string(),
    threshold: share,
    verdict: z.enum(verdicts),
    reasons: z.array(z.string()),
    coverage: share.describe('Settled facts of the reference that the candidate has too'),
    agreement: share.describe('Compared fields that agree, of those that the reference states'),
    reference: count.describe('Facts of the reference'),
    candidate: count.describe('Facts of the candidate'),
    paired: count,
    pending: count.describe('Too young to be missed'),
    fields: z.array(
      z.looseObject({
        field: z.string(),
        agree: count,
        differ: count,
        missing: count.describe('The reference says it, the candidate does not'),
        added: count.describe('The candidate says it, the reference does not'),
        examples: z.array(z.looseObject({ subject: z.string(), reference: side, candidate: side })),
      }),
    ),
    onlyReference: alone,
    onlyCandidate: alone,
    truncated: z.boolean(),
  })
  .meta({ id: 'Parity' });

/** The one other partner of the lane, or the one that was named. */
function against(
  partners: PartnersPort,
  reach: Reach,
  candidate: string,
  named: string | undefined,
): { lane: string; reference: string } {
  const own = partners.get(candidate);
  if (!own || !reach.seesPartner(candidate))
    throw new Problem(404, 'unknown-partner', { detail: `There is no partner ${candidate}.` });
  const lane = own.tradeLane;
  const others = partners
    .list()
    .filter((one) => reach.seesPartner(one.id))
    .filter((one) => one.id !== candidate && lane !== undefined && one.tradeLane === lane);
  const [only] = named === undefined ? others : others.filter((one) => one.id === named);
  if (lane === undefined || !only)
    throw new Problem(422, 'no-lane', {
      detail: 'No other partner stands on the lane of this one. Give both the same lane in their nodes.',
    });
  if (named === undefined && others.length > 1)
    throw new Problem(422, 'lane-crowded', {
      detail: `Name one with against: ${others.map((one) => one.id).join(', ')}.`,
    });
  return { lane, reference: only.id };
}

export const parityRoutes = [
  route({
    id: 'partnerParity',
    method: 'get',
    path: '/partners/:id/parity',
    role: 'viewer',
    scope: 'item',
    tag: 'partners',
    summary:
      'Field by field whether a partner says the same as the other one of its lane, and a verdict on cutting over',
    params: idParams,
    query: z.strictObject({
      against: z
        .string()
        .max(63)
        .optional()
        .describe('The partner that is trusted today; needed where the lane has more than two'),
      since,
      threshold: z.coerce.number().min(0).max(1).default(0.98),
    }),
    answer: { status: 200, description: 'The comparison', schema: parityView },
    refusals: [404, 422],
    async handle({ params, query, deps, reach }) {
      const { lane, reference } = against(deps.partners, reach, params.id, query.against);
      const now = deps.now();
      const report = await parityReport(deps.ledger, {
        reference,
        candidate: params.id,
        since: instantOf(query.since, now),
        now,
        threshold: query.threshold,
      });
      return ok({ lane, ...report, since: toInstant(report.since), until: toInstant(report.until) });
    },
  }),
];
