/** Coming in and going out: sign-in, sign-out, who one is, one's own password, and the first administrator. */
import { z } from 'zod';
import { checkPassword, throttled } from '../access/sign-in';
import { addUser, setPassword, userSummary } from '../access/users';
import { audit } from '../audit';
import type { Caller, GatewayDeps } from '../deps';
import { Problem } from '../problems';
import { permits, roles } from '../roles';
import { type Answer, ok, route } from '../route';
import { meView, newPassword, userName } from '../schemas/access';
import { instant, reason } from '../schemas/common';
import { toInstant, withInstants } from '../views/wire';

const secret = z.string().min(1).max(1_000);

async function meOf(deps: GatewayDeps, caller: Caller): Promise<unknown> {
  const user = caller.userId === undefined ? undefined : await deps.ledger.user(caller.userId);
  return {
    actor: caller.actor,
    role: caller.role,
    roles: roles.filter((role) => permits(caller.role, role)),
    scope: caller.scope ?? null,
    user: user ? withInstants(userSummary(user)) : null,
    session: caller.via ? withInstants({ ...caller.via.session, userId: undefined }) : null,
    csrfToken: caller.via?.csrfToken ?? null,
  };
}

const signInMethods = route({
  id: 'signInMethods',
  method: 'get',
  path: '/sign-in',
  role: 'open',
  scope: 'free',
  tag: 'access',
  summary: 'How one can sign in here',
  answer: {
    status: 200,
    description: 'What a sign-in page shows',
    schema: z.looseObject({
      password: z.boolean(),
      setup: z
        .boolean()
        .describe('Nobody has an account yet: the first administrator is made with the setup code'),
      oidc: z
        .looseObject({ title: z.string(), path: z.string() })
        .nullable()
        .describe('Where a browser goes to sign in at the OpenID provider'),
    }),
  },
  handle: async ({ deps }) =>
    ok({ password: true, setup: await deps.access.needsSetup(), oidc: deps.oidc?.offer ?? null }),
});

const signIn = route({
  id: 'signIn',
  method: 'post',
  path: '/sign-in',
  role: 'open',
  scope: 'free',
  keyless: true,
  tag: 'access',
  summary: 'Sign in with a name and a password; sets the session cookie',
  body: z.strictObject({ name: z.string().trim().min(1).max(100), password: secret }),
  answer: { status: 200, description: 'Who one is now', schema: meView },
  refusals: [401, 403, 429],
  async handle({ body, deps, request }) {
    deps.access.demandSameOrigin(request);
    const user = await checkPassword(deps, deps.access.origins.of(request).address, body);
    return begun(deps, request, user);
  },
});

type Incoming = Parameters<GatewayDeps['access']['begin']>[0];
type User = Parameters<GatewayDeps['access']['begin']>[1];

/** A session under a new secret, audited; the answer carries its cookie. */
async function begun(deps: GatewayDeps, request: Incoming, user: User, status = 200): Promise<Answer> {
  const { cookie } = await deps.access.begin(request, user);
  const caller = await deps.access.sessions.caller(secretOf(cookie), deps.now());
  if (!caller) throw new Problem(401, 'unauthorized', { detail: 'The session could not be opened.' });
  await audit(deps, {
    actor: caller.actor,
    action: 'session.begin',
    subject: `user:${user.name}`,
    after: { address: deps.access.origins.of(request).address },
    outcome: 'done',
  });
  return { status, body: await meOf(deps, caller), headers: { 'set-cookie': cookie } };
}

const secretOf = (cookie: string): string => /=([^;]*)/.exec(cookie)?.[1] ?? '';

const signOut = route({
  id: 'signOut',
  method: 'post',
  path: '/sign-out',
  role: 'viewer',
  keyless: true,
  scope: 'free',
  tag: 'access',
  summary: 'End the session; the cookie is taken back',
  answer: { status: 200, description: 'Signed out', schema: z.looseObject({ ended: z.boolean() }) },
  async handle({ caller, deps, request }) {
    const ended = caller.via ? await deps.ledger.endSessions({ id: caller.via.session.id }) : 0;
    if (ended > 0)
      await audit(deps, {
        actor: caller.actor,
        action: 'session.end',
        subject: caller.actor,
        outcome: 'done',
      });
    return {
      status: 200,
      body: { ended: ended > 0 },
      headers: { 'set-cookie': deps.access.endCookie(request), 'clear-site-data': '"cache", "storage"' },
    };
  },
});

const me = route({
  id: 'me',
  method: 'get',
  path: '/me',
  role: 'viewer',
  scope: 'free',
  tag: 'access',
  summary: 'Who the caller is, what they may do, and the token that writes of a browser need',
  answer: { status: 200, description: 'The caller', schema: meView },
  handle: async ({ caller, deps }) => ok(await meOf(deps, caller)),
});

