/** Facts, and the raw bytes behind them. */
import { z } from 'zod';
import { exceptionCodes } from '../../model/taxonomy';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { factView } from '../schemas/answers';
import { defined, idParams, instant, pageOf, pageRequest, paging } from '../schemas/common';
import { wireFact } from '../views/wire';
import { rawAnswer, rawBytes } from './raw';

const word = z.string().trim().min(1).max(300).optional();
const noFact = (id: string): Problem =>
  new Problem(404, 'no-such-fact', { detail: `There is no fact ${id}.` });

export const factRoutes = [
  route({
    id: 'listFacts',
    method: 'get',
    path: '/facts',
    role: 'viewer',
    tag: 'facts',
    scope: 'filtered',
    summary: 'Facts, newest first',
    query: z.strictObject({
      partner: word,
      subject: word.describe('Shipment key'),
      code: z.enum(exceptionCodes).optional(),
      since: instant.optional().describe('Recorded at or after'),
      until: instant.optional().describe('Recorded before'),
      q: word.describe('Any identifier, whole or its beginning'),
      ...paging,
    }),
    answer: { status: 200, description: 'A page of facts', schema: pageOf(factView) },
    async handle({ query, deps, reach }) {
      const { limit, cursor, since, until, ...rest } = query;
      const filter = {
        ...rest,
        since: since === undefined ? undefined : Date.parse(since),
        until: until === undefined ? undefined : Date.parse(until),
        partners: reach.partners(),
      };
      const page = await deps.ledger.facts(defined(filter), pageRequest({ limit, cursor }));
      return ok({ ...page, items: page.items.map(wireFact) });
    },
  }),
  route({
    id: 'getFact',
    method: 'get',
    path: '/facts/:id',
    role: 'viewer',
    tag: 'facts',
    scope: 'item',
    summary: 'One fact',
    params: idParams,
    answer: { status: 200, description: 'The fact', schema: factView },
    refusals: [404],
    async handle({ params, deps, reach }) {
      const stored = await deps.ledger.fact(params.id);
      if (!stored || !reach.seesPartner(stored.partner)) throw noFact(params.id);
      return ok(wireFact(stored));
    },
  }),
  route({
    id: 'getFactRaw',
    method: 'get',
    path: '/facts/:id/raw',
    role: 'operator',
    sensitive: true,
    tag: 'facts',
    scope: 'item',
    summary: 'The bytes a fact came from; audited',
    params: idParams,
    answer: rawAnswer,
    refusals: [404],
    async handle({ params, caller, deps, reach }) {
      const stored = await deps.ledger.fact(params.id);
      if (!stored || !reach.seesPartner(stored.partner)) throw noFact(params.id);
      return rawBytes(deps, caller, stored.rawId, `read through fact ${params.id}`);
    },
  }),
];
