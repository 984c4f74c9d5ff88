/** Dead letters: what cannot proceed, singly or grouped by what is wrong with them. */
import { z } from 'zod';
import type { DeadLetter } from '../../ledger/runs';
import { audit } from '../audit';
import { Problem } from '../problems';
import type { Call } from '../route';
import { ok, route } from '../route';
import { deadLetterGroup, deadLetterView } from '../schemas/answers';
import { defined, idParams, instant, pageOf, pageRequest, paging, reason } from '../schemas/common';
import { rawIdOf } from '../views/letter-payload';
import { wireDeadLetter, wireDeadLetterItem, withInstants } from '../views/wire';
import { rawAnswer, rawBytes } from './raw';

const word = z.string().trim().min(1).max(300).optional();

async function find(call: Call<{ id: string }>): Promise<DeadLetter> {
  const letter = await call.deps.ledger.deadLetter(call.params.id);
  if (!letter || !(await call.reach.seesDeadLetter(letter)))
    throw new Problem(404, 'no-such-dead-letter', { detail: `There is no dead letter ${call.params.id}.` });
  return letter;
}

export const deadLetterRoutes = [
  route({
    id: 'listDeadLetters',
    method: 'get',
    path: '/dead-letters',
    role: 'viewer',
    tag: 'dead letters',
    scope: 'filtered',
    summary: 'Dead letters, newest first, or groups of alike ones, largest first',
    query: z.strictObject({
      reason: word.describe('Code of the reason'),
      partner: word,
      since: instant.optional(),
      fingerprint: word,
      state: z.enum(['open', 'replayed', 'discarded']).default('open'),
      group: z
        .literal('fingerprint')
        .optional()
        .describe('Groups by partner, operation, normalised reason and flow version'),
      ...paging,
    }),
    answer: {
      status: 200,
      description: 'A page of dead letters, or all groups',
      schema: z.union([pageOf(deadLetterView), pageOf(deadLetterGroup)]),
    },
    async handle({ query, deps, reach }) {
      const { limit, cursor, group, since, ...rest } = query;
      const filter = defined({
        ...rest,
        since: since === undefined ? undefined : Date.parse(since),
        partners: reach.partners(),
      });
      if (group) {
        const groups = await deps.ledger.deadLetterGroups(filter);
        return ok({
          items: groups.map(({ sample, ...item }) => ({
            ...(withInstants(item) as object),
            sample: wireDeadLetterItem(sample),
          })),
          nextCursor: null,
          total: groups.length,
        });
      }
      const page = await deps.ledger.deadLetters(filter, pageRequest({ limit, cursor }));
      return ok({ ...page, items: page.items.map(wireDeadLetterItem) });
    },
  }),
  route({
    id: 'getDeadLetter',
    method: 'get',
    path: '/dead-letters/:id',
    role: 'viewer',
    tag: 'dead letters',
    scope: 'item',
    summary: 'One dead letter with the message at the failed node',
    params: idParams,
    answer: { status: 200, description: 'The dead letter', schema: deadLetterView },
    refusals: [404],
    handle: async (call) => ok(wireDeadLetter(await find(call))),
  }),
  route({
    id: 'moveDeadLetter',
    method: 'post',
    path: '/dead-letters/:id/move',
    role: 'operator',
    tag: 'dead letters',
    scope: 'item',
    summary: 'Let a parked message go on at another node, where a deploy has removed the one it waited at',
    params: idParams,
    body: z.strictObject({
      node: z.string().min(1).max(200).describe('Id of a deployed node with an input'),
      reason,
    }),
    answer: {
      status: 200,
      description: 'The replay that moves it',
      schema: z.object({ replayId: z.string() }),
    },
    refusals: [404, 422],
    async handle({ params, body, caller, deps, reach }) {
      if (reach.scope) {
        const letter = await deps.ledger.deadLetter(params.id);
        reach.demand(letter !== undefined && (await reach.seesDeadLetter(letter)));
      }
      const replayId = await deps.moves.moveDeadLetter({
        deadLetterId: params.id,
        nodeId: body.node,
        by: caller.actor,
        reason: body.reason,
      });
      if (replayId === undefined)
        throw new Problem(404, 'no-such-dead-letter', { detail: `There is no dead letter ${params.id}.` });
      await audit(deps, {
        actor: caller.actor,
        action: 'deadLetter.move',
        subject: `deadLetter:${params.id}`,
        reason: body.reason,
        after: { node: body.node, replayId },
        outcome: 'done',
      });
      return ok({ replayId });
    },
  }),
  route({
    id: 'getDeadLetterRaw',
    method: 'get',
    path: '/dead-letters/:id/raw',
    role: 'operator',
    sensitive: true,
    tag: 'dead letters',
    scope: 'item',
    summary: 'The bytes a dead letter came from, to repair them; audited',
    params: idParams,
    answer: rawAnswer,
    refusals: [404],
    async handle(call) {
      const letter = await find(call);
      const rawId = await rawIdOf(call.deps.ledger, letter);
      return rawBytes(call.deps, call.caller, rawId, `read through dead letter ${letter.id}`);
    },
  }),
];
