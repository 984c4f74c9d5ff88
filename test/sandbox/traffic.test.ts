import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { FatalError } from '../../lib/model/errors';
import { startSandbox } from '../../sandbox/server';
import {
  type Delivery,
  defaultMix,
  parseMix,
  plan,
  scenarioNames,
  scenarios,
  shipmentOf,
  signatureHeaders,
  simulate,
} from '../../sandbox/traffic';
import { Client } from './support';

const startAt = Date.parse('2026-03-02T09:00:00Z');
const take = (count: number, seed = 1, mix = defaultMix): Delivery[] => {
  const deliveries = plan({ seed, startAt, mix });
  return Array.from({ length: count }, () => deliveries.next().value);
};

describe('Traffic plan', () => {
  it('is byte for byte the same for the same seed, and another one for another seed', () => {
    const digest = (seed: number) =>
      createHash('sha256')
        .update(JSON.stringify(take(300, seed)))
        .digest('hex');
    assert.equal(digest(1), digest(1));
    assert.notEqual(digest(1), digest(2));
  });

  it('keeps the deliveries of a shipment in order while many shipments interleave', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const next = new Map<number, number>();
        for (const { shipment, position } of take(120, seed)) {
          assert.equal(position, next.get(shipment) ?? 0);
          next.set(shipment, position + 1);
        }
        assert.ok(next.size > 5);
      }),
      { numRuns: 25 },
    );
  });

  it('draws only what the mix names, in its proportions', () => {
    const drawn = take(2_000, 3, { 'short-pick': 3, booking: 1 });
    const shipments = new Map(drawn.map(({ shipment, scenario }) => [shipment, scenario]));
    const share =
      [...shipments.values()].filter((scenario) => scenario === 'short-pick').length / shipments.size;
    assert.ok(share > 0.68 && share < 0.82, String(share));
    assert.deepEqual(new Set(shipments.values()), new Set(['short-pick', 'booking']));
  });

  it('is about the orders that the sandbox has', async () => {
    const sandbox = await startSandbox({ port: 0, today: '2026-03-02' });
    try {
      const { order } = shipmentOf({ seed: 5, startAt }, 3);
      const known = (await new Client(sandbox.url).get(`/_admin/orders/${order.orderNumber}`)).body;
      assert.deepEqual(known, order);
    } finally {
      await sandbox.close();
    }
  });
});

describe('Traffic payloads', () => {
  for (const name of scenarioNames)
    it(`${name}: every delivery has its own content`, () => {
      for (let index = 0; index < 20; index += 1) {
        const payloads = scenarios[name].payloads(shipmentOf({ seed: 9, startAt }, index));
        assert.ok(payloads.length > 0);
        assert.equal(new Set(payloads.map((payload) => JSON.stringify(payload))).size, payloads.length);
      }
    });

  it('a short pick says less than was ordered of exactly one line that the order has', () => {
    for (let index = 0; index < 50; index += 1) {
      const shipment = shipmentOf({ seed: 4, startAt }, index);
      const [last] = scenarios['short-pick'].payloads(shipment).slice(-1);
      const event = (
        last as {
          epcisBody: { eventList: Record<string, { quantity: number; 'reroute:lineId': string }[]>[] };
        }
      ).epcisBody.eventList[0];
      const [picked] = event?.quantityList ?? [];
      const [expected] = event?.['reroute:expectedQuantityList'] ?? [];
      const line = shipment.order.lines.find(({ lineId }) => lineId === picked?.['reroute:lineId']);
      assert.equal(String(expected?.quantity), line?.quantity);
      assert.ok(picked && expected && picked.quantity < expected.quantity);
    }
  });

  it('signs as the vendor does, over the bytes that are sent', () => {
    const body = '{"n":1}';
    const digest = (encoding: 'hex' | 'base64') => createHmac('sha256', 's').update(body).digest(encoding);
    assert.equal(
      signatureHeaders('easypost', 's', body)['x-hmac-signature'],
      `hmac-sha256-hex=${digest('hex')}`,
    );
    assert.equal(signatureHeaders('fedex', 's', body)['fdx-signature'], digest('base64'));
    assert.equal(signatureHeaders('ups', 's', body).credential, 's');
    assert.equal(signatureHeaders('tms', 's', body)['x-hub-signature-256'], `sha256=${digest('hex')}`);
    assert.deepEqual(signatureHeaders('wms', undefined, body), {});
  });
});

describe('Mix on the command line', () => {
  it('reads names with weights', () => {
    assert.deepEqual(parseMix('short-pick=3, late=1,booking'), { 'short-pick': 3, late: 1, booking: 1 });
  });
  for (const [text, code] of [
    ['nonsense=1', 'MIX_SCENARIO'],
    ['late=much', 'MIX_WEIGHT'],
    ['late=0', 'MIX_EMPTY'],
    ['', 'MIX_EMPTY'],
  ] as const)
    it(`refuses ${JSON.stringify(text)} with ${code}`, () => {
      assert.throws(
        () => parseMix(text),
        (error: unknown) => error instanceof FatalError && error.code === code,
      );
    });
});

