/** Who may deliver for an aggregator, and what its poller asks and keeps. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { CallContext, Inbound, InboundRequest } from '../../lib/connectors/kit/connector';
import { times } from '../../lib/connectors/kit/decimal';
import type { HttpRequest, HttpResponse } from '../../lib/connectors/kit/http';
import type { Poller, PollRequest } from '../../lib/connectors/kit/poll';
import { present } from '../../lib/connectors/kit/present';
import { connectorById } from '../../lib/connectors/kit/registry';
import { Tokens } from '../../lib/engine/partners/tokens';
import { noFiles, noMail } from '../../lib/engine/partners/transports';
import { isRerouteError } from '../../lib/model/errors';

const now = Date.UTC(2026, 2, 2, 12, 0, 0);
const body = Buffer.from('{"tracking_number":"1Z"}');

function inboundOf(id: string): Inbound {
  const found = connectorById(id).inbound;
  assert.ok(found);
  return found;
}

interface Delivery extends Partial<InboundRequest> {
  at?: number;
}

/** Whether a delivery is let in under these secrets; what is refused names none of them. */
function admits(id: string, secrets: Record<string, string[]>, delivery: Delivery): boolean {
  const { at = now, ...request } = delivery;
  const verification = inboundOf(id).verify(
    { headers: {}, body, ...request },
    (name) => secrets[name] ?? [],
    at,
  );
  if (!verification.ok)
    for (const secret of Object.values(secrets).flat()) assert.ok(!verification.reason.includes(secret));
  return verification.ok;
}

describe('ShipEngine signatures', () => {
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [current, before, stranger] = [pair(), pair(), pair()];
  const jwk = (keys: typeof current, kid: string) => ({ ...keys.publicKey.export({ format: 'jwk' }), kid });
  const jwks = JSON.stringify({ keys: [jwk(current, 'k2')] });
  const old = JSON.stringify({ keys: [jwk(before, 'k1')] });
  const pem = current.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const signed = (keys: typeof current, kid: string, timestamp = new Date(now).toISOString()) => ({
    'x-shipengine-rsa-sha256-key-id': kid,
    'x-shipengine-timestamp': timestamp,
    'x-shipengine-rsa-sha256-signature': sign(
      'sha256',
      Buffer.concat([Buffer.from(`${timestamp}.`), body]),
      keys.privateKey,
    ).toString('base64'),
  });
  const takes = (webhookKeys: string[], delivery: Delivery) =>
    admits('shipengine', { webhookKeys }, delivery);

  it('counts under the key that it names, as a set of keys or as a PEM', () => {
    const headers = signed(current, 'k2');
    assert.ok(takes([jwks], { headers }));
    assert.ok(takes([JSON.stringify(jwk(current, 'k2'))], { headers }));
    assert.ok(takes([pem], { headers }));
  });

  it('counts under the set before a rotation, too', () => {
    assert.ok(takes([jwks, old], { headers: signed(before, 'k1') }));
    assert.ok(!takes([jwks], { headers: signed(before, 'k1') }));
  });

  it('is refused from somebody else, with another body, or under another name', () => {
    assert.ok(!takes([jwks], { headers: signed(stranger, 'k2') }));
    assert.ok(!takes([jwks], { headers: signed(current, 'k2'), body: Buffer.from('{}') }));
    assert.ok(!takes([jwks], { headers: signed(current, 'k3') }));
  });

  it('is refused five minutes later, and from the future', () => {
    const headers = signed(current, 'k2');
    assert.ok(takes([jwks], { headers, at: now + 299_000 }));
    assert.ok(!takes([jwks], { headers, at: now + 301_000 }));
    assert.ok(!takes([jwks], { headers, at: now - 301_000 }));
    assert.ok(!takes([jwks], { headers: signed(current, 'k2', 'yesterday') }));
  });

  it('may state its time in seconds', () => {
    assert.ok(takes([jwks], { headers: signed(current, 'k2', String(now / 1000)) }));
  });

  it('is refused where no key can be read', () => {
    const headers = signed(current, 'k2');
    for (const unreadable of ['?', 'no key', '{"keys":[{"kty":"RSA","kid":"k2"}]}', '[]', '{"keys":7}'])
      assert.ok(!takes([unreadable], { headers }), unreadable);
    assert.ok(!takes([], { headers }));
  });
});

