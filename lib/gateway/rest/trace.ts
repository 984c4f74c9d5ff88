/** The trace of an order or shipment by any of its identifiers. */
import { z } from 'zod';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { traceView } from '../schemas/answers';
import { assembleTrace } from '../views/trace';
import { traceWithin } from '../views/trace-reach';
import { readTrace } from '../views/trace-read';
import { withInstants } from '../views/wire';

export const traceRoutes = [
  route({
    id: 'trace',
    method: 'get',
    path: '/trace/:identifier',
    role: 'viewer',
    tag: 'trace',
    scope: 'item',
    summary: 'Everything that happened to one order or shipment, in time order',
    description:
      'By any identifier: order, delivery, tracking, PRO, BOL or ASN number, SSCC, or a shipment key. Follows identifier links until nothing new turns up, and says where each came from.',
    params: z.strictObject({ identifier: z.string().min(1).max(300) }),
    answer: { status: 200, description: 'The trace', schema: traceView },
    refusals: [404],
    async handle({ params, deps, reach }) {
      const whole = await readTrace(deps.ledger, params.identifier);
      const trace = whole && traceWithin(whole, reach);
      if (!trace)
        throw new Problem(404, 'no-such-identifier', {
          detail: `Nothing in the ledger carries ${params.identifier}.`,
        });
      const { roots, subjects, related, links } = trace.walk;
      return ok({
        identifier: trace.identifier,
        roots,
        subjects,
        related,
        links: withInstants(links),
        entries: assembleTrace(trace.parts),
        truncated: trace.truncated,
      });
    },
  }),
];
