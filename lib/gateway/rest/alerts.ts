/** Alerts: the business and the technical channel, kept apart. */
import { z } from 'zod';
import { alertKinds, alertRules, alertStates } from '../../model/alert';
import { inScope } from '../../model/scope';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { alertView } from '../schemas/answers';
import { defined, idParams, listOf, pageOf, pageRequest, paging, reason } from '../schemas/common';
import { withInstants } from '../views/wire';

const word = z.string().trim().min(1).max(200).optional();

const listQuery = z.strictObject({
  kind: z.enum(alertKinds).optional().describe('Which channel; both when it is left out'),
  state: listOf(z.enum(alertStates)),
  rule: z.enum(Object.keys(alertRules)).optional(),
  partner: word,
  region: word,
  ...paging,
});

export const alertRoutes = [
  route({
    id: 'listAlerts',
    method: 'get',
    path: '/alerts',
    role: 'viewer',
    tag: 'alerts',
    scope: 'filtered',
    summary: 'Alerts, newest first',
    query: listQuery,
    answer: { status: 200, description: 'A page of alerts', schema: pageOf(alertView) },
    async handle({ query, deps, reach }) {
      const { limit, cursor, ...filter } = query;
      const page = await deps.ledger.alerts(
        defined({ ...filter, scope: reach.scope }),
        pageRequest({ limit, cursor }),
      );
      return ok({ ...page, items: page.items.map(withInstants) });
    },
  }),
  route({
    id: 'actOnAlert',
    method: 'post',
    path: '/alerts/:id/actions',
    role: 'operator',
    tag: 'alerts',
    scope: 'item',
    summary: 'Say that an alert is known',
    description: 'It stays open until its cause has gone; its cause does not fire again meanwhile.',
    params: idParams,
    body: z.strictObject({ action: z.literal('acknowledge'), reason }),
    answer: { status: 200, description: 'The alert afterwards', schema: alertView },
    refusals: [404],
    async handle({ params, body, caller, deps, reach }) {
      if (reach.scope) {
        const found = await deps.ledger.alert(params.id);
        reach.demand(found !== undefined && inScope(reach.scope, found));
      }
      const alert = await deps.alerts.acknowledge(params.id, caller.actor, body.reason ?? '');
      if (!alert) throw new Problem(404, 'no-such-alert', { detail: `There is no open alert ${params.id}.` });
      return ok(withInstants(alert));
    },
  }),
];