const hmac = (key: string, encoding: 'hex' | 'base64', content: Uint8Array | string = body) =>
  createHmac('sha256', key).update(content).digest(encoding);

describe('Shippo deliveries', () => {
  const keys = { webhookSecret: ['new', 'old'] };
  const header = (key: string, at = now) => {
    const seconds = at / 1000;
    return {
      'shippo-auth-signature': `t=${seconds},v1=${hmac(key, 'hex', Buffer.concat([Buffer.from(`${seconds}.`), body]))}`,
    };
  };

  it('count with the signature of either key, within five minutes', () => {
    assert.ok(admits('shippo', keys, { headers: header('new') }));
    assert.ok(admits('shippo', keys, { headers: header('old') }));
    assert.ok(!admits('shippo', keys, { headers: header('other') }));
    assert.ok(!admits('shippo', keys, { headers: header('new'), at: now + 301_000 }));
    assert.ok(!admits('shippo', keys, { headers: header('new'), body: Buffer.from('{}') }));
    assert.ok(!admits('shippo', keys, { headers: { 'shippo-auth-signature': 'v1=00' } }));
    assert.ok(!admits('shippo', keys, {}));
  });

  it('count with the token of the address where accounts have no signatures', () => {
    const tokens = { webhookToken: ['one', 'two'] };
    assert.ok(admits('shippo', tokens, { query: 'token=one' }));
    assert.ok(admits('shippo', tokens, { query: 'a=b&token=two' }));
    for (const query of ['token=three', 'token=', '', 'Token=one'])
      assert.ok(!admits('shippo', tokens, { query }), query);
    assert.ok(!admits('shippo', tokens, {}));
  });

  it('need both where both are configured', () => {
    const both = { ...keys, webhookToken: ['one'] };
    assert.ok(admits('shippo', both, { headers: header('new'), query: 'token=one' }));
    assert.ok(!admits('shippo', both, { headers: header('new') }));
    assert.ok(!admits('shippo', both, { query: 'token=one' }));
  });
});

describe('deliveries signed over the raw body', () => {
  it('count for AfterShip in Base64, under both keys of a rotation', () => {
    const keys = { webhookSecret: ['new', 'old'] };
    const headers = (key: string) => ({ 'aftership-hmac-sha256': hmac(key, 'base64') });
    assert.ok(admits('aftership', keys, { headers: headers('new') }));
    assert.ok(admits('aftership', keys, { headers: headers('old') }));
    assert.ok(!admits('aftership', keys, { headers: headers('other') }));
    assert.ok(!admits('aftership', keys, { headers: headers('new'), body: Buffer.from('{}') }));
  });

  it('count for Sendcloud in hexadecimal, under both keys of a rotation', () => {
    const keys = { webhookKey: ['new', 'old'] };
    const headers = (key: string) => ({ 'sendcloud-signature': hmac(key, 'hex') });
    assert.ok(admits('sendcloud', keys, { headers: headers('new') }));
    assert.ok(admits('sendcloud', keys, { headers: headers('old') }));
    assert.ok(!admits('sendcloud', keys, { headers: headers('other') }));
    assert.ok(!admits('sendcloud', keys, { headers: { 'sendcloud-signature': hmac('new', 'base64') } }));
  });
});

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  text: string;
}

/** A poll under one answer after the other, and what was asked. */
async function polled(id: string, request: Partial<PollRequest>, answer: Answer, settings: object = {}) {
  const connector = connectorById(id);
  const poller: Poller | undefined = connector.poll;
  assert.ok(poller);
  const asked: HttpRequest[] = [];
  const call: CallContext = {
    http: async (sent) => {
      asked.push(sent);
      return responseOf(answer);
    },
    files: noFiles,
    mail: noMail,
    tokens: new Tokens(() => 0),
    secrets: () => ['secret'],
    settings: connector.manifest.settings.parse(settings),
    idempotencyKey: 'ab'.repeat(32),
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    now,
  };
  const result = await poller.poll({ since: now - 3_600_000, ...request }, call);
  return { ...result, asked: asked.map(({ path }) => path) };
}

