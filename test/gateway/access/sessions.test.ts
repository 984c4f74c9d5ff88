/** Signing in with a name and a password, and what a session is good for. */
import assert from 'node:assert/strict';
import { signInLimits } from '../../../lib/gateway/access/throttle';
import { addPerson, Browser, browserAs, password } from '../support/browser';
import { ask } from '../support/client';
import { startGateway, type TestGateway } from '../support/gateway';

const note = { action: 'hold', reason: 'because' };

describe('A session', () => {
  let gateway: TestGateway;
  let clock: number | undefined;
  before(async () => {
    gateway = await startGateway(
      {},
      { sessions: { idleMs: 60_000, absoluteMs: 600_000 } },
      () => clock ?? Date.now(),
    );
  });
  after(() => gateway.stop());
  afterEach(() => {
    clock = undefined;
  });

  it('begins with a cookie that no script reads, and is the person wherever the API is asked', async () => {
    const browser = await browserAs(gateway, 'olga', 'operator');
    assert.match(
      browser.lastSetCookie,
      /^reroute-session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    const me = (await (await browser.send('GET /me')).json()) as Record<string, unknown>;
    assert.equal(me.actor, 'user:olga');
    assert.deepEqual(me.roles, ['viewer', 'operator']);
    assert.equal(me.csrfToken, browser.csrf);
    assert.ok(!JSON.stringify(me).includes('scrypt'));
  });

  it('has a Secure __Host- cookie where people come over TLS', async () => {
    const behind = await startGateway({}, { publicUrl: new URL('https://reroute.example/') });
    try {
      await addPerson(behind, 'tina', 'viewer');
      const browser = new Browser(behind);
      assert.equal(await browser.signIn('tina', password, { origin: 'https://reroute.example' }), 200);
      assert.match(browser.lastSetCookie, /^__Host-reroute-session=.*; Secure$/);
      assert.equal((await browser.send('GET /me')).status, 200);
    } finally {
      await behind.stop();
    }
  });

  it('gets a new secret at every sign-in, and the one before ends', async () => {
    const browser = await browserAs(gateway, 'rosa', 'viewer');
    const before = browser.cookie;
    await browser.signIn('rosa');
    assert.notEqual(browser.cookie, before);
    const old = new Browser(gateway);
    old.cookie = before;
    assert.equal((await old.send('GET /me')).status, 401);
    const planted = new Browser(gateway);
    planted.cookie = `reroute-session=${'A'.repeat(43)}`;
    await planted.signIn('rosa');
    assert.notEqual(planted.cookie, `reroute-session=${'A'.repeat(43)}`);
  });

  it('ends when it is not used, when it is old, and at sign-out', async () => {
    const browser = await browserAs(gateway, 'ida', 'viewer');
    const start = Date.now();
    clock = start + 61_000;
    assert.equal((await browser.send('GET /me')).status, 401, 'idle');
    await browser.signIn('ida');
    for (let step = 1; step <= 11; step += 1) {
      clock = start + 61_000 + step * 50_000;
      assert.equal((await browser.send('GET /me')).status, 200, `used after ${step * 50} s`);
    }
    clock = start + 61_000 + 600_000;
    assert.equal((await browser.send('GET /me')).status, 401, 'too old');
    clock = undefined;
    await browser.signIn('ida');
    const { cookie } = browser;
    assert.equal((await browser.send('POST /sign-out')).status, 200);
    assert.match(browser.lastSetCookie, /Max-Age=0/);
    browser.cookie = cookie;
    assert.equal((await browser.send('GET /me')).status, 401, 'signed out');
  });

  it('ends when its user is disabled, gets another role or another password', async () => {
    const admin = await browserAs(gateway, 'root', 'admin');
    const browser = await browserAs(gateway, 'dora', 'operator');
    const act = (body: unknown) => admin.send('POST /users/dora/actions', body);
    assert.equal((await act({ action: 'change', role: 'viewer', reason: 'moved' })).status, 200);
    assert.equal((await browser.send('GET /me')).status, 401);
    await browser.signIn('dora');
    assert.equal(
      (await act({ action: 'password', password: 'nine loud foghorns', reason: 'lost' })).status,
      200,
    );
    assert.equal((await browser.send('GET /me')).status, 401);
    assert.equal(await browser.signIn('dora'), 401);
    assert.equal(await browser.signIn('dora', 'nine loud foghorns'), 200);
    assert.equal((await act({ action: 'disable', reason: 'left' })).status, 200);
    assert.equal((await browser.send('GET /me')).status, 401);
    assert.equal(await browser.signIn('dora', 'nine loud foghorns'), 401);
    const { items } = (await (await admin.send('GET /audit?subject=user:dora')).json()) as {
      items: { action: string; reason?: string; before?: unknown; after?: unknown }[];
    };
    const disabled = items.find((item) => item.reason === 'left');
    assert.ok(disabled?.before && disabled.after, 'what was and what is stand in the audit');
    assert.ok(!JSON.stringify(items).includes('scrypt'));
  });

  it('is seen and ended by its owner, and by nobody else but an administrator', async () => {
    const browser = await browserAs(gateway, 'mia', 'viewer');
    const other = new Browser(gateway);
    await other.signIn('mia');
    const stranger = await browserAs(gateway, 'sam', 'supervisor');
    const list = async (who: Browser) =>
      ((await (await who.send('GET /sessions')).json()) as { items: { id: string; current: boolean }[] })
        .items;
    const mine = await list(browser);
    assert.deepEqual(mine.map((item) => item.current).sort(), [false, true]);
    const rest = mine.find((item) => !item.current);
    assert.equal((await stranger.send(`POST /sessions/${rest?.id}/revoke`, { reason: 'x' })).status, 404);
    assert.equal((await list(stranger)).length, 1);
    assert.equal(
      (await browser.send(`POST /sessions/${rest?.id}/revoke`, { reason: 'lost phone' })).status,
      200,
    );
    assert.equal((await other.send('GET /me')).status, 401);
  });

  it('lets a person change the password, who knows it', async () => {
    const browser = await browserAs(gateway, 'pia', 'viewer');
    const other = new Browser(gateway);
    await other.signIn('pia');
    const change = (current: string, next: string) =>
      browser.send('POST /me/password', { current, password: next });
    assert.equal((await change('not my password', 'nine loud foghorns')).status, 401);
    assert.equal((await change(password, 'pia pia pia pia')).status, 422);
    assert.equal((await change(password, 'nine loud foghorns')).status, 200);
    assert.equal((await browser.send('GET /me')).status, 200);
    assert.equal((await other.send('GET /me')).status, 401);
  });

  describe('against other sites', () => {
    let browser: Browser;
    before(async () => {
      browser = await browserAs(gateway, 'vic', 'supervisor');
    });
    const write = (headers: Record<string, string>) =>
      browser.send('POST /partners/acme/actions', note, headers);

    it('writes with its token only', async () => {
      assert.equal((await write({})).status, 200);
      assert.equal((await write({ 'x-csrf-token': '' })).status, 403);
      assert.equal((await write({ 'x-csrf-token': 'x'.repeat(43) })).status, 403);
      const eve = await browserAs(gateway, 'eve', 'supervisor');
      assert.equal((await write({ 'x-csrf-token': eve.csrf })).status, 403, 'the token of another session');
    });

    it('writes for its own pages only', async () => {
      assert.equal((await write({ origin: 'https://evil.example' })).status, 403);
      assert.equal((await write({ origin: 'null' })).status, 403);
      for (const site of ['cross-site', 'same-site'])
        assert.equal((await write({ 'sec-fetch-site': site })).status, 403, site);
    });

    it('is not begun by them either: nobody is signed in as somebody else unawares', async () => {
      const victim = new Browser(gateway);
      assert.equal(await victim.signIn('vic', password, { origin: 'https://evil.example' }), 403);
      assert.equal(await victim.signIn('vic', password, { 'sec-fetch-site': 'cross-site' }), 403);
      assert.equal(victim.cookie, '');
    });

    it('is of no use to a form: a body that is no JSON is refused', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      assert.equal((await write(form)).status, 415);
    });
  });

  it('is refused after too many wrong passwords, from that address only, and says for how long', async () => {
    await addPerson(gateway, 'target', 'viewer');
    const guess = new Browser(gateway);
    for (let attempt = 0; attempt < signInLimits.pair; attempt += 1)
      assert.equal(await guess.signIn('target', `wrong number ${attempt}`), 401);
    const locked = await guess.send('POST /sign-in', { name: 'Target', password });
    assert.equal(locked.status, 429);
    assert.ok(Number(locked.headers.get('retry-after')) > 800);
    assert.equal(gateway.deps.access.throttle.waitMs('target', '192.0.2.7', Date.now()), 0);
    clock = Date.now() + signInLimits.windowMs + 1;
    assert.equal(await guess.signIn('target'), 200);
  });

  it('answers a name that does not exist as it answers a wrong password', async () => {
    await addPerson(gateway, 'known', 'viewer');
    const answer = async (name: string) => {
      const response = await new Browser(gateway).send('POST /sign-in', {
        name,
        password: 'wrong words here',
      });
      return [response.status, await response.text()];
    };
    assert.deepEqual(await answer('known'), await answer('unknown'));
  });

  it('refuses passwords that are guessed first', async () => {
    for (const weak of ['short', 'passwordpassword', 'aaaaaaaaaaaaaaaa', 'weakling12345', 'Reroute-admin-1'])
      assert.ok(
        [400, 422].includes(
          (
            await ask(gateway, 'POST /users', {
              body: { name: 'weakling', role: 'viewer', password: weak, reason: 'r' },
            })
          ).status,
        ),
        weak,
      );
  });

  it('leaves at least one administrator', async () => {
    const alone = await startGateway();
    try {
      await addPerson(alone, 'one', 'admin');
      const disable = () =>
        ask(alone, 'POST /users/one/actions', { body: { action: 'disable', reason: 'r' } });
      assert.equal((await disable()).json.code, 'last-admin');
      await addPerson(alone, 'two', 'admin');
      assert.equal((await disable()).status, 200);
    } finally {
      await alone.stop();
    }
  });
});

