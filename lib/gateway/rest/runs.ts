/** One run: what it visited and what came of it, and the same as a flow test. */
import { z } from 'zod';
import { capsuleOf } from '../../flowtests/capsule/capsule';
import { isRerouteError } from '../../model/errors';
import { audit } from '../audit';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { runDetail } from '../schemas/answers';
import { idParams } from '../schemas/common';
import { isOutward } from '../views/trace-read';
import { wireDeadLetterItem, wireEffect, wireParked, wireRun } from '../views/wire';

export const capsuleView = z
  .looseObject({
    test: z.looseObject({ scenarios: z.array(z.unknown()) }).describe('docs/schemas/flowtest/1.schema.json'),
    text: z.string().describe('The file, YAML'),
  })
  .meta({ id: 'Capsule' });

const executedVersions = z.object({ versions: z.record(z.string(), z.string()) });

/** The flow as the run executed it: the version of its file, of the subflows and of the shared configuration that it uses. */
function executedFlow({
  flowId,
  label,
  content,
}: {
  flowId: string;
  label: string;
  content: unknown;
}): unknown {
  const parsed = executedVersions.safeParse(content);
  const versions = parsed.success ? parsed.data.versions : {};
  const version = versions[flowId];
  return { flowId, label, ...(version === undefined ? {} : { version }), versions };
}

export const runRoutes = [
  route({
    id: 'getRun',
    method: 'get',
    path: '/runs/:id',
    role: 'viewer',
    tag: 'runs',
    scope: 'item',
    summary: 'Nodes visited, timings, effects, waits and the chain of runs it belongs to',
    params: idParams,
    answer: { status: 200, description: 'The run', schema: runDetail },
    refusals: [404],
    async handle({ params, deps, reach }) {
      const { ledger } = deps;
      const run = await ledger.run(params.id);
      if (!run || !(await reach.seesRun(run)))
        throw new Problem(404, 'no-such-run', { detail: `There is no run ${params.id}.` });
      const [chain, effects, waits, letters, flow] = await Promise.all([
        ledger.runsByRoot(run.rootRunId),
        ledger.effectsByRuns([run.id]),
        ledger.parkedByRun(run.id),
        ledger.deadLetters({ runIds: [run.id] }, { limit: 200 }),
        run.flowVersion === undefined ? undefined : ledger.flowVersion(run.flowVersion),
      ]);
      return ok({
        run: wireRun(run),
        flow: flow === undefined ? null : executedFlow(flow),
        chain: chain.map(({ trace: _trace, ...item }) => wireRun(item)),
        effects: effects.filter(isOutward).map(wireEffect),
        waits: waits.map(wireParked),
        deadLetters: letters.items.map(wireDeadLetterItem),
      });
    },
  }),
  route({
    id: 'createCapsule',
    method: 'post',
    path: '/runs/:id/capsule',
    role: 'analyst',
    tag: 'runs',
    summary: 'A recorded run as a flow test without persons in it',
    description:
      'Facts, answers and expectations of the case that the run worked on, as a file that `reroute flows test` runs. Names, phones, e-mail and postal addresses are replaced.',
    params: idParams,
    answer: { status: 200, description: 'The flow test', schema: capsuleView },
    refusals: [404, 422],
    async handle({ params, caller, deps }) {
      const capsule = await capsuleOf(deps.ledger, params.id).catch((error: unknown) => {
        if (!isRerouteError(error)) throw error;
        const missing = error.code === 'NO_RUN';
        throw new Problem(missing ? 404 : 422, missing ? 'no-such-run' : 'no-capsule', {
          detail: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
        });
      });
      await audit(deps, {
        actor: caller.actor,
        action: 'run.capsule',
        subject: `run:${params.id}`,
        outcome: 'done',
      });
      return ok(capsule);
    },
  }),
];
