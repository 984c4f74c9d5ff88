/** What the Versions sidebar asks: `/reroute/flows...` on Node-RED's admin API, under its permissions. */
import { z } from 'zod';
import type { FlowOperations } from '../flowfiles/operations';
import { semver } from '../flowfiles/templates/template';
import { answering, authorOf } from './editor-answer';
import type { Admin } from './node-red';

const flowPath = z.object({ id: z.string().min(1).max(200) });
const twoVersions = z.object({ from: semver, to: semver });
const rollbackBody = z.strictObject({
  version: semver,
  expectedVersion: semver,
  reason: z.string('say why').trim().min(1, 'say why').max(1000),
});
/** Versions shown of a flow. */
const shown = 30;

export function mountVersions(
  { app, needs }: Admin,
  flows: Pick<FlowOperations, 'history' | 'compare' | 'rollback'>,
  actorOf: (user: string) => string,
): void {
  app.get(
    '/reroute/flows/:id/versions',
    needs('reroute.read'),
    answering(async ({ params }) => {
      const page = await flows.history(flowPath.parse(params).id, { limit: shown });
      return { items: page?.items ?? [] };
    }),
  );
  app.get(
    '/reroute/flows/:id/diff',
    needs('reroute.read'),
    answering(async ({ params, query }) => {
      const { from, to } = twoVersions.parse(query);
      return { nodes: await flows.compare(flowPath.parse(params).id, from, to) };
    }),
  );
  app.post(
    '/reroute/flows/:id/rollback',
    needs('reroute.write'),
    answering(async (request) => {
      const deployment = await flows.rollback({
        ...rollbackBody.parse(request.body),
        flowId: flowPath.parse(request.params).id,
        author: authorOf(request, actorOf),
        watchMs: 0,
      });
      return { deployment: deployment ?? null };
    }),
  );
}
