/** The audit: who did what, whether the chains hold, and an export that can be checked elsewhere. */
import { z } from 'zod';
import { audit } from '../audit';
import type { GatewayDeps } from '../deps';
import type { Reach } from '../reach';
import { ok, route } from '../route';
import { auditView } from '../schemas/answers';
import { defined, instant, pageOf, pageRequest, paging } from '../schemas/common';
import { chainFaults, exportAudit, verifyAudit } from '../views/audit';
import { withInstants } from '../views/wire';

const word = z.string().trim().min(1).max(300).optional();

const signedReport = z.looseObject({
  count: z.int(),
  lastAt: instant.optional(),
  keys: z.array(z.string()).describe('Fingerprints of the keys that signed'),
  brokenAt: z.looseObject({ number: z.int(), reason: z.string() }).optional(),
});

const chainReport = z.looseObject({
  partition: z.int(),
  ok: z.boolean(),
  entries: z.int(),
  lastHash: z.string(),
  brokenAt: z.looseObject({ seq: z.int(), reason: z.enum(chainFaults) }).optional(),
});

/** Of a case within reach; everything, when nothing limits the caller. */
async function seesSubject(deps: GatewayDeps, reach: Reach, subject: string | undefined): Promise<boolean> {
  if (!reach.scope) return true;
  const id = /^case:(.+)$/.exec(subject ?? '')?.[1];
  const state = id === undefined ? undefined : await deps.ledger.case(id);
  return state !== undefined && reach.seesCase(state);
}

export const auditRoutes = [
  route({
    id: 'listAudit',
    method: 'get',
    path: '/audit',
    role: 'viewer',
    tag: 'audit',
    scope: 'filtered',
    summary: 'Audit entries, newest first',
    description:
      'Callers who are limited to regions or partners see what they did themselves, and everything about a case within their limits.',
    query: z.strictObject({ subject: word.describe('E.g. `case:<id>`'), actor: word, ...paging }),
    answer: { status: 200, description: 'A page of entries', schema: pageOf(auditView) },
    async handle({ query, caller, deps, reach }) {
      const { limit, cursor, ...asked } = query;
      const filter = (await seesSubject(deps, reach, query.subject))
        ? asked
        : { ...asked, actor: caller.actor };
      const page = await deps.ledger.audit(defined(filter), pageRequest({ limit, cursor }));
      return ok({ ...page, items: page.items.map(withInstants) });
    },
  }),
  route({
    id: 'verifyAudit',
    method: 'get',
    path: '/audit/verify',
    role: 'supervisor',
    tag: 'audit',
    summary: 'Check every hash of every chain, and what was signed of them',
    answer: {
      status: 200,
      description: 'Which chains hold, and where one breaks',
      schema: z.looseObject({
        ok: z.boolean(),
        entries: z.int(),
        partitions: z.array(chainReport),
        signed: signedReport,
        key: z.string().describe('Fingerprint of the key that this runtime signs with'),
      }),
    },
    async handle({ deps }) {
      const report = await verifyAudit(deps.ledger);
      return ok({ ...report, signed: withInstants(report.signed), key: deps.seal.fingerprint });
    },
  }),
  route({
    id: 'exportAudit',
    method: 'get',
    path: '/audit/export',
    role: 'supervisor',
    sensitive: true,
    tag: 'audit',
    summary: 'The chains as NDJSON, each entry as it was hashed; audited',
    description:
      'Times are epoch milliseconds here, because that is what the hashes cover. The last line is the signed heads: `reroute audit verify --export` checks both offline.',
    answer: { status: 200, description: 'One entry a line', mediaType: 'application/x-ndjson' },
    async handle({ caller, deps }) {
      await audit(deps, { actor: caller.actor, action: 'audit.export', subject: 'audit', outcome: 'done' });
      return {
        status: 200,
        mediaType: 'application/x-ndjson',
        bytes: exportAudit(deps.ledger, await deps.seal.sealAll()),
        headers: { 'content-disposition': 'attachment; filename="audit.ndjson"' },
      };
    },
  }),
];
