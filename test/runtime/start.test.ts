import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Running, startProcess } from '../support';
import { adminToken, command, environmentOf, flowsFolder, Scene } from './scene';

/** Runs `reroute start` where it is expected to refuse. */
async function refused(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const running: Running = await startProcess(process.execPath, [command, 'start'], { env });
  const timer = setTimeout(() => running.kill('SIGKILL'), 15_000);
  const { code } = await running.exited;
  clearTimeout(timer);
  return { code, output: running.output() };
}

describe('reroute start', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('start');
  });
  after(() => scene?.stop());

  it('says where console, editor, API and sandbox are, and never prints the admin token', async () => {
    const output = scene.running.output();
    for (const path of ['/console/', '/editor/', '/api/v1/openapi.json'])
      assert.ok(output.includes(`${scene.url}${path}`), `${path} in ${output}`);
    assert.match(output, new RegExp(`sandbox +${scene.sandbox}`));
    assert.ok(!output.includes(adminToken));
    assert.ok((await fetch(`${scene.sandbox}/_book/summary`)).ok);
  });

  it('answers probes and metrics without a token, and the API only with one', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const answer = await fetch(`${scene.url}${path}`);
      assert.equal(answer.status, 200, path);
      await answer.arrayBuffer();
    }
    const ready = (await (await fetch(`${scene.url}/readyz`)).json()) as { parts?: unknown };
    assert.match(JSON.stringify(ready), /"flows":\{"ok":true/);
    assert.match(await (await fetch(`${scene.url}/metrics`)).text(), /^reroute_runs\{state="queued"\} 0$/m);
    assert.equal((await fetch(`${scene.url}/api/v1/cases`)).status, 401);
    assert.deepEqual(await scene.cases(), []);
  });

  it('knows every partner of the flows', async () => {
    const { items } = await scene.get<{ items: { id: string }[] }>('/api/v1/partners');
    assert.deepEqual(items.map(({ id }) => id).sort(), [
      'desk',
      'easypost',
      'erp',
      'fedex',
      'storefront',
      'tms',
      'ups',
      'wms',
    ]);
  });

  it('refuses a second runtime on the same data folder, and the first goes on', async () => {
    const { code, output } = await refused(environmentOf(scene.folder));
    assert.equal(code, 1);
    assert.match(output, new RegExp(`in use by process ${scene.running.pid}`));
    assert.ok((await fetch(`${scene.url}/readyz`)).ok);
  });

  it('refuses a port that is taken, in words and with exit 1', async () => {
    const { code, output } = await refused(
      environmentOf(flowsFolder('start-port'), { PORT: new URL(scene.url).port }),
    );
    assert.equal(code, 1);
    assert.match(output, /EADDRINUSE/);
  });

  it('ends with 0 on SIGTERM and gives its data folder back', async () => {
    const { code, signal } = await scene.running.stop('SIGTERM', 15_000);
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    const next = await startProcess(process.execPath, [command, 'start'], {
      env: environmentOf(scene.folder),
      ready: /Reroute is ready/,
    });
    assert.equal((await next.stop('SIGINT', 15_000)).code, 0);
  });
});

describe('reroute start in production, with nobody in it yet', () => {
  it('prints the code with which the first administrator is made, and knows no default token', async () => {
    const environment = environmentOf(flowsFolder('start-production'), {
      NODE_ENV: 'production',
      REROUTE_ADMIN_TOKEN: '',
      REROUTE_SANDBOX: 'off',
      REROUTE_CREDENTIAL_SECRET: 'sixteen-characters-and-more',
      REROUTE_PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    });
    const running = await startProcess(process.execPath, [command, 'start'], {
      env: environment,
      ready: /Reroute is ready[\s\S]*readyz/,
    });
    try {
      const [, url, code] = /set-up {3}(\S+)setup\/ .*code ([0-9A-Z-]{23})/.exec(running.output()) ?? [];
      assert.ok(url && code, running.output());
      const body = JSON.stringify({ code, name: 'root', password: 'seven quiet lighthouses' });
      const headers = { 'content-type': 'application/json' };
      const made = await fetch(`${url}api/v1/setup`, { method: 'POST', headers, body });
      assert.equal(made.status, 201);
      const authorization = 'Bearer reroute-development-token';
      assert.equal((await fetch(`${url}api/v1/cases`, { headers: { authorization } })).status, 401);
      const form = { client_id: 'node-red-editor', grant_type: 'password', scope: '*', username: 'root' };
      const signIn = new URLSearchParams({ ...form, password: 'seven quiet lighthouses' });
      assert.equal((await fetch(`${url}editor/auth/token`, { method: 'POST', body: signIn })).status, 200);
    } finally {
      await running.stop('SIGTERM', 15_000);
    }
  });
});

describe('reroute start with a wrong environment', () => {
  let folder: string;
  before(() => {
    folder = flowsFolder('start-refused');
  });

  const cases: [string, Record<string, string>, RegExp][] = [
    ['an unknown name', { REROUTE_DATADIR: '/nowhere' }, /REROUTE_DATADIR is not a setting/],
    ['a port that is no number', { PORT: 'http' }, /PORT: /],
    [
      'the admin token of development in production',
      {
        NODE_ENV: 'production',
        REROUTE_ADMIN_TOKEN: 'reroute-development-token',
        REROUTE_CREDENTIAL_SECRET: 'sixteen-characters',
      },
      /REROUTE_ADMIN_TOKEN: .* refused in production/,
    ],
    [
      'the credential secret of development in production',
      { NODE_ENV: 'production', REROUTE_CREDENTIAL_SECRET: 'reroute-development-only' },
      /REROUTE_CREDENTIAL_SECRET: production needs one/,
    ],
    [
      'stand-in partners in production',
      { NODE_ENV: 'production', REROUTE_SANDBOX: 'on', REROUTE_CREDENTIAL_SECRET: 'sixteen-characters' },
      /REROUTE_SANDBOX: /,
    ],
  ];
  for (const [what, env, message] of cases) {
    it(`refuses ${what} with one error that names it, and exit 1`, async () => {
      const { code, output } = await refused(environmentOf(folder, env));
      assert.equal(code, 1);
      assert.match(output, message);
      assert.equal(output.match(/^reroute: /gm)?.length, 1, output);
      assert.doesNotMatch(output, /\n {4}at /, 'no stack');
    });
  }
});