interface Taken {
  path: string;
  body: string;
}

/** A receiver like a runtime's inbound door: 202 for new bytes, 200 for known ones; `answers` overrides the next statuses. */
function receiver() {
  const taken: Taken[] = [];
  const answers: (number | 'drop' | 'ok')[] = [];
  const known = new Set<string>();
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const special = answers.shift();
      if (typeof special === 'number') return response.writeHead(special, { 'retry-after': '0' }).end('{}');
      const duplicate = known.has(body);
      known.add(body);
      taken.push({ path: request.url ?? '', body });
      if (special === 'drop') return request.socket.destroy();
      const text = JSON.stringify({ id: `in-${known.size}`, duplicate });
      return response.writeHead(duplicate ? 200 : 202, { 'content-type': 'application/json' }).end(text);
    });
  });
  return { server, taken, answers };
}

describe('Simulate', () => {
  let door = receiver();
  let target = '';
  const secrets = { wms: 'a', tms: 'b', fedex: 'c', ups: 'd', easypost: 'e' };
  const run = { seed: 6, startAt, rate: 0, secrets };

  beforeEach(async () => {
    door = receiver();
    await new Promise<void>((resolve) => door.server.listen(0, '127.0.0.1', resolve));
    target = `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    door.server.closeAllConnections();
    return new Promise<void>((resolve) => door.server.close(() => resolve()));
  });

  it('sends exactly the count to /in/PARTNER and reports what was said', async () => {
    const report = await simulate({ ...run, target, count: 200 });
    assert.deepEqual(
      [report.sent, report.accepted, report.duplicates, report.rejected, report.undelivered],
      [200, 200, 0, 0, 0],
    );
    assert.equal(report.ids.length, 200);
    assert.equal(new Set(door.taken.map(({ body }) => body)).size, 200);
    assert.ok(door.taken.every(({ path }) => /^\/in\/(wms|tms|fedex|ups|easypost)$/.test(path)));
    assert.ok(report.latency.p50 > 0 && report.latency.p99 >= report.latency.p50);
    assert.equal(
      Object.values(report.scenarios).reduce((sum, count) => sum + count, 0),
      200,
    );
  });

  it('keeps the order of every shipment on the wire under concurrency', async () => {
    await simulate({ ...run, target, count: 300, concurrency: 32 });
    const place = new Map(take(300, 6).map((delivery) => [delivery.body, delivery]));
    const next = new Map<number, number>();
    for (const { body } of door.taken) {
      const { shipment = -1, position } = place.get(body) ?? {};
      assert.equal(position, next.get(shipment) ?? 0);
      next.set(shipment, (position ?? 0) + 1);
    }
  });

  it('says the same again under the same seed: all duplicates', async () => {
    await simulate({ ...run, target, count: 80 });
    const again = await simulate({ ...run, target, count: 80 });
    assert.deepEqual([again.accepted, again.duplicates], [0, 80]);
  });

  it('delivers twice where redeliveries are asked for', async () => {
    const report = await simulate({ ...run, target, count: 60, redeliver: 1 });
    assert.deepEqual([report.accepted, report.duplicates], [60, 60]);
  });

  it('tries again after 429, 503 and a lost answer, and gives up on 4xx', async () => {
    door.answers.push(429, 503, 'drop', 'ok', 401);
    const report = await simulate({ ...run, target, count: 10, concurrency: 1 });
    assert.equal(report.retried, 3);
    assert.deepEqual([report.accepted, report.duplicates, report.rejected, report.undelivered], [8, 1, 1, 0]);
    assert.equal(report.statuses['0'], 1);
  });

  it('reports what nobody took as undelivered', async () => {
    door.answers.push(...Array.from({ length: 4 }, () => 503));
    const report = await simulate({ ...run, target, count: 1, retries: 2 });
    assert.deepEqual([report.undelivered, report.retried], [1, 2]);
  });

  it('holds the rate and ends with the time', async () => {
    const report = await simulate({ ...run, target, rate: 200, minutes: 0.005 });
    assert.equal(report.sent, 60);
    assert.ok(report.seconds >= 0.28, String(report.seconds));
  });

  it('refuses to leave this machine and to run without end', async () => {
    await assert.rejects(simulate({ ...run, target: 'http://example.com', count: 1 }), FatalError);
    await assert.rejects(simulate({ ...run, target }), FatalError);
    await assert.rejects(simulate({ ...run, target, rate: -1, count: 1 }), FatalError);
  });
});
