import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { HttpAmbiguousError, HttpNotSentError } from '../../lib/connectors/kit/http';
import { type PartnerHttp, partnerHttp } from '../../lib/engine/partners/http';
import { isRerouteError } from '../../lib/model/errors';

describe('HTTP to a partner', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function listening(server: Server): Promise<string> {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    open.push({ close: () => new Promise((done) => server.close(() => done())) });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const serving = (handler: RequestListener) => listening(createServer({ keepAlive: false }, handler));
  function httpTo(endpoint: string, limits: Partial<Parameters<typeof partnerHttp>[0]> = {}): PartnerHttp {
    const http = partnerHttp({
      endpoint,
      timeoutMs: 2_000,
      maxResponseBytes: 1_000,
      connections: 1,
      ...limits,
    });
    open.push(http);
    return http;
  }
  const codeOf = (code: string) => (error: unknown) => isRerouteError(error) && error.code === code;

  it('sends what it is given below the endpoint and reads the whole answer', async () => {
    const seen: unknown[] = [];
    const base = await serving((request, response) => {
      request.on('data', (chunk) => seen.push(String(chunk)));
      request.on('end', () => {
        seen.push(request.method, request.url, request.headers['x-a'], request.headers['content-type']);
        response.setHeader('set-cookie', ['a=1', 'b=2']);
        response.statusCode = 201;
        response.write('{"ok":');
        setTimeout(() => response.end('true}'), 5);
      });
    });
    const answer = await httpTo(`${base}/api/`).port({
      method: 'POST',
      path: '/orders?x=1',
      headers: { 'x-a': 'b' },
      json: { n: 1 },
    });
    assert.deepEqual(seen, ['{"n":1}', 'POST', '/api/orders?x=1', 'b', 'application/json']);
    assert.deepEqual([answer.status, answer.json(), answer.text()], [201, { ok: true }, '{"ok":true}']);
    assert.equal(answer.headers['set-cookie'], 'a=1\nb=2');
  });

  it('refuses an answer that is larger than the limit', async () => {
    const base = await serving((_request, response) => response.end('x'.repeat(5_000)));
    await assert.rejects(httpTo(base).port({ method: 'GET', path: '/' }), codeOf('ANSWER_TOO_LARGE'));
  });

  it('calls a silent partner ambiguous: the request may have been carried out', async () => {
    const base = await serving((_request, response) => void setTimeout(() => response.destroy(), 300));
    await assert.rejects(
      httpTo(base, { timeoutMs: 100 }).port({ method: 'POST', path: '/', json: {} }),
      HttpAmbiguousError,
    );
  });

  it('calls a connection that is lost before the answer ambiguous', async () => {
    const base = await serving((_request, response) => response.destroy());
    await assert.rejects(httpTo(base).port({ method: 'POST', path: '/', json: {} }), HttpAmbiguousError);
  });

  it('calls a refused connection not sent', async () => {
    const server = createTcpServer();
    const base = await listening(server);
    await open.pop()?.close();
    await assert.rejects(httpTo(base).port({ method: 'POST', path: '/', json: {} }), HttpNotSentError);
  });

  it('calls what waited for a connection until its time was over not sent, and never sends it', async () => {
    const urls: (string | undefined)[] = [];
    const base = await serving((request, response) => {
      urls.push(request.url);
      setTimeout(() => response.end('{}'), 250);
    });
    const { port } = httpTo(base, { timeoutMs: 200 });
    const first = port({ method: 'GET', path: '/first' });
    const second = port({ method: 'GET', path: '/second' });
    await assert.rejects(first, HttpAmbiguousError);
    await assert.rejects(second, HttpNotSentError);
    await new Promise((done) => setTimeout(done, 100));
    assert.deepEqual(urls, ['/first']);
  });

  it('passes a header that HTTP does not allow on as an error of the call', async () => {
    const base = await serving((_request, response) => response.end());
    await assert.rejects(httpTo(base).port({ method: 'GET', path: '/', headers: { 'x-a': 'line\nbreak' } }));
  });

  it('goes to another base URL only when the partner has a setting of that name', async () => {
    const tokens = await serving((request, response) => response.end(request.url));
    const { port } = httpTo('http://127.0.0.1:9', { endpoints: { tokenEndpoint: `${tokens}/oauth` } });
    const answer = await port({ method: 'POST', path: '/token', endpoint: 'tokenEndpoint' });
    assert.equal(answer.text(), '/oauth/token');
    await assert.rejects(
      port({ method: 'POST', path: '/token', endpoint: 'no-such' }),
      codeOf('NO_ENDPOINT'),
    );
  });

  it('never leaves the endpoint', async () => {
    const { port } = httpTo('http://127.0.0.1:9');
    for (const path of ['@example.com/', '.example.com/', 'x', ''])
      await assert.rejects(port({ method: 'GET', path }), codeOf('FOREIGN_TARGET'), path);
  });
});