function responseOf({ status = 200, headers = {}, text }: Answer): HttpResponse {
  const json = () => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  return { status, headers, body: Buffer.from(text), text: () => text, json };
}

const codeOf = async (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => (isRerouteError(error) ? error.code : error),
  );

interface Tracking {
  number: string;
  path: string;
  settings?: object;
  underWay: string;
  done: string;
}

const canadaPost = (code: string) =>
  `<?xml version="1.0"?><tracking-detail><pin>1371134583769923</pin><significant-events><occurrence><event-identifier>${code}</event-identifier><event-date>2026-03-01</event-date><event-time>10:00:00</event-time><event-time-zone>EST</event-time-zone></occurrence></significant-events></tracking-detail>`;

const trackings: Readonly<Record<string, Tracking>> = {
  shipengine: {
    number: '9400100000000000000001',
    path: '/v1/tracking?carrier_code=stamps_com&tracking_number=9400100000000000000001',
    settings: { carrierCode: 'stamps_com' },
    underWay: '{"tracking_number":"9400100000000000000001","status_code":"IT","events":[]}',
    done: '{"tracking_number":"9400100000000000000001","status_code":"DE","events":[]}',
  },
  shippo: {
    number: '9400100000000000000001',
    path: '/tracks/usps/9400100000000000000001',
    settings: { carrier: 'usps' },
    underWay:
      '{"carrier":"usps","tracking_number":"9400100000000000000001","tracking_status":{"status":"TRANSIT"}}',
    done: '{"carrier":"usps","tracking_number":"9400100000000000000001","tracking_status":{"status":"DELIVERED"}}',
  },
  sendcloud: {
    number: '3SYZXG132912330',
    path: '/api/v2/tracking/3SYZXG132912330',
    underWay: '{"parcel_id":"1","statuses":[{"parent_status":"en-route-to-sorting-center"}]}',
    done: '{"parcel_id":"1","statuses":[{"parent_status":"delivered"}]}',
  },
  canadapost: {
    number: '1371134583769923',
    path: '/vis/track/pin/1371134583769923/detail',
    underWay: canadaPost('0174'),
    done: canadaPost('1496'),
  },
};

for (const [id, { number, path, settings, underWay, done }] of Object.entries(trackings)) {
  describe(`the poller of ${id}`, () => {
    const request = { trackingNumber: number };
    const poll = (answer: Answer, more: Partial<PollRequest> = {}) =>
      polled(id, { ...request, ...more }, answer, settings);

    it('delivers the answer as it came, and the same answer never again', async () => {
      const first = await poll({ text: underWay, headers: { 'content-type': 'text/x' } });
      assert.deepEqual(first.asked, [path]);
      assert.deepEqual(first.deliveries, [
        {
          headers: { 'content-type': 'text/x', 'x-tracking-number': number },
          body: Buffer.from(underWay),
        },
      ]);
      assert.ok(first.cursor !== undefined && first.finished === undefined);
      const second = await poll({ text: underWay }, { cursor: first.cursor });
      assert.deepEqual([second.deliveries, second.cursor], [[], first.cursor]);
    });

    it('says when nothing more will come', async () => {
      const { deliveries, finished } = await poll({ text: done });
      assert.deepEqual([deliveries.length, finished], [1, true]);
    });

    it('waits for a number that is not known yet, and when it is told to', async () => {
      assert.deepEqual((await poll({ status: 404, text: '' })).deliveries, []);
      const busy = await poll({ status: 429, headers: { 'retry-after': '7' }, text: '' });
      assert.deepEqual([busy.deliveries, busy.pauseMs], [[], 7000]);
    });

    it('is asked again after a fault of the vendor, and complains about one of ours', async () => {
      assert.equal(await codeOf(poll({ status: 500, text: '' })), 'POLL_UNANSWERED');
      assert.equal(await codeOf(poll({ status: 403, text: '' })), 'POLL_REFUSED');
    });

    it('asks for nothing without a number', async () => {
      const { deliveries, asked } = await polled(id, {}, { text: '' }, settings);
      assert.deepEqual([deliveries, asked], [[], []]);
    });
  });
}

