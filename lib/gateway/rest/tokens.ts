/** API tokens: made for one use, limited, shown once. */
import { z } from 'zod';
import { isLimited, scope } from '../../model/scope';
import { audit } from '../audit';
import { Problem } from '../problems';
import { roles } from '../roles';
import { ok, route } from '../route';
import { tokenView } from '../schemas/access';
import { idParams, instant, reason } from '../schemas/common';
import { createToken, readTokens, revokeToken, type TokenRecord } from '../tokens';

const wire = ({ sha256: _hash, ...shown }: TokenRecord): unknown => ({
  ...shown,
  scope: shown.scope ?? null,
});

const listTokens = route({
  id: 'listTokens',
  method: 'get',
  path: '/tokens',
  role: 'admin',
  tag: 'access',
  summary: 'API tokens, without their secrets',
  answer: {
    status: 200,
    description: 'All tokens',
    schema: z.object({ items: z.array(tokenView), nextCursor: z.null(), total: z.int() }),
  },
  async handle({ deps }) {
    const tokens = readTokens(deps.dataDir);
    return ok({ items: tokens.map(wire), nextCursor: null, total: tokens.length });
  },
});

const makeToken = route({
  id: 'createToken',
  method: 'post',
  path: '/tokens',
  role: 'admin',
  keyless: true,
  tag: 'access',
  summary: 'Make an API token; it is shown this once',
  body: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
      .describe('Who or what uses it; the audit shows it'),
    role: z.enum(roles),
    scope: scope.optional(),
    expiresAt: instant.optional(),
    reason,
  }),
  answer: {
    status: 201,
    description: 'The token and what is kept of it',
    schema: z.looseObject({ token: z.string(), record: tokenView }),
  },
  async handle({ body, caller, deps }) {
    const now = deps.now();
    const expiresAt = body.expiresAt === undefined ? undefined : Date.parse(body.expiresAt);
    if (expiresAt !== undefined && expiresAt <= now)
      throw new Problem(422, 'expired', { detail: 'expiresAt is over already.' });
    const { token, record } = createToken({
      dataDir: deps.dataDir,
      name: body.name,
      role: body.role,
      now,
      scope: body.scope,
      createdBy: caller.actor,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
    await audit(deps, {
      actor: caller.actor,
      action: 'token.create',
      subject: `token:${record.name}`,
      reason: body.reason,
      after: {
        role: record.role,
        scope: isLimited(body.scope) ? body.scope : null,
        expiresAt: record.expiresAt ?? null,
      },
      outcome: 'done',
    });
    return { status: 201, body: { token, record: wire(record) } };
  },
});

const takeBackToken = route({
  id: 'revokeToken',
  method: 'post',
  path: '/tokens/:id/revoke',
  role: 'admin',
  tag: 'access',
  summary: 'Take a token back; it is refused within a second',
  params: idParams,
  body: z.strictObject({ reason }),
  answer: { status: 200, description: 'Taken back', schema: z.looseObject({ revoked: z.literal(true) }) },
  refusals: [404],
  async handle({ params, body, caller, deps }) {
    const record = readTokens(deps.dataDir).find((one) => one.id === params.id || one.name === params.id);
    if (!record || !revokeToken({ dataDir: deps.dataDir, idOrName: record.id }))
      throw new Problem(404, 'no-such-token', { detail: `There is no token ${params.id}.` });
    await audit(deps, {
      actor: caller.actor,
      action: 'token.revoke',
      subject: `token:${record.name}`,
      reason: body.reason,
      before: { role: record.role, scope: record.scope ?? null },
      outcome: 'done',
    });
    return ok({ revoked: true });
  },
});

export const tokenRoutes = [listTokens, makeToken, takeBackToken];
