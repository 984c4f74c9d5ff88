/** Sign-in at an OpenID provider, against a real one. */
import assert from 'node:assert/strict';
import { Oidc, type OidcSettings } from '../../../lib/gateway/access/oidc';
import { readClaims } from '../../../lib/gateway/access/oidc-claims';
import { addPerson } from '../support/browser';
import { ask } from '../support/client';
import { startGateway, type TestGateway } from '../support/gateway';
import { browse, clientId, clientSecret, startProvider, type TestProvider } from '../support/openid-provider';

type Jar = Map<string, Map<string, string>>;

describe('Sign-in at an OpenID provider', () => {
  let gateway: TestGateway;
  let provider: TestProvider;
  const rules: OidcSettings['rules'] = {
    nameClaim: 'preferred_username',
    roleClaim: 'groups',
    roles: [
      { value: 'logistics-leads', role: 'supervisor' },
      { value: 'logistics', role: 'operator' },
    ],
    regionClaim: 'regions',
  };
  before(async () => {
    gateway = await startGateway();
    const publicUrl = new URL(gateway.url);
    provider = await startProvider(`${gateway.url}/auth/oidc/callback`);
    const { deps } = gateway;
    const settings = {
      issuer: new URL(provider.issuer),
      clientId,
      clientSecret,
      scopes: 'openid profile',
      title: 'ACME SSO',
    };
    deps.oidc = new Oidc(deps, { ...settings, rules, publicUrl, secret: 'sixteen characters and more' });
  });
  after(async () => {
    await gateway.stop();
    await provider.stop();
  });

  const signIn = async (person: TestProvider['person'], jar: Jar = new Map(), to = '') => {
    provider.person = person;
    const end = await browse(`${gateway.url}/auth/oidc${to}`, jar, (url) =>
      url.startsWith(`${gateway.url}/console/`),
    );
    return { ...end, jar };
  };
  const me = async (jar: Jar) => {
    const cookies = jar.get(new URL(gateway.url).host) ?? new Map<string, string>();
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${gateway.url}/api/v1/me`, { headers: { cookie } });
    return response.ok
      ? ((await response.json()) as { actor: string; role: string; scope: unknown })
      : undefined;
  };
  const ada = {
    sub: 'a-1',
    preferred_username: 'Ada',
    name: 'Ada L.',
    groups: ['staff', 'logistics'],
    regions: ['DE'],
  };

  it('is offered where people sign in', async () => {
    const { json } = await ask(gateway, 'GET /sign-in', { as: 'nobody' });
    assert.deepEqual(json.oidc, { title: 'ACME SSO', path: '/auth/oidc' });
  });

  it('makes a person a user with the role and limits that the claims give, and the same one ever after', async () => {
    const { jar } = await signIn(ada);
    assert.deepEqual(
      await me(jar).then((found) => found && { actor: found.actor, role: found.role, scope: found.scope }),
      {
        actor: 'user:ada',
        role: 'operator',
        scope: { regions: ['DE'] },
      },
    );
    const promoted = await signIn({ ...ada, groups: ['logistics-leads', 'logistics'], regions: ['*'] });
    assert.deepEqual([(await me(promoted.jar))?.role, (await me(promoted.jar))?.scope], ['supervisor', null]);
    assert.equal(await me(jar), undefined, 'what was begun under the former rights has ended');
    assert.equal(await gateway.ledger.userCount(), 1);
    const { json } = await ask(gateway, 'GET /audit?subject=user:ada');
    assert.ok(
      json.items.some(
        (item: { action: string; before?: unknown }) => item.action === 'user.change' && item.before,
      ),
    );
  });

  it('lets nobody in without a role, without limits where they are asked for, or who is disabled here', async () => {
    for (const person of [
      { ...ada, sub: 'b', groups: ['staff'] },
      { ...ada, sub: 'c', regions: [] },
      { ...ada, sub: 'd', regions: undefined },
    ]) {
      const { response, jar } = await signIn(person);
      assert.equal(response.status, 403);
      assert.equal(await me(jar), undefined);
    }
    const kim = { ...ada, sub: 'k', preferred_username: 'kim' };
    await signIn(kim);
    await ask(gateway, 'POST /users/kim/actions', { body: { action: 'disable', reason: 'left' } });
    assert.equal((await signIn(kim)).response.status, 403);
  });

  it('makes nobody somebody else who has the same name here', async () => {
    await addPerson(gateway, 'root', 'admin');
    const { jar } = await signIn({ ...ada, sub: 'eve', preferred_username: 'root' });
    const found = await me(jar);
    assert.match(found?.actor ?? '', /^user:root-[0-9a-f]{8}$/);
    assert.equal(found?.role, 'operator');
  });

  it('leads back to a page of this site and to no other', async () => {
    const back = async (to: string) => (await signIn(ada, new Map(), `?to=${encodeURIComponent(to)}`)).url;
    assert.equal(await back('/console/cases?state=DETECTED'), `${gateway.url}/console/cases?state=DETECTED`);
    for (const foreign of [
      '//evil.example/',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ])
      assert.equal(await back(foreign), `${gateway.url}/console/`, foreign);
  });

  describe('does not take an answer', () => {
    const stopAtCallback = async (jar: Jar) => {
      provider.person = ada;
      const { url } = await browse(`${gateway.url}/auth/oidc`, jar, (at) =>
        at.startsWith(`${gateway.url}/auth/oidc/callback`),
      );
      return new URL(url);
    };
    const answer = async (url: URL, jar: Jar) =>
      (await browse(url.href, jar, (at) => at.includes('/console/'))).response.status;

    it('that another browser began', async () => {
      const url = await stopAtCallback(new Map());
      assert.equal(await answer(url, new Map()), 400);
    });

    it('with another state', async () => {
      const jar: Jar = new Map();
      const url = await stopAtCallback(jar);
      url.searchParams.set('state', 'x'.repeat(43));
      assert.equal(await answer(url, jar), 403);
    });

    it('twice, or of another sign-in', async () => {
      const [jar, other]: [Jar, Jar] = [new Map(), new Map()];
      const url = await stopAtCallback(jar);
      const foreign = await stopAtCallback(other);
      const copy: Jar = new Map([...jar].map(([host, cookies]) => [host, new Map(cookies)]));
      const mixed = new URL(url);
      mixed.searchParams.set('code', foreign.searchParams.get('code') ?? '');
      assert.equal(await answer(mixed, copy), 403, 'a code that belongs to another PKCE verifier');
      assert.equal(await answer(url, jar), 302);
      assert.equal(await answer(url, copy), 403);
    });

    it('with a cookie that was made up', async () => {
      const jar: Jar = new Map();
      const url = await stopAtCallback(jar);
      jar.set(url.host, new Map([['reroute-oidc', Buffer.from('{"state":"x"}').toString('base64url')]]));
      assert.equal(await answer(url, jar), 400);
    });
  });

  it('answers 503 while the provider is away', async () => {
    const { deps } = gateway;
    const away = new Oidc(deps, {
      issuer: new URL('http://127.0.0.1:9'),
      clientId,
      clientSecret,
      scopes: 'openid',
      title: 't',
      rules,
      publicUrl: new URL(gateway.url),
      secret: 'sixteen characters and more',
    });
    const kept = deps.oidc;
    deps.oidc = away;
    assert.equal((await fetch(`${gateway.url}/auth/oidc`, { redirect: 'manual' })).status, 503);
    if (kept) deps.oidc = kept;
  });
});

describe('Claims', () => {
  const rules = {
    nameClaim: 'preferred_username',
    roleClaim: 'realm_access.roles',
    roles: [{ value: 'ops', role: 'operator' as const }],
  };

  it('are read through a dotted path, and as a single value', () => {
    const nested = { preferred_username: 'ada', realm_access: { roles: ['x', 'ops'] } };
    assert.deepEqual(readClaims(nested, rules), {
      ok: true,
      name: 'ada',
      role: 'operator',
      scope: undefined,
    });
    assert.equal(readClaims({ preferred_username: 'ada', 'realm_access.roles': 'ops' }, rules).ok, true);
  });

  it('give no role through what an object inherits', () => {
    const odd = {
      ...rules,
      roleClaim: 'constructor.name',
      roles: [{ value: 'Object', role: 'admin' as const }],
    };
    assert.equal(readClaims({ preferred_username: 'ada' }, odd).ok, false);
  });
});