describe('the poller of aftership', () => {
  const page = (updated: string[], next?: string) =>
    JSON.stringify({
      meta: { code: 200 },
      data: {
        pagination: { has_next_page: next !== undefined, next_cursor: next ?? '' },
        trackings: updated.map((updated_at, at) => ({ id: String(at), updated_at })),
      },
    });
  const poll = (answer: Answer, cursor?: string) => polled('aftership', present({ cursor }), answer);
  const sinceOf = ({ asked }: { asked: string[] }) =>
    new URL(`https://a${asked[0]}`).searchParams.get('updated_at_min');

  it('walks the pages of a round, then begins the next a second before the newest change', async () => {
    const first = await poll({ text: page(['2026-03-02T11:30:00Z', '2026-03-02T11:59:00Z'], 'p2') });
    assert.deepEqual([sinceOf(first), first.more], ['2026-03-02T11:00:00.000Z', true]);
    assert.equal(first.deliveries.length, 1);
    const second = await poll({ text: page(['2026-03-02T11:31:00Z']) }, first.cursor);
    assert.equal(new URL(`https://a${second.asked[0]}`).searchParams.get('cursor'), 'p2');
    assert.deepEqual([sinceOf(second), second.more], ['2026-03-02T11:00:00.000Z', false]);
    const third = await poll({ text: page([]) }, second.cursor);
    assert.deepEqual([sinceOf(third), third.deliveries], ['2026-03-02T11:58:59.000Z', []]);
    assert.equal(new URL(`https://a${third.asked[0]}`).searchParams.get('cursor'), null);
  });

  it('takes a page that came before as no news', async () => {
    const text = page(['2026-03-02T11:59:00Z']);
    const first = await poll({ text });
    const again = await poll({ text }, first.cursor);
    assert.deepEqual([first.deliveries.length, again.deliveries.length], [1, 0]);
  });

  it('pauses until the limit is reset', async () => {
    const headers = { 'x-ratelimit-reset': String(now / 1000 + 42) };
    const { deliveries, pauseMs, cursor } = await poll({ status: 429, headers, text: '' });
    assert.deepEqual([deliveries, pauseMs, cursor], [[], 42_000, undefined]);
  });

  it('complains about what is no page', async () => {
    assert.equal(await codeOf(poll({ text: '{}' })), 'POLL_REFUSED');
    assert.equal(await codeOf(poll({ status: 502, text: '' })), 'POLL_UNANSWERED');
    assert.equal(await codeOf(poll({ status: 401, text: '' })), 'POLL_REFUSED');
  });
});

describe('Canada Post answers', () => {
  it('are in order with what else is about the parcel, in XML and in JSON', () => {
    const orderKeyOf = (text: string) =>
      inboundOf('canadapost').identify({ headers: {}, body: Buffer.from(text) }).orderKey;
    assert.equal(orderKeyOf(canadaPost('0174')), 'trk:canadapost:1371134583769923');
    assert.equal(orderKeyOf('<t:pin> 1 </t:pin>'), 'trk:canadapost:1');
    assert.equal(orderKeyOf('{"pin":"1371134583769923"}'), 'trk:canadapost:1371134583769923');
    assert.equal(orderKeyOf('<messages/>'), undefined);
  });
});

describe('helpers of the aggregators', () => {
  it('multiply decimals exactly', () => {
    assert.equal(times('0.1', '3'), '0.3');
    assert.equal(times('1.50', '4'), '6');
  });

  it('leave out undefined members and keep the others', () => {
    assert.deepEqual(Object.entries(present({ a: undefined, b: null, c: 0 })), [
      ['b', null],
      ['c', 0],
    ]);
  });
});