const changePassword = route({
  id: 'changePassword',
  method: 'post',
  path: '/me/password',
  role: 'viewer',
  keyless: true,
  scope: 'free',
  tag: 'access',
  summary: "Change one's own password; every other session ends",
  body: z.strictObject({ current: secret, password: newPassword }),
  answer: { status: 200, description: 'Changed', schema: z.looseObject({ changed: z.literal(true) }) },
  refusals: [401, 429],
  async handle({ body, caller, deps, request }) {
    const own = caller.userId === undefined ? undefined : await deps.ledger.user(caller.userId);
    if (!own) throw new Problem(422, 'no-user', { detail: 'A token has no password.' });
    const { address } = deps.access.origins.of(request);
    const user = await checkPassword(deps, address, { name: own.name, password: body.current });
    const by = { actor: caller.actor, reason: 'changed by the user' };
    await setPassword(
      { ...deps, passwords: deps.access.passwords },
      user,
      body.password,
      by,
      caller.via?.session.id,
    );
    return ok({ changed: true });
  },
});

const setup = route({
  id: 'setUp',
  method: 'post',
  path: '/setup',
  role: 'open',
  scope: 'free',
  keyless: true,
  tag: 'access',
  summary: 'Make the first administrator, with the code that the runtime printed at its start',
  body: z.strictObject({ code: secret, name: userName, password: newPassword }),
  answer: { status: 201, description: 'Signed in as the administrator', schema: meView },
  refusals: [403, 429],
  async handle({ body, deps, request }) {
    const { access } = deps;
    access.demandSameOrigin(request);
    const { address } = access.origins.of(request);
    throttled(deps, 'setup', address);
    if (!(await access.needsSetup()))
      throw new Problem(409, 'set-up', {
        detail: 'There are users already, or an admin token is configured.',
      });
    if (!access.isSetupCode(body.code)) {
      access.throttle.failed('setup', address, deps.now());
      throw new Problem(403, 'wrong-setup-code', {
        detail: 'This is not the code that the runtime printed at its start.',
      });
    }
    const by = { actor: 'setup', reason: 'first administrator' };
    const first = { name: body.name, role: 'admin' as const, password: body.password };
    const user = await addUser({ ...deps, passwords: access.passwords }, first, by, true);
    access.setupDone();
    return begun(deps, request, user, 201);
  },
});

const signOutOthers = route({
  id: 'endOwnSessions',
  method: 'post',
  path: '/me/sign-out-others',
  role: 'viewer',
  scope: 'free',
  tag: 'access',
  summary: "End one's other sessions",
  body: z.strictObject({ reason: reason.optional() }),
  answer: { status: 200, description: 'Ended', schema: z.looseObject({ ended: z.int() }) },
  async handle({ caller, deps }) {
    if (caller.userId === undefined) return ok({ ended: 0 });
    const except = caller.via?.session.id;
    const ended = await deps.ledger.endSessions({
      userId: caller.userId,
      ...(except === undefined ? {} : { except }),
    });
    await audit(deps, {
      actor: caller.actor,
      action: 'session.end',
      subject: caller.actor,
      reason: 'the other sessions of the user',
      after: { ended },
      outcome: 'done',
    });
    return ok({ ended });
  },
});

const openEditor = route({
  id: 'openEditor',
  method: 'post',
  path: '/me/editor',
  role: 'analyst',
  keyless: true,
  tag: 'access',
  summary: 'A token with which the editor opens for whoever is signed in',
  description:
    'A session of its own, with the same ends. A page of this site puts `{"access_token": token}` as JSON into localStorage under `auth-tokens` followed by the path of the editor with hyphens for slashes (`auth-tokens-editor`), and opens `/editor/`.',
  answer: {
    status: 201,
    description: 'The token; it is shown this once',
    schema: z.looseObject({ token: z.string(), expiresAt: instant }),
  },
  async handle({ caller, deps, request }) {
    const user = caller.userId === undefined ? undefined : await deps.ledger.user(caller.userId);
    if (!user) throw new Problem(422, 'no-user', { detail: 'A token opens the editor by itself.' });
    const { address } = deps.access.origins.of(request);
    const opened = await deps.access.sessions.open(user, { address, agent: 'flow editor', now: deps.now() });
    await audit(deps, {
      actor: caller.actor,
      action: 'session.begin',
      subject: `user:${user.name}`,
      after: { address, for: 'editor' },
      outcome: 'done',
    });
    return { status: 201, body: { token: opened.secret, expiresAt: toInstant(opened.session.expiresAt) } };
  },
});

export const signInRoutes = [
  openEditor,
  signInMethods,
  signIn,
  signOut,
  me,
  changePassword,
  signOutOthers,
  setup,
];
