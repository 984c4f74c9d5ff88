import assert from 'node:assert/strict';
import { request } from 'node:http';
import { startGateway, type TestGateway } from './support/gateway';

describe('the front door', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  const get = (path: string, init: RequestInit = {}) =>
    fetch(gateway.url + path, { redirect: 'manual', ...init });

  it('leads from / to the console', async () => {
    for (const path of ['/', '/?a=b', '/console']) {
      const response = await get(path);
      assert.equal(response.status, 302);
      assert.equal(response.headers.get('location'), '/console/');
    }
  });

  it('serves the console: a page that runs scripts of its own alone, in no frame, and files kept for ever', async () => {
    const response = await get('/console/');
    assert.equal(response.status, 200);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    const script = /<script[^>]+src="(?:\.\/)?(assets\/[^"]+)"/.exec(await response.text())?.[1];
    assert.ok(script);
    const asset = await get(`/console/${script}`);
    assert.match(asset.headers.get('content-type') ?? '', /javascript/);
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
    const etag = response.headers.get('etag') ?? '';
    assert.equal((await get('/console/', { headers: { 'if-none-match': etag } })).status, 304);
    assert.equal((await get('/console/', { method: 'POST' })).status, 405);
  });

  it('serves no other file, however its path is written', async () => {
    for (const path of ['x', '..%2fpackage.json', '%2e%2e/package.json', '%00', 'assets/'])
      assert.equal((await get(`/console/${path}`)).status, path.startsWith('%2e') ? 418 : 404, path);
  });

  it('passes everything else to Node-RED', async () => {
    for (const path of [
      '/editor/',
      '/editor/flows?x=1',
      '/in',
      '/api/v2/cases',
      '/api/v1x',
      '/healthzz',
      '/other',
    ]) {
      const response = await get(path);
      assert.equal(response.status, 418, path);
      assert.equal(await response.text(), `node-red got ${path}`);
    }
  });

  it('is alive, and ready only when every part is', async () => {
    assert.equal((await get('/healthz')).status, 200);
    assert.equal((await get('/readyz')).status, 200);
    gateway.readiness.current = {
      ok: false,
      parts: { ledger: { ok: true }, flows: { ok: false, detail: 'starting' } },
    };
    const response = await get('/readyz');
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), gateway.readiness.current);
    assert.equal((await get('/healthz')).status, 200);
    assert.equal((await get('/healthz', { method: 'POST' })).status, 405);
    assert.equal((await get('/healthz', { method: 'HEAD' })).status, 200);
  });

  it('gives metrics on loopback without a token, and through a proxy only with one', async () => {
    const open = await get('/metrics');
    assert.equal(open.status, 200);
    assert.match(await open.text(), /reroute_inbound_deliveries_total/);
    for (const header of ['x-forwarded-for', 'forwarded', 'via']) {
      assert.equal((await forwarded(header)).status, 401);
      assert.equal((await forwarded(header, gateway.token('viewer'))).status, 200);
    }
  });

  /** `fetch` does not let a caller set `via`. */
  function forwarded(header: string, token?: string): Promise<{ status: number }> {
    return new Promise((resolve, reject) => {
      const headers = { [header]: '203.0.113.9', ...(token && { authorization: `Bearer ${token}` }) };
      request(`${gateway.url}/metrics`, { headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0 });
      })
        .on('error', reject)
        .end();
    });
  }

  it('takes its metrics back when it closes, so that another can start in the same process', async () => {
    const other = await startGateway();
    await other.stop();
    assert.equal(other.deps.metrics.getSingleMetric('reroute_inbound_deliveries_total'), undefined);
  });
});
