/** What attackers send: text that would be a script, paths that climb, bodies that are too much, heads that would be two. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { serverOptions } from '../../lib/gateway/gateway';
import { masked } from '../../lib/model/personal';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { rawClient } from './support/raw-client';
import { killRun, type SeededEvent, seedEvent } from './support/seed';

const script = '<script>alert(document.cookie)</script>';

describe('Against attackers', () => {
  let gateway: TestGateway;
  let event: SeededEvent;
  let letterId: string;
  const subject = 'ord:shop:xss';
  before(async () => {
    gateway = await startGateway();
    event = await seedEvent(gateway.ledger, {
      subject,
      identifiers: { orderNumber: [{ namespace: 'shop', value: script }] },
      body: `${script}\r\nSet-Cookie: a=b`,
      opensCase: true,
      data: {
        sourceCode: {
          system: 's',
          codeList: 'c',
          status: script,
          text: `${script} for erika@example.com`,
          mappingVersion: '1',
        },
      },
    });
    letterId = await killRun(gateway.ledger, subject, event.runId, { code: 'BAD', message: script });
  });
  after(() => gateway.stop());

  it('a partner’s text is data: JSON that no browser takes for a page', async () => {
    const calls = [
      '/cases',
      `/cases/${event.case?.id}`,
      '/facts',
      `/facts/${event.factId}`,
      `/dead-letters/${letterId}`,
      `/trace/${encodeURIComponent(script)}`,
    ];
    for (const call of calls) {
      const { status, headers, text } = await ask(gateway, `GET ${call}`);
      assert.equal(status, 200, call);
      assert.equal(headers.get('content-type'), 'application/json', call);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/);
      assert.ok(text.includes(script) || call === '/cases' || call.startsWith('/cases/'), call);
    }
    const problem = await ask(gateway, `GET /cases/${encodeURIComponent(script)}`);
    assert.match(problem.headers.get('content-type') ?? '', /^application\/problem\+json/);
  });

  it('raw bytes are a download under a name and a type of ours', async () => {
    const { headers, text } = await ask(gateway, `GET /facts/${event.factId}/raw`);
    assert.equal(headers.get('content-type'), 'application/octet-stream');
    assert.equal(headers.get('content-disposition'), 'attachment; filename="payload.bin"');
    assert.equal(headers.get('reroute-media-type'), 'text/html');
    assert.equal(headers.getSetCookie().length, 0);
    assert.ok(text.startsWith(script));
  });

  it('persons are masked for those who only look, and shown to those who work with them', async () => {
    const { ledger } = gateway;
    const at = Date.now();
    await ledger.addDeadLetters(0, [
      {
        id: 'with-person',
        kind: 'raw',
        ref: 'none',
        partner: 'acme',
        reason: { code: 'BAD', message: 'nobody at erika@example.com' },
        fingerprint: 'f',
        attempt: 1,
        message: {
          payload: { recipient_name: 'Erika Mustermann', city: 'Berlin', phones: [{ phone: '030 123' }] },
        },
        at,
      },
    ]);
    for (const as of ['viewer', 'analyst'] as const) {
      const { json, text } = await ask(gateway, 'GET /dead-letters/with-person', { as });
      assert.deepEqual(json.message.payload, {
        recipient_name: masked,
        city: 'Berlin',
        phones: [{ phone: masked }],
      });
      assert.ok(!/erika/i.test(text));
      assert.ok(!/erika@/.test((await ask(gateway, 'GET /dead-letters?partner=acme', { as })).text));
      assert.ok(
        !/erika@/.test((await ask(gateway, `GET /trace/${encodeURIComponent(script)}`, { as })).text),
      );
    }
    const shown = await ask(gateway, 'GET /dead-letters/with-person', { as: 'operator' });
    assert.equal(shown.json.message.payload.recipient_name, 'Erika Mustermann');
  });

  it('paths lead nowhere but where they are known', async () => {
    const paths = [
      '/console/../../etc/passwd',
      '/console/..%2f..%2fetc%2fpasswd',
      '/console/%2e%2e/%2e%2e/etc/passwd',
      '/setup/../../etc/passwd',
      '/in/../api/v1/users',
      '/in/..%2fapi%2fv1%2fusers',
      '/api/v1/../../etc/passwd',
      '/api/v1/facts/..%2f..%2f..%2fetc%2fpasswd/raw',
      '/api/v1/facts/%00/raw',
    ];
    for (const path of paths) {
      const client = await rawClient(gateway.port);
      client.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${gateway.token('operator')}\r\n\r\n`,
      );
      await client.closed;
      assert.ok(!/root:|scrypt|"items"/.test(client.received()), path);
      assert.match(client.received(), /^HTTP\/1\.1 (302|400|403|404|405|418|422) /, path);
    }
  });

  it('a body that is too large or too deep is refused, and the next one is served', async () => {
    const act = (body: string) => ask(gateway, `POST /cases/${event.case?.id}/actions`, { body });
    const deep = (levels: number) =>
      `{"action":"decide","expectedVersion":1,"reason":"r","outcome":"X","then":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    assert.equal((await act(`{"reason":"${'x'.repeat(1024 * 1024)}"}`)).status, 413);
    for (const levels of [70, 5_000, 400_000])
      assert.equal((await act(deep(levels))).json.code, 'too-deep', `${levels}`);
    assert.equal((await act(deep(20))).status, 422);
    const wide = `{"reason":"r","x":[${'{},'.repeat(200_000)}{}]}`;
    assert.equal((await act(wide)).status, 400);
    const polluted = '{"action":"note","expectedVersion":1,"reason":"r","__proto__":{"role":"admin"}}';
    assert.ok([400, 422].includes((await act(polluted)).status));
    assert.equal(({} as { role?: string }).role, undefined);
  });

  it('a deeply nested delivery is kept as it is: bytes are not walked', async () => {
    gateway.intake.limits.acme = 200_000;
    const response = await fetch(`${gateway.url}/in/acme`, {
      method: 'POST',
      headers: { 'x-token': 'right', 'content-type': 'application/json' },
      body: '['.repeat(100_000),
    });
    assert.equal(response.status, 202);
  });

  it('no head becomes two: what is not a header is refused or written as text', async () => {
    const client = await rawClient(gateway.port);
    client.write(
      `POST /in/acme HTTP/1.1\r\nHost: x\r\nX-Token: right\nX-Evil: 1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    );
    await client.closed;
    assert.match(
      client.received(),
      /^HTTP\/1\.1 400 /,
      'two lengths, or a bare line feed: request smuggling',
    );
    const { status, headers } = await ask(gateway, 'GET /cases/x%0d%0aSet-Cookie:%20a=b');
    assert.equal(status, 404);
    assert.equal(headers.getSetCookie().length, 0);
    const key = await ask(gateway, `POST /cases/x/actions`, {
      key: 'a\tb',
      body: { action: 'note', expectedVersion: 1, reason: 'r' },
    });
    assert.equal(key.status, 400);
    const host = await fetch(`${gateway.url}/`, {
      redirect: 'manual',
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    assert.equal(host.headers.get('location'), '/console/');
  });

  it('whoever sends slowly is cut off: heads in 10 s, requests in a minute', () => {
    const server = createServer(serverOptions);
    assert.deepEqual(
      [server.headersTimeout, server.requestTimeout, server.maxHeadersCount],
      [10_000, 60_000, null],
    );
    assert.ok(server.headersTimeout > 0 && server.requestTimeout >= server.headersTimeout);
  });

  it('forwarded addresses are believed of trusted proxies only', async () => {
    const behind = await startGateway({}, { trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    const address = (from: TestGateway, chain: string) =>
      from.deps.access.origins.of({
        headers: { 'x-forwarded-for': chain },
        socket: { remoteAddress: '::ffff:127.0.0.1' },
      } as never).address;
    try {
      assert.equal(address(gateway, '198.51.100.7'), '127.0.0.1');
      assert.equal(
        address(behind, '203.0.113.9, 198.51.100.7, 10.1.1.1'),
        '198.51.100.7',
        'what the client wrote itself does not count',
      );
      assert.equal(address(behind, 'nonsense'), '127.0.0.1');
    } finally {
      await behind.stop();
    }
  });
});
