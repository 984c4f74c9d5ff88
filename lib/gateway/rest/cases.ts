/** Cases: search, one with everything, and what operators do with them. */
import { z } from 'zod';
import type { CaseFilter } from '../../ledger/cases';
import { caseSorts } from '../../ledger/cases';
import type { Ledger } from '../../ledger/port';
import { caseStateNames, openStates } from '../../model/case';
import { exceptionCodes, severities } from '../../model/taxonomy';
import type { CaseActionOutcome } from '../deps';
import { Problem } from '../problems';
import type { Reach } from '../reach';
import { ok, route } from '../route';
import { caseDetail, caseView } from '../schemas/answers';
import { caseAction, caseActionRole } from '../schemas/cases';
import { defined, idParams, instant, listOf, pageOf, pageRequest, paging } from '../schemas/common';
import { bulkAction, bulkOutcome, bulkRole, facetView, maxBulkCases } from '../schemas/insights';
import { actOnAll } from '../views/bulk';
import { assembleCase, readCaseParts } from '../views/case-detail';
import { wireCase } from '../views/wire';

const word = z.string().trim().min(1).max(200).optional();

const filterShape = {
  state: listOf(z.enum(caseStateNames)),
  open: z.literal('true').optional().describe('Open states, in place of `state`'),
  code: listOf(z.enum(exceptionCodes)),
  severity: listOf(z.enum(severities)),
  partner: word,
  region: word,
  warehouse: word,
  carrier: word,
  assignee: z.string().trim().max(200).optional().describe('Empty: cases of nobody'),
  detectedFrom: instant.optional().describe('Detected at or after'),
  detectedTo: instant.optional().describe('Detected before'),
  dueBefore: instant.optional().describe('A running clock ends before'),
  parent: word.describe('Children of this incident'),
  q: word.describe('Any identifier, whole or its beginning'),
};
const facetQuery = z.strictObject(filterShape);
const listQuery = z.strictObject({
  ...filterShape,
  sort: z.enum(caseSorts).default('-detectedAt'),
  ...paging,
});

function filterOf(query: z.output<typeof facetQuery>, { scope }: Reach): CaseFilter {
  const { open, state, detectedFrom, detectedTo, dueBefore, ...rest } = query;
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return defined({
    ...rest,
    scope,
    state: open === undefined ? state : [...openStates],
    detectedFrom: time(detectedFrom),
    detectedTo: time(detectedTo),
    dueBefore: time(dueBefore),
  });
}

const noCase = (id: string): Problem =>
  new Problem(404, 'no-such-case', { detail: `There is no case ${id}.` });

export const caseRoutes = [
  route({
    id: 'listCases',
    method: 'get',
    path: '/cases',
    role: 'viewer',
    tag: 'cases',
    scope: 'filtered',
    summary: 'Cases, newest first',
    query: listQuery,
    answer: { status: 200, description: 'A page of cases', schema: pageOf(caseView) },
    async handle({ query, deps, reach }) {
      const { limit, cursor, sort, ...filter } = query;
      const page = await deps.ledger.cases(filterOf(filter, reach), {
        ...pageRequest({ limit, cursor }),
        sort,
      });
      return ok({ ...page, items: page.items.map(wireCase) });
    },
  }),
  route({
    id: 'caseFacets',
    method: 'get',
    path: '/cases/facets',
    role: 'viewer',
    tag: 'cases',
    scope: 'filtered',
    summary: 'How many cases fit, and how they part by each field',
    query: facetQuery,
    answer: { status: 200, description: 'Counts', schema: facetView },
    handle: async ({ query, deps, reach }) => ok(await deps.ledger.caseFacets(filterOf(query, reach))),
  }),
  route({
    id: 'actOnCases',
    method: 'post',
    path: '/cases/bulk-actions',
    role: 'operator',
    tag: 'cases',
    scope: 'item',
    summary: 'Do the same with several cases',
    description: `On a frozen selection of up to ${maxBulkCases} cases, each with the version that was seen: one that has moved on meanwhile, or whose state refuses, is left alone and named in the answer. Every case is audited on its own.`,
    body: bulkAction,
    answer: { status: 200, description: 'What became of each', schema: bulkOutcome },
    roleOf: ({ body }) => bulkRole(body),
    async handle({ body, caller, deps, reach }) {
      for (const { id } of reach.scope ? body.cases : []) {
        const state = await deps.ledger.case(id);
        reach.demand(state !== undefined && reach.seesCase(state));
      }
      return ok(await actOnAll(deps.cases, body, caller));
    },
  }),
  route({
    id: 'getCase',
    method: 'get',
    path: '/cases/:id',
    role: 'viewer',
    tag: 'cases',
    scope: 'item',
    summary: 'One case with timeline, facts, runs, effects, clocks and what the caller may do',
    params: idParams,
    answer: { status: 200, description: 'The case', schema: caseDetail },
    refusals: [404],
    async handle({ params, caller, deps, reach }) {
      const state = await deps.ledger.case(params.id);
      if (!state || !reach.seesCase(state)) throw noCase(params.id);
      const detail = assembleCase(state, await readCaseParts(deps.ledger, state), caller, deps.now());
      return ok({ ...detail, ...(await childrenOf(deps.ledger, state.id)) });
    },
  }),
  route({
    id: 'actOnCase',
    method: 'post',
    path: '/cases/:id/actions',
    role: 'operator',
    tag: 'cases',
    scope: 'item',
    summary: 'Do something with a case',
    description:
      'Under compare-and-set: 409 when the case is no longer at `expectedVersion`, 422 when its state machine refuses. `suppress` and `cancel` need the role supervisor.',
    params: idParams,
    body: caseAction,
    answer: { status: 200, description: 'The case afterwards', schema: z.looseObject({ case: caseView }) },
    refusals: [404],
    roleOf: ({ body }) => caseActionRole(body.action),
    async handle({ params, body, caller, deps, reach }) {
      const state = reach.scope && (await deps.ledger.case(params.id));
      if (reach.scope) reach.demand(state !== undefined && reach.seesCase(state));
      const outcome = await deps.cases.act(params.id, body, caller);
      return ok({ case: wireCase(caseAfter(outcome, params.id)) });
    },
  }),
];

/** Cases that an incident holds up, newest first; absent where there are none. More than a page is read with `GET /cases?parent=`. */
async function childrenOf(ledger: Ledger, parent: string): Promise<{ children?: unknown }> {
  const { items, nextCursor } = await ledger.cases({ parent }, { limit: 200 });
  return items.length === 0 ? {} : { children: { items: items.map(wireCase), nextCursor } };
}

function caseAfter(outcome: CaseActionOutcome, id: string) {
  switch (outcome.kind) {
    case 'done':
      return outcome.case;
    case 'not-found':
      throw noCase(id);
    case 'stale':
      throw new Problem(409, 'version-conflict', {
        detail: `The case is at version ${outcome.actualVersion}, not ${outcome.expectedVersion}. Read it again and repeat the action on what it says now.`,
      });
    case 'refused':
      throw new Problem(422, outcome.code.toLowerCase().replaceAll('_', '-'), {
        detail: outcome.hint === undefined ? outcome.message : `${outcome.message} ${outcome.hint}`,
      });
  }
}
