import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { permits, type Role } from '../../lib/gateway/roles';
import { routes } from '../../lib/gateway/routes';
import { createToken, openTokenStore, readTokens, revokeToken } from '../../lib/gateway/tokens';
import { tempDir } from '../support';
import { ask } from './support/client';
import { adminToken, startGateway, type TestGateway } from './support/gateway';

describe('access to the REST API', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  for (const entry of routes.filter(({ role }) => role === 'open')) {
    const call = `${entry.method.toUpperCase()} ${entry.path.replace(/:[a-z]+/g, 'none')}`;
    it(`${call} is open`, async () => {
      const { status } = await ask(gateway, call, { as: 'nobody' });
      // A write says what is missing in its body; who sends it does not matter.
      assert.equal(status, entry.method === 'get' ? 200 : 400);
    });
  }

  const byContent: [string, Role, unknown][] = [
    ['POST /cases/none/actions', 'supervisor', { action: 'cancel', expectedVersion: 1, reason: 'r' }],
    [
      'POST /cases/none/actions',
      'supervisor',
      { action: 'suppress', expectedVersion: 1, reason: 'r', until: '2030-01-01T00:00:00Z' },
    ],
    [
      'POST /replays',
      'supervisor',
      { name: 'n', reason: 'r', mode: 'live', select: { filter: { partner: 'acme' } } },
    ],
    [
      'POST /replays',
      'supervisor',
      {
        name: 'n',
        reason: 'r',
        mode: 'live',
        select: { ids: Array.from({ length: 21 }, () => randomUUID()) },
      },
    ],
    [
      'POST /replays',
      'supervisor',
      { name: 'n', reason: 'r', mode: 'live', select: { ids: ['x'] }, edit: { x: '{}' } },
    ],
    ['POST /replays', 'operator', { name: 'n', reason: 'r', mode: 'live', select: { ids: ['x'] } }],
    [
      'POST /replays',
      'operator',
      { name: 'n', reason: 'r', mode: 'preview', select: { filter: { partner: 'acme' } } },
    ],
  ];
  for (const [call, needed, body] of byContent) {
    for (const role of ['operator', 'supervisor'] as const) {
      const allowed = permits(role, needed);
      it(`${call} with ${JSON.stringify(body).slice(0, 90)} is ${allowed ? 'open' : 'closed'} to ${role}`, async () => {
        const { status } = await ask(gateway, call, { as: role, body });
        if (allowed) assert.ok([404, 422].includes(status), `answered ${status}`);
        else assert.equal(status, 403);
      });
    }
  }

  it('audits a write that the role forbids', async () => {
    await ask(gateway, 'POST /partners/acme/actions', {
      as: 'operator',
      body: { action: 'hold', reason: 'r' },
    });
    const { json } = await ask(gateway, 'GET /audit?actor=token:the-operator');
    assert.ok(
      json.items.some(
        (item: { action: string; outcome: string; subject: string }) =>
          item.action === 'api.actOnPartner' &&
          item.outcome === 'refused' &&
          item.subject === 'path:/api/v1/partners/acme/actions',
      ),
    );
  });

  it('takes the bootstrap token as admin and no variation of it', async () => {
    const as = (authorization: string) =>
      fetch(`${gateway.url}/api/v1/partners`, { headers: { authorization } });
    assert.equal((await as(`Bearer ${adminToken}`)).status, 200);
    assert.equal((await as(`bearer ${adminToken}`)).status, 200);
    for (const wrong of [
      `Bearer ${adminToken}x`,
      `Bearer ${adminToken.slice(1)}`,
      `Basic ${adminToken}`,
      adminToken,
      'Bearer',
      'Bearer  ',
      `Bearer a b`,
    ]) {
      assert.equal((await as(wrong)).status, 401, wrong);
    }
  });

  it('tells strangers nothing about which calls exist', async () => {
    assert.equal((await ask(gateway, 'GET /no-such-call', { as: 'nobody' })).status, 401);
    assert.equal((await ask(gateway, 'DELETE /cases', { as: 'nobody' })).status, 401);
    assert.equal((await ask(gateway, 'GET /no-such-call')).status, 404);
  });
});