describe('The first visit', () => {
  const code = 'ABCDE-FGHJK-MNPQR-STVWX';
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway({}, { setupCode: code });
  });
  after(() => gateway.stop());

  const setUp = (given: string, name = 'first') =>
    new Browser(gateway).send('POST /setup', { code: given, name, password });

  it('sees a page that runs nothing but its own script', async () => {
    const response = await fetch(`${gateway.url}/setup/`);
    assert.equal(response.status, 200);
    assert.match(
      response.headers.get('content-security-policy') ?? '',
      /default-src 'none'.*script-src 'sha256-/,
    );
  });

  it('makes an administrator with the code that was printed, and with no other', async () => {
    assert.equal((await ask(gateway, 'GET /sign-in', { as: 'nobody' })).json.setup, true);
    assert.equal((await setUp('ABCDE-FGHJK-MNPQR-STVWY')).status, 403);
    const answers = await Promise.all([setUp(code.toLowerCase(), 'one'), setUp(code, 'two')]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 422]);
    assert.equal((await ask(gateway, 'GET /sign-in', { as: 'nobody' })).json.setup, false);
    assert.equal((await setUp(code, 'third')).status, 409);
    assert.equal(await gateway.ledger.userCount(), 1);
  });
});

describe('Tokens through the API', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  it('are shown once, listed without their secret, and refused once they are taken back', async () => {
    const body = { name: 'wms-bridge', role: 'operator', scope: { partners: ['acme'] }, reason: 'bridge' };
    const made = await ask(gateway, 'POST /tokens', { body });
    assert.equal(made.status, 201);
    const { token } = made.json;
    const as = () => fetch(`${gateway.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual(((await (await as()).json()) as { scope: unknown }).scope, { partners: ['acme'] });
    const list = await ask(gateway, 'GET /tokens');
    assert.ok(!list.text.includes(token.slice(-43)) && !/[0-9a-f]{64}/.test(list.text));
    assert.equal(
      (await ask(gateway, 'POST /tokens/wms-bridge/revoke', { body: { reason: 'done' } })).status,
      200,
    );
    gateway.deps.tokens.byName('nobody', Date.now() + 2_000);
    assert.equal((await as()).status, 401);
  });

  it('are not kept under an idempotency key, where they could be read again', async () => {
    const body = { name: 'once', role: 'viewer', reason: 'r' };
    const key = 'the-same-key';
    assert.equal((await ask(gateway, 'POST /tokens', { key, body })).status, 201);
    assert.equal((await ask(gateway, 'POST /tokens', { key, body })).status, 422);
  });
});
