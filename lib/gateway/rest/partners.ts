/** Partners: how they are, and what operators set on them. */
import { z } from 'zod';
import { type PartnerStatus, partnerModes } from '../../engine/api';
import { changesOf, forbiddenTo } from '../edits';
import { Problem } from '../problems';
import { roles } from '../roles';
import { ok, route } from '../route';
import { partnerView } from '../schemas/answers';
import { idParams, reason } from '../schemas/common';
import { withInstants } from '../views/wire';

const noPartner = (id: string): Problem =>
  new Problem(404, 'unknown-partner', { detail: `There is no partner ${id}.` });

const wirePartner = (status: PartnerStatus): unknown =>
  withInstants({ ...status, control: status.control ?? null });

export const partnerAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('hold'), reason }).describe('Calls wait; deliveries are still taken in'),
  z
    .strictObject({ action: z.literal('drain'), reason })
    .describe('What is under way ends, nothing new starts'),
  z.strictObject({ action: z.literal('resume'), reason }),
  z.strictObject({ action: z.literal('mode'), reason, mode: z.enum(partnerModes) }),
]);

const inspection = z
  .looseObject({
    ok: z.boolean().describe('Something would be recorded and nothing rejected'),
    facts: z.array(z.unknown()).describe('What would be recorded'),
    reports: z.array(
      z.looseObject({
        kind: z.enum(['not-a-fact', 'rejected']),
        code: z.string(),
        message: z.string(),
        at: z.string().optional().describe('Where in the payload'),
      }),
    ),
    changes: z
      .array(
        z.looseObject({
          path: z.string(),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
          role: z.enum(roles).describe('Who may make this change'),
          allowed: z.boolean().describe('Whether this caller may'),
        }),
      )
      .describe('What the edit changes'),
  })
  .meta({ id: 'Inspection' });

export const partnerRoutes = [
  route({
    id: 'listPartners',
    method: 'get',
    path: '/partners',
    role: 'viewer',
    tag: 'partners',
    scope: 'filtered',
    summary: 'Every partner with mode, limits, breaker, lane and backlog',
    answer: {
      status: 200,
      description: 'All partners',
      schema: z.object({ items: z.array(partnerView), nextCursor: z.null(), total: z.int() }),
    },
    async handle({ deps, reach }) {
      const partners = deps.partners.list().filter((partner) => reach.seesPartner(partner.id));
      return ok({ items: partners.map(wirePartner), nextCursor: null, total: partners.length });
    },
  }),
  route({
    id: 'getPartner',
    method: 'get',
    path: '/partners/:id',
    role: 'viewer',
    tag: 'partners',
    scope: 'item',
    summary: 'One partner',
    params: idParams,
    answer: { status: 200, description: 'The partner', schema: partnerView },
    refusals: [404],
    async handle({ params, deps, reach }) {
      const status = deps.partners.get(params.id);
      if (!status || !reach.seesPartner(params.id)) throw noPartner(params.id);
      return ok(wirePartner(status));
    },
  }),
  route({
    id: 'inspectDelivery',
    method: 'post',
    path: '/partners/:id/inspections',
    role: 'operator',
    tag: 'partners',
    scope: 'item',
    summary: 'Try a payload: what it would be read as, with nothing recorded',
    description: 'For a new partner before its first delivery, and for a payload that is being repaired.',
    params: idParams,
    body: z.strictObject({
      mediaType: z.string().trim().min(1).max(200).default('application/json'),
      body: z.string().min(1).max(500_000).describe('The payload as text'),
      original: z.string().max(500_000).optional().describe('The payload before it was edited'),
    }),
    answer: { status: 200, description: 'What it would be read as', schema: inspection },
    refusals: [404],
    async handle({ params, body, caller, deps, reach }) {
      reach.demand(reach.seesPartner(params.id));
      if (!deps.partners.get(params.id)) throw noPartner(params.id);
      const changes = body.original === undefined ? [] : changesOf(body.original, body.body);
      const forbidden = new Set(forbiddenTo(caller.role, changes));
      const { facts, reports } = await deps.partners.inspect(params.id, {
        headers: { 'content-type': body.mediaType },
        body: Buffer.from(body.body),
      });
      return ok({
        ok: facts.length > 0 && reports.every(({ kind }) => kind !== 'rejected'),
        facts,
        reports,
        changes: changes.map((change) => ({ ...change, allowed: !forbidden.has(change) })),
      });
    },
  }),
  route({
    id: 'actOnPartner',
    method: 'post',
    path: '/partners/:id/actions',
    role: 'supervisor',
    tag: 'partners',
    scope: 'item',
    summary: 'Hold, drain or resume a partner, or set its mode',
    params: idParams,
    body: partnerAction,
    answer: { status: 200, description: 'The partner afterwards', schema: partnerView },
    refusals: [404],
    async handle({ params, body, caller, deps, reach }) {
      reach.demand(reach.seesPartner(params.id));
      const status = await deps.partners.act(
        params.id,
        body.action,
        caller.actor,
        body.reason,
        body.action === 'mode' ? body.mode : undefined,
      );
      if (!status) throw noPartner(params.id);
      return ok(wirePartner(status));
    },
  }),
];