describe('tokens', () => {
  it('are kept as hashes in a file only its owner can read', () => {
    const dataDir = tempDir('tokens');
    const { token } = createToken({ dataDir, name: 'desk', role: 'operator', now: 0 });
    const path = join(dataDir, 'tokens.json');
    assert.ok(!readFileSync(path, 'utf8').includes(token.slice(-20)));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(openTokenStore({ dataDir }).authenticate(token, 1), {
      actor: 'token:desk',
      role: 'operator',
    });
  });

  it('of which one name exists once, and bootstrap is taken', () => {
    const dataDir = tempDir('tokens');
    createToken({ dataDir, name: 'desk', role: 'viewer', now: 0 });
    assert.throws(() => createToken({ dataDir, name: 'desk', role: 'admin', now: 0 }), {
      code: 'TOKEN_NAME_TAKEN',
    });
    assert.throws(() => createToken({ dataDir, name: 'bootstrap', role: 'viewer', now: 0 }), {
      code: 'TOKEN_NAME_TAKEN',
    });
    assert.equal(readTokens(dataDir).length, 1);
  });

  it('that were made or revoked while the gateway runs count within a second', () => {
    const dataDir = tempDir('tokens');
    const store = openTokenStore({ dataDir });
    const first = createToken({ dataDir, name: 'one', role: 'viewer', now: 0 });
    assert.equal(store.authenticate(first.token, 10_000)?.role, 'viewer');
    const second = createToken({ dataDir, name: 'two', role: 'viewer', now: 0 });
    assert.equal(store.authenticate(second.token, 11_001)?.role, 'viewer');
    assert.equal(revokeToken({ dataDir, idOrName: 'one' }), true);
    assert.equal(revokeToken({ dataDir, idOrName: 'one' }), false);
    assert.equal(store.authenticate(first.token, 12_002), undefined);
    assert.equal(store.authenticate(second.token, 12_002)?.role, 'viewer');
  });

  it('end when they expire', () => {
    const dataDir = tempDir('tokens');
    const { token } = createToken({ dataDir, name: 'short', role: 'viewer', now: 0, expiresAt: 5_000 });
    const store = openTokenStore({ dataDir });
    assert.ok(store.authenticate(token, 4_999));
    assert.equal(store.authenticate(token, 5_000), undefined);
  });

  it('of another secret under a known id are refused', () => {
    const dataDir = tempDir('tokens');
    const { token } = createToken({ dataDir, name: 'one', role: 'admin', now: 0 });
    const forged = `${token.slice(0, -43)}${'A'.repeat(43)}`;
    assert.equal(openTokenStore({ dataDir }).authenticate(forged, 1), undefined);
  });

  it('are all refused, and somebody is told, while the file is broken', () => {
    const dataDir = tempDir('tokens');
    const { token } = createToken({ dataDir, name: 'one', role: 'admin', now: 0 });
    const errors: unknown[] = [];
    const store = openTokenStore({ dataDir, adminToken: 'boot', onError: (error) => errors.push(error) });
    const path = join(dataDir, 'tokens.json');
    chmodSync(path, 0o600);
    writeFileSync(path, '{"version":1,"tokens":[{}]}');
    assert.equal(store.authenticate(token, 1), undefined);
    assert.equal(store.authenticate('boot', 1)?.role, 'admin');
    assert.equal(errors.length, 1);
  });

  it('cannot be empty: without a bootstrap token nothing is admin', () => {
    assert.equal(
      openTokenStore({ dataDir: tempDir('tokens'), adminToken: '' }).authenticate('', 1),
      undefined,
    );
  });
});
