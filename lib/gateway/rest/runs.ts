/** One run: what it visited and what came of it. */
import { Problem } from '../problems';
import { ok, route } from '../route';
import { runDetail } from '../schemas/answers';
import { idParams } from '../schemas/common';
import { isOutward } from '../views/trace';
import { wireDeadLetterItem, wireEffect, wireParked, wireRun } from '../views/wire';

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
      const [chain, effects, waits, letters] = await Promise.all([
        ledger.runsByRoot(run.rootRunId),
        ledger.effectsByRuns([run.id]),
        ledger.parkedByRun(run.id),
        ledger.deadLetters({ runIds: [run.id] }, { limit: 200 }),
      ]);
      return ok({
        run: wireRun(run),
        chain: chain.map(({ trace: _trace, ...item }) => wireRun(item)),
        effects: effects.filter(isOutward).map(wireEffect),
        waits: waits.map(wireParked),
        deadLetters: letters.items.map(wireDeadLetterItem),
      });
    },
  }),
];
