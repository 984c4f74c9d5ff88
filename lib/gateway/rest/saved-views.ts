/** Saved views: a screen and its query under a name. */
import { z } from 'zod';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { idParams, pageOf } from '../schemas/common';
import { savedView, savedViewBody } from '../schemas/insights';
import { withInstants } from '../views/wire';

/** So many a person may keep. */
const maxViews = 100;

export const savedViewRoutes = [
  route({
    id: 'listSavedViews',
    method: 'get',
    path: '/views',
    role: 'viewer',
    tag: 'views',
    scope: 'free',
    summary: "One's own saved views and the shared ones, by name",
    answer: { status: 200, description: 'The views', schema: pageOf(savedView) },
    async handle({ caller, deps }) {
      const views = await deps.ledger.savedViews(caller.actor);
      return ok({ items: views.map(withInstants), nextCursor: null, total: views.length });
    },
  }),
  route({
    id: 'saveView',
    method: 'post',
    path: '/views',
    role: 'viewer',
    tag: 'views',
    scope: 'free',
    summary: 'Save a view',
    body: savedViewBody,
    answer: { status: 201, description: 'The view', schema: savedView },
    async handle({ body, caller, deps }) {
      const own = (await deps.ledger.savedViews(caller.actor)).filter(({ owner }) => owner === caller.actor);
      if (own.length >= maxViews)
        throw new Problem(422, 'too-many-views', {
          detail: `You keep ${maxViews} views already; remove one first.`,
        });
      const view = { id: deps.newId(), ...body, owner: caller.actor, at: deps.now() };
      await deps.ledger.saveView(view);
      return { status: 201, body: withInstants(view) };
    },
  }),
  route({
    id: 'removeSavedView',
    method: 'post',
    path: '/views/:id/remove',
    role: 'viewer',
    tag: 'views',
    scope: 'free',
    summary: "Remove one of one's own views",
    params: idParams,
    answer: { status: 200, description: 'Removed', schema: z.looseObject({ removed: z.literal(true) }) },
    refusals: [404],
    async handle({ params, caller, deps }) {
      if (!(await deps.ledger.removeView(params.id, caller.actor)))
        throw new Problem(404, 'no-such-view', { detail: 'You have no such view.' });
      return ok({ removed: true });
    },
  }),
];
