import assert from 'node:assert/strict';
import fc from 'fast-check';
import { waitUntil } from '../support';
import { startGateway, type TestGateway } from './support/gateway';
import { rawClient } from './support/raw-client';

describe('POST /in/:partner', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway({ bodyTimeoutMs: 300 });
  });
  after(() => gateway.stop());
  afterEach(() => {
    gateway.intake.next = undefined;
  });

  const deliver = async (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = '/in/acme',
  ) => {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      body,
      headers: { 'x-token': 'right', ...headers },
    });
    return {
      status: response.status,
      headers: response.headers,
      json: (await response.json()) as Record<string, unknown>,
    };
  };

  it('answers 202 with an id once the bytes are durable', async () => {
    const { status, json } = await deliver('{"a":1}', { 'content-type': 'application/json' });
    assert.equal(status, 202);
    assert.equal(json.duplicate, false);
    assert.equal(typeof json.correlationId, 'string');
    const raw = await gateway.ledger.rawPayload(String(json.id));
    assert.equal(Buffer.from(raw?.body ?? []).toString(), '{"a":1}');
    assert.equal(raw?.mediaType, 'application/json');
  });

  it('answers the same delivery again with 200, the first id and its correlation', async () => {
    const first = await deliver('again', { 'x-event': 'again-1' });
    const second = await deliver('again', { 'x-event': 'again-1' });
    assert.equal(second.status, 200);
    assert.deepEqual(second.json, {
      id: first.json.id,
      duplicate: true,
      correlationId: first.json.correlationId,
    });
  });

  it('keeps other content under a known key and says that it is a conflict', async () => {
    const first = await deliver('one', { 'x-event': 'conflict-1' });
    const second = await deliver('two', { 'x-event': 'conflict-1' });
    assert.equal(second.status, 202);
    assert.equal(second.json.conflict, true);
    assert.equal(second.json.firstId, first.json.id);
    assert.equal(
      Buffer.from((await gateway.ledger.rawPayload(String(second.json.id)))?.body ?? []).toString(),
      'two',
    );
  });

  it('keeps any bytes as they are, whatever the content type', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 900 }), fc.uuid(), async (bytes, event) => {
        const { status, json } = await deliver(new Uint8Array(bytes), {
          'x-event': event,
          'content-type': 'application/edi-x12',
        });
        assert.equal(status, 202);
        const raw = await gateway.ledger.rawPayload(String(json.id));
        assert.deepEqual(Buffer.from(raw?.body ?? []), Buffer.from(bytes));
      }),
      { numRuns: 40 },
    );
  });

  it('answers 401 to a bad signature, stores nothing and does not say why', async () => {
    const before = gateway.intake.accepted;
    const { status, json, headers } = await deliver('x', { 'x-token': 'wrong' });
    assert.equal(status, 401);
    assert.equal(headers.get('content-type'), 'application/problem+json');
    assert.ok(headers.get('www-authenticate'));
    assert.ok(!JSON.stringify(json).includes('the token is wrong'));
    assert.equal(gateway.intake.accepted, before);
    assert.ok(
      gateway.logged.some(({ detail }) => 'reason' in detail && detail.reason === 'the token is wrong'),
    );
  });

  for (const name of [
    'nobody',
    'ACME',
    'acme/',
    'acme/x',
    '',
    '..',
    '%61cme',
    'acme%00',
    '__proto__',
    'constructor',
    'a'.repeat(200),
    '-acme',
    'ac me'.replace(' ', '+'),
  ]) {
    it(`answers 404 to a partner named ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const client = await rawClient(gateway.port);
      client.write(`POST /in/${name} HTTP/1.1\r\nhost: x\r\nx-token: right\r\ncontent-length: 1\r\n\r\nx`);
      await waitUntil(() => client.received().includes('\r\n\r\n'));
      client.socket.destroy();
      assert.match(client.received(), /^HTTP\/1\.1 404 .*urn:reroute:problem:unknown-partner/s);
    });
  }

  it('hands the query to the check, for senders whose token stands there', async () => {
    assert.equal((await deliver('q-1', { 'x-token': 'wrong' }, '/in/acme?token=right')).status, 202);
    assert.equal((await deliver('q-2', {}, '/in/acme?token=wrong')).status, 401);
  });

  it('leaves the query aside when it looks for the partner', async () => {
    assert.equal((await deliver('query', {}, '/in/acme?x=abc')).status, 202);
  });

  it('refuses a declared length above the limit with 413 before the body comes', async () => {
    const client = await rawClient(gateway.port);
    client.write('POST /in/acme HTTP/1.1\r\nhost: x\r\nx-token: right\r\ncontent-length: 1001\r\n\r\n');
    await waitUntil(() => client.received().includes('\r\n\r\n'));
    assert.match(client.received(), /^HTTP\/1\.1 413 /);
    assert.match(client.received(), /connection: close/i);
    await client.closed;
  });

  it('takes a body of exactly the limit', async () => {
    assert.equal((await deliver('x'.repeat(1_000))).status, 202);
    assert.equal((await deliver('x'.repeat(1_001))).status, 413);
  });

  it('takes a chunked body below the limit', async () => {
    const client = await rawClient(gateway.port);
    client.write(
      'POST /in/acme HTTP/1.1\r\nhost: x\r\nx-token: right\r\nx-event: chunked\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    await waitUntil(() => client.received().includes('"duplicate":false'));
    assert.match(client.received(), /^HTTP\/1\.1 202 /);
    client.socket.destroy();
  });

  it('stops reading an endless chunked body with 413 and closes', async () => {
    const client = await rawClient(gateway.port);
    client.write('POST /in/acme HTTP/1.1\r\nhost: x\r\nx-token: right\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    let open = true;
    void client.closed.then(() => {
      open = false;
    });
    const before = gateway.intake.accepted;
    await waitUntil(
      () => {
        for (let count = 0; open && count < 20; count += 1) client.write(chunk);
        return !open;
      },
      { what: 'the connection to be closed', everyMs: 1 },
    );
    assert.match(client.received(), /^HTTP\/1\.1 413 .*too-large/s);
    assert.equal(gateway.intake.accepted, before);
  });

  it('gives up on a body that trickles in, with 408', async () => {
    const client = await rawClient(gateway.port);
    client.write('POST /in/acme HTTP/1.1\r\nhost: x\r\nx-token: right\r\ncontent-length: 100\r\n\r\nx');
    await client.closed;
    assert.match(client.received(), /^HTTP\/1\.1 408 /);
  });

  it('stores nothing of a delivery whose sender hangs up', async () => {
    const before = gateway.intake.accepted;
    const client = await rawClient(gateway.port);
    client.write('POST /in/acme HTTP/1.1\r\nhost: x\r\nx-token: right\r\ncontent-length: 100\r\n\r\nhalf');
    client.socket.destroy();
    const count = async () => /result="gone"} (\d+)/.exec(await gateway.deps.metrics.metrics())?.[1];
    await waitUntil(async () => Number(await count()) >= 1);
    assert.equal(gateway.intake.accepted, before);
  });

  it('answers 429 with Retry-After in whole seconds when the partner sends too fast', async () => {
    gateway.intake.next = { kind: 'limited', retryAfterMs: 1_200 };
    const { status, headers } = await deliver('x');
    assert.equal(status, 429);
    assert.equal(headers.get('retry-after'), '2');
  });

  it('answers 503 when the ledger cannot commit, and when the intake fails', async () => {
    gateway.intake.next = { kind: 'unavailable', reason: 'disk full' };
    const unavailable = await deliver('x');
    assert.equal(unavailable.status, 503);
    assert.ok(unavailable.headers.get('retry-after'));
    assert.ok(!JSON.stringify(unavailable.json).includes('disk full'));
    gateway.intake.next = new Error('secret detail');
    const failed = await deliver('x');
    assert.equal(failed.status, 503);
    assert.ok(!JSON.stringify(failed.json).includes('secret detail'));
  });

  it('answers 413 and 404 when the intake finds so itself', async () => {
    gateway.intake.next = { kind: 'too-large', limitBytes: 5 };
    assert.equal((await deliver('x')).status, 413);
    gateway.intake.next = { kind: 'unknown-partner' };
    assert.equal((await deliver('x')).status, 404);
  });

  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    it(`answers ${method} with 405 and what is allowed`, async () => {
      const response = await fetch(`${gateway.url}/in/acme`, { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
    });
  }

  it('refuses a head that is too large with 431', async () => {
    const client = await rawClient(gateway.port);
    client.write(
      `POST /in/acme HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\ncontent-length: 0\r\n\r\n`,
    );
    await client.closed;
    assert.match(client.received(), /^HTTP\/1\.1 431 /);
  });

  it('counts what became of deliveries, with no labels from outside', async () => {
    await deliver('x', {}, '/in/made-up-name');
    const metrics = await gateway.deps.metrics.metrics();
    assert.match(metrics, /reroute_inbound_deliveries_total{partner="acme",result="accepted"} \d+/);
    assert.match(metrics, /reroute_inbound_deliveries_total{partner="",result="unknown-partner"} \d+/);
    assert.ok(!metrics.includes('made-up-name'));
  });
});

describe('a ledger that cannot commit', () => {
  it('is answered with 503: nothing was promised', async () => {
    const gateway = await startGateway();
    await gateway.ledger.close();
    const response = await fetch(`${gateway.url}/in/acme`, {
      method: 'POST',
      body: 'x',
      headers: { 'x-token': 'right' },
    });
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '5');
    const read = await fetch(`${gateway.url}/api/v1/cases`, {
      headers: { authorization: `Bearer ${gateway.token('viewer')}` },
    });
    assert.equal(read.status, 503);
    assert.ok(!(await read.text()).toLowerCase().includes('ledger'));
    assert.match(read.headers.get('content-type') ?? '', /problem/);
    await gateway.stop();
  });
});

describe('bodies in memory', () => {
  it('are bounded over all connections: what does not fit is told to come back', async () => {
    const gateway = await startGateway({ bodiesInMemory: 1_500 });
    try {
      const holder = await rawClient(gateway.port);
      holder.write(
        `POST /in/acme HTTP/1.1\r\nhost: x\r\nx-token: right\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(900)}`,
      );
      const send = () =>
        fetch(`${gateway.url}/in/acme`, {
          method: 'POST',
          body: 'y'.repeat(700),
          headers: { 'x-token': 'right' },
        });
      const crowded = await waitUntil(async () => {
        const response = await send();
        return response.status === 429 && response;
      });
      assert.equal(crowded.headers.get('retry-after'), '1');
      holder.socket.destroy();
      await waitUntil(async () => [200, 202].includes((await send()).status), {
        what: 'the room to be free again',
      });
    } finally {
      await gateway.stop();
    }
  });
});
