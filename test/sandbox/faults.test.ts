import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signHub } from '../../sandbox/core/callbacks';
import { waitUntil } from '../support';
import { type Client, withSandbox } from './support';

const booking = (reference: string) => ({ reference, orderNumber: '4711', carrier: 'ups' });
const book = (client: Client, key: string) => client.post('/tms/bookings', booking(key), key);
const failed = (call: Promise<unknown>) =>
  call.then(
    () => false,
    () => true,
  );

describe('Faults on request', () => {
  const client = withSandbox();
  const faults = (...list: object[]) => client().put('/_admin/faults', list);

  it('refuse a call with status and Retry-After, without work, as often as asked', async () => {
    await faults({ system: 'tms', operation: 'book', kind: 'status', status: 429, retryAfter: 3, count: 1 });
    const refused = await book(client(), 'k');
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '3']);
    assert.equal((await client().summary()).entries, 0);
    assert.equal((await book(client(), 'k')).status, 201);
  });

  it('do the work and never answer: the look-up finds it, and the keyed repeat gets the first answer', async () => {
    await faults({ system: 'tms', kind: 'timeoutAfterWork', ms: 20, count: 1 });
    assert.ok(await failed(book(client(), 'k')));
    const found = (await client().get('/tms/bookings?reference=k')).body.items;
    assert.equal(found.length, 1);
    const again = await book(client(), 'k');
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal(again.body.id, found[0].id);
    const { effects, deduplicated } = await client().summary();
    assert.deepEqual([effects, deduplicated], [1, 1]);
  });

  it('hold the connection of a timed-out call until the caller gives up', async () => {
    await faults({ system: 'stub', kind: 'timeoutAfterWork' });
    const aborted = fetch(`${client().url}/stub`, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(100),
    });
    assert.ok(await failed(aborted));
    assert.equal((await client().summary()).effects, 1);
  });

  it('reset the connection before or after the work', async () => {
    await faults(
      { system: 'tms', kind: 'resetBeforeWork', count: 1 },
      { system: 'tms', kind: 'resetAfterWork', count: 1 },
    );
    assert.ok(await failed(book(client(), 'a')));
    assert.equal((await client().summary()).effects, 0);
    assert.ok(await failed(book(client(), 'b')));
    assert.equal((await client().summary()).effects, 1);
  });

  it('answer 2xx and do nothing: only a read-back shows it', async () => {
    await faults({ system: 'tms', kind: 'noop2xx', count: 1 });
    assert.equal((await book(client(), 'k')).status, 201);
    assert.deepEqual((await client().get('/tms/bookings?reference=k')).body.items, []);
    assert.equal((await client().summary()).entries, 0);
    assert.equal((await book(client(), 'k')).headers.get('idempotency-replayed'), null);
  });

  it('wait before the work', async () => {
    await faults({ system: 'stub', kind: 'latency', ms: 60 });
    const startedAt = performance.now();
    assert.equal((await client().post('/stub', {})).status, 200);
    assert.ok(performance.now() - startedAt >= 55);
  });

  it('strike only what they match', async () => {
    await faults({
      system: 'tms',
      operation: 'book',
      match: '"reference":"bad"',
      kind: 'status',
      status: 500,
    });
    assert.equal((await book(client(), 'good')).status, 201);
    assert.equal((await book(client(), 'bad')).status, 500);
    assert.equal((await client().post('/stub', { reference: 'bad' })).status, 200);
  });

  it('fall the same way for the same seed', async () => {
    const run = async (seed: number) => {
      await client().put('/_admin/faults', {
        seed,
        faults: [{ system: 'stub', kind: 'status', status: 503, probability: 0.5 }],
      });
      const statuses: number[] = [];
      for (let index = 0; index < 24; index += 1) statuses.push((await client().post('/stub', {})).status);
      return statuses;
    };
    const first = await run(3);
    assert.deepEqual(await run(3), first);
    assert.ok(first.includes(200) && first.includes(503));
    assert.notDeepEqual(await run(4), first);
  });

  it('are refused when they make no sense, and never strike the admin interface', async () => {
    assert.equal((await client().put('/_admin/faults', [{ system: 'tms', kind: 'explode' }])).status, 422);
    await faults({ system: '*', kind: 'status', status: 500 });
    assert.equal((await client().get('/_admin/faults')).status, 200);
    assert.equal((await faults()).status, 200);
  });
});

describe('Callbacks', () => {
  const client = withSandbox();
  let receiver: Server | undefined;
  let received: { signature: string; body: string }[] = [];
  let statuses: number[] = [];

  beforeEach(async () => {
    received = [];
    statuses = [];
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        received.push({ signature: String(request.headers['x-hub-signature-256']), body });
        response.writeHead(statuses.shift() ?? 202).end();
      });
    });
    await new Promise<void>((resolve) => receiver?.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    await client().put('/_admin/callbacks', {
      tms: { url: `http://127.0.0.1:${port}/in/tms`, secret: 's3' },
    });
  });
  afterEach(() => new Promise<void>((resolve) => receiver?.close(() => resolve())));

  it('are signed over the very bytes and tell of the booking', async () => {
    await client().post('/_admin/tms/bookings/BK-4711/events', {
      type: 'booking.rejected',
      reason: { code: 'NO_CAPACITY', message: 'full' },
    });
    await waitUntil(() => received.length === 1, { what: 'the webhook arrives' });
    const [one] = received;
    assert.equal(one?.signature, signHub('s3', one?.body ?? ''));
    const event = JSON.parse(one?.body ?? '');
    assert.deepEqual(
      [event.type, event.data.booking.id, event.data.reason.code],
      ['booking.rejected', 'BK-4711', 'NO_CAPACITY'],
    );
  });

  it('come twice with the same id and bytes when duplicates are asked for', async () => {
    await client().put('/_admin/faults', [{ system: 'tms', kind: 'duplicateCallback', copies: 2 }]);
    await book(client(), 'k');
    await waitUntil(() => received.length === 2, { what: 'both copies arrive' });
    assert.equal(received[0]?.body, received[1]?.body);
    assert.equal(JSON.parse(received[0]?.body ?? '').type, 'booking.confirmed');
    assert.equal((await client().summary()).effects, 1);
  });

  it('are sent again when the receiver is busy', async () => {
    statuses = [503];
    await book(client(), 'k');
    await waitUntil(
      async () => (await client().get('/_admin/callbacks')).body.deliveries[0]?.state === 'delivered',
      { what: 'the redelivery is taken' },
    );
    assert.equal(received.length, 2);
  });

  it('go to loopback addresses only', async () => {
    const reply = await client().put('/_admin/callbacks', {
      tms: { url: 'http://example.com/in/tms', secret: 's' },
    });
    assert.equal(reply.status, 422);
  });
});
