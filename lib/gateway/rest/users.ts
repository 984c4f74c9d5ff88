/** People, their sessions, and API tokens: an administrator's business. Nobody gives away more than they have. */
import { z } from 'zod';
import type { UserRecord } from '../../ledger/access';
import { scope, within } from '../../model/scope';
import { addUser, changeUser, setPassword, userSummary } from '../access/users';
import { audit } from '../audit';
import type { Caller, GatewayDeps } from '../deps';
import { Problem } from '../problems';
import { roles } from '../roles';
import { ok, route } from '../route';
import { newPassword, sessionView, userName, userView } from '../schemas/access';
import { defined, idParams, pageOf, pageRequest, paging, reason } from '../schemas/common';
import { withInstants } from '../views/wire';

const role = z.enum(roles);
const displayName = z.string().trim().min(1).max(200);
const oneUser = { status: 200, description: 'The user', schema: z.looseObject({ user: userView }) };

const noUser = (id: string): Problem =>
  new Problem(404, 'no-such-user', { detail: `There is no user ${id}.` });

async function find(deps: GatewayDeps, id: string): Promise<UserRecord> {
  const user = (await deps.ledger.user(id)) ?? (await deps.ledger.userByName(id));
  if (!user) throw noUser(id);
  return user;
}

const wire = (user: UserRecord): unknown => withInstants(userSummary(user));
const partsOf = (deps: GatewayDeps) => ({ ...deps, passwords: deps.access.passwords });

export const userAction = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('change'),
    reason,
    role: role.optional(),
    scope: scope.nullable().optional().describe('null takes every limit away'),
    displayName: displayName.optional(),
  }),
  z.strictObject({ action: z.literal('disable'), reason }).describe('Signed out at once'),
  z.strictObject({ action: z.literal('enable'), reason }),
  z.strictObject({ action: z.literal('password'), reason, password: newPassword }),
  z.strictObject({ action: z.literal('signOut'), reason }).describe('Ends every session of the user'),
]);

async function act(deps: GatewayDeps, user: UserRecord, body: z.infer<typeof userAction>, caller: Caller) {
  const by = { actor: caller.actor, reason: body.reason };
  switch (body.action) {
    case 'change':
      return changeUser(partsOf(deps), user, defined(body), by);
    case 'disable':
      return changeUser(partsOf(deps), user, { state: 'disabled' }, by);
    case 'enable':
      return changeUser(partsOf(deps), user, { state: 'active' }, by);
    case 'password':
      return setPassword(partsOf(deps), user, body.password, by);
    case 'signOut': {
      const ended = await deps.ledger.endSessions({ userId: user.id });
      const subject = `user:${user.name}`;
      await audit(deps, { ...by, action: 'user.signOut', subject, after: { ended }, outcome: 'done' });
      return user;
    }
  }
}

const listUsers = route({
  id: 'listUsers',
  method: 'get',
  path: '/users',
  role: 'admin',
  tag: 'access',
  summary: 'Users by name',
  query: z.strictObject(paging),
  answer: { status: 200, description: 'A page of users', schema: pageOf(userView) },
  async handle({ query, deps }) {
    const page = await deps.ledger.users(pageRequest(query));
    return ok({ ...page, items: page.items.map(wire), total: await deps.ledger.userCount() });
  },
});

const createUser = route({
  id: 'createUser',
  method: 'post',
  path: '/users',
  role: 'admin',
  keyless: true,
  tag: 'access',
  summary: 'Add a user',
  body: z.strictObject({
    name: userName,
    displayName: displayName.optional(),
    role,
    scope: scope.optional(),
    password: newPassword.optional().describe('Without one the user cannot sign in until one is set'),
    reason,
  }),
  answer: { status: 201, description: 'The user', schema: z.looseObject({ user: userView }) },
  async handle({ body, caller, deps }) {
    const by = { actor: caller.actor, reason: body.reason };
    return { status: 201, body: { user: wire(await addUser(partsOf(deps), body, by)) } };
  },
});

const getUser = route({
  id: 'getUser',
  method: 'get',
  path: '/users/:id',
  role: 'admin',
  tag: 'access',
  summary: 'One user, by id or name',
  params: idParams,
  answer: oneUser,
  refusals: [404],
  handle: async ({ params, deps }) => ok({ user: wire(await find(deps, params.id)) }),
});

const actOnUser = route({
  id: 'actOnUser',
  method: 'post',
  path: '/users/:id/actions',
  role: 'admin',
  keyless: true,
  tag: 'access',
  summary: 'Change role or scope, disable, set a password, sign out',
  params: idParams,
  body: userAction,
  answer: oneUser,
  refusals: [404],
  async handle({ params, body, caller, deps }) {
    return ok({ user: wire(await act(deps, await find(deps, params.id), body, caller)) });
  },
});

const listSessions = route({
  id: 'listSessions',
  method: 'get',
  path: '/sessions',
  role: 'viewer',
  scope: 'free',
  tag: 'access',
  summary: "One's own sessions; everybody's for an administrator",
  query: z.strictObject({
    user: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Id of a user; an administrator leaves it out for all'),
    ...paging,
  }),
  answer: { status: 200, description: 'A page of sessions', schema: pageOf(sessionView) },
  async handle({ query, caller, deps }) {
    const mine = !isAdmin(caller);
    const userId = mine ? (caller.userId ?? 'nobody') : query.user;
    const now = deps.now();
    const page = await deps.ledger.sessions(
      { now, ...(userId === undefined ? {} : { userId }) },
      pageRequest(query),
    );
    const current = caller.via?.session.id;
    const items = page.items.map((item) => ({
      ...(withInstants(item) as object),
      current: item.id === current,
    }));
    return ok({ ...page, items });
  },
});

const endSession = route({
  id: 'endSession',
  method: 'post',
  path: '/sessions/:id/revoke',
  role: 'viewer',
  scope: 'free',
  tag: 'access',
  summary: "End a session: one's own, or anybody's for an administrator",
  params: idParams,
  body: z.strictObject({ reason }),
  answer: { status: 200, description: 'Ended', schema: z.looseObject({ ended: z.literal(true) }) },
  refusals: [404],
  async handle({ params, body, caller, deps }) {
    const found = await deps.ledger.session(params.id);
    if (!found || (!isAdmin(caller) && found.user.id !== caller.userId))
      throw new Problem(404, 'no-such-session', { detail: 'There is no such session.' });
    await deps.ledger.endSessions({ id: params.id });
    await audit(deps, {
      actor: caller.actor,
      action: 'session.revoke',
      subject: `user:${found.user.name}`,
      reason: body.reason,
      before: { session: params.id.slice(0, 12), address: found.session.address },
      outcome: 'done',
    });
    return ok({ ended: true });
  },
});

const isAdmin = (caller: Caller): boolean => caller.role === 'admin' && within(undefined, caller.scope);

export const userRoutes = [listUsers, createUser, getUser, actOnUser, listSessions, endSession];
