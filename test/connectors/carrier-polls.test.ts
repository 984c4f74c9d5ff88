/** Polling of carriers that answer for one tracking number at a time. */
import assert from 'node:assert/strict';
import type { CallContext, Connector } from '../../lib/connectors/kit/connector';
import { HttpAmbiguousError, type HttpResponse } from '../../lib/connectors/kit/http';
import type { Poller, PollRequest } from '../../lib/connectors/kit/poll';
import { Tokens } from '../../lib/engine/partners/tokens';
import { noFiles, noMail } from '../../lib/engine/partners/transports';
import { contextOf, faultOf, type InboundConnector, inboundConnectors } from './support/harness';

interface Carrier {
  number: string;
  secrets: readonly string[];
  /** What one question asks for, as method and path; the token is asked for apart from it. */
  question: string;
  underway: unknown;
  delivered: unknown;
}

const ups = (code: string, activity: string) => ({
  trackResponse: {
    shipment: [
      {
        package: [
          {
            trackingNumber: '1Z0000000300000017',
            currentStatus: { code },
            activity: [
              { status: { type: 'I', code: activity, statusCode: code }, date: '20260302', time: '081500' },
            ],
          },
        ],
      },
    ],
  },
});
const fedex = (code: string) => ({
  output: {
    completeTrackResults: [
      {
        trackingNumber: '794600000017',
        trackResults: [
          {
            trackingNumberInfo: { trackingNumber: '794600000017' },
            scanEvents: [{ date: '2026-03-02T10:00:00-06:00', eventType: code }],
            latestStatusDetail: { code },
          },
        ],
      },
    ],
  },
});
/** As USPS may answer: without the number that was asked for. */
const usps = (eventCode: string) => ({
  statusCategory: 'In Transit',
  trackingEvents: [{ eventCode, eventType: 'event', eventTimestamp: '2026-03-02T09:10:00' }],
});
const dhlUnified = (statusCode: string) => ({
  shipments: [
    {
      id: '00340434161094000017',
      service: 'parcel-de',
      status: { timestamp: '2026-03-02T09:10:00', statusCode },
      events: [{ timestamp: '2026-03-02T09:10:00', statusCode }],
    },
  ],
});
const dhlExpress = (typeCode: string) => ({
  shipments: [
    {
      shipmentTrackingNumber: '1234567890',
      events: [{ date: '2026-03-02', time: '09:10:00', GMTOffset: '+01:00', typeCode }],
    },
  ],
});

const pair = ['clientId', 'clientSecret'];
const carriers: Readonly<Record<string, Carrier>> = {
  ups: {
    number: '1Z0000000300000017',
    secrets: pair,
    question: 'GET /api/track/v1/details/1Z0000000300000017?locale=en_US&returnSignature=false',
    underway: ups('021', 'OT'),
    delivered: ups('011', 'KB'),
  },
  fedex: {
    number: '794600000017',
    secrets: pair,
    question: 'POST /track/v1/trackingnumbers',
    underway: fedex('OD'),
    delivered: fedex('DL'),
  },
  usps: {
    number: '9200100000000000000017',
    secrets: pair,
    question: 'GET /tracking/v3/tracking/9200100000000000000017?expand=DETAIL',
    underway: usps('OF'),
    delivered: usps('01'),
  },
  'dhl-unified': {
    number: '00340434161094000017',
    secrets: ['apiKey'],
    question: 'GET /track/shipments?trackingNumber=00340434161094000017&language=en',
    underway: dhlUnified('transit'),
    delivered: dhlUnified('delivered'),
  },
  'dhl-express': {
    number: '1234567890',
    secrets: ['apiKey', 'apiSecret'],
    question:
      'GET /shipments/1234567890/tracking?trackingView=all-checkpoints&levelOfDetail=shipment&requestGMTOffsetPerEvent=true',
    underway: dhlExpress('WC'),
    delivered: dhlExpress('OK'),
  },
};

const now = Date.UTC(2026, 2, 2, 12);

interface Answer {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
}

function responseOf({ status, json, headers = {} }: Answer): HttpResponse {
  const text = json === undefined ? '' : JSON.stringify(json);
  return { status, headers, body: Buffer.from(text), text: () => text, json: () => json };
}

/** A call that answers every question alike, and hands out tokens; nothing stands for an answer that got lost. */
function callOf(
  connector: Connector,
  secrets: readonly string[],
  answer: Answer | undefined,
  asked: string[],
) {
  const call: CallContext = {
    http: async ({ method, path }) => {
      if (/oauth/.test(path))
        return responseOf({ status: 200, json: { access_token: 't', expires_in: 3600 } });
      asked.push(`${method} ${path}`);
      if (answer === undefined) throw new HttpAmbiguousError('the script does not answer');
      return responseOf(answer);
    },
    files: noFiles,
    mail: noMail,
    tokens: new Tokens(() => 0),
    secrets: (name) => (secrets.includes(name) ? ['value'] : []),
    settings: connector.manifest.settings.parse({}),
    idempotencyKey: 'ab'.repeat(32),
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    now,
  };
  return call;
}

function pollerOf(id: string): InboundConnector & { poll: Poller } {
  const connector = inboundConnectors.find(({ manifest }) => manifest.id === id);
  assert.ok(connector?.poll);
  return { ...connector, poll: connector.poll };
}

for (const [id, { number, secrets, question, underway, delivered }] of Object.entries(carriers)) {
  describe(`polling of ${id}`, () => {
    const connector = pollerOf(id);
    const asked: string[] = [];
    const poll = (answer: Answer | undefined, more: Partial<PollRequest> = {}) =>
      connector.poll.poll(
        { since: 0, trackingNumber: number, ...more },
        callOf(connector, secrets, answer, asked),
      );

    beforeEach(() => {
      asked.length = 0;
    });

    it('asks for one number and delivers the answer as it came', async () => {
      assert.equal(connector.poll.subject, 'shipments');
      const { deliveries, finished } = await poll({ status: 200, json: underway });
      assert.deepEqual(asked, [question]);
      const [delivery, ...others] = deliveries;
      assert.ok(delivery);
      assert.equal(others.length, 0);
      assert.equal(Buffer.from(delivery.body).toString('utf8'), JSON.stringify(underway));
      assert.notEqual(finished, true);
    });

    it('delivers what becomes a fact about the number', async () => {
      const { deliveries } = await poll({ status: 200, json: underway });
      const [delivery] = deliveries;
      assert.ok(delivery);
      const { facts, reports } = connector.inbound.normalize(delivery, contextOf(connector, now));
      assert.deepEqual(reports, []);
      assert.equal(facts.length, 1);
      for (const fact of facts) {
        assert.equal(faultOf(fact), undefined);
        assert.equal(fact.data.identifiers.trackingNumber?.[0]?.value, number);
      }
    });

    it('delivers the same answer once', async () => {
      const { cursor } = await poll({ status: 200, json: underway });
      assert.ok(cursor);
      const again = await poll({ status: 200, json: underway }, { cursor });
      assert.deepEqual([again.deliveries, again.cursor], [[], cursor]);
      const later = await poll({ status: 200, json: delivered }, { cursor });
      assert.equal(later.deliveries.length, 1);
    });

    it('is finished once the shipment is delivered', async () => {
      assert.equal((await poll({ status: 200, json: delivered })).finished, true);
    });

    it('asks again for a number that the carrier does not know yet', async () => {
      assert.deepEqual(await poll({ status: 404 }), { deliveries: [], more: false });
    });

    it('asks for nothing without a number', async () => {
      const { trackingNumber: _, ...request } = { since: 0, trackingNumber: number };
      const call = callOf(connector, secrets, { status: 200, json: underway }, asked);
      assert.deepEqual(await connector.poll.poll(request, call), { deliveries: [], more: false });
      assert.deepEqual(asked, []);
    });

    it('pauses as long as the carrier asks for', async () => {
      const answer = await poll({ status: 429, headers: { 'retry-after': '90' } });
      assert.deepEqual(answer, { deliveries: [], more: false, pauseMs: 90_000 });
    });

    it('is tried again after a failure of the carrier, and after silence', async () => {
      await assert.rejects(poll({ status: 500 }), { code: 'POLL_UNANSWERED', fate: 'retry' });
      await assert.rejects(poll(undefined), { fate: 'retry' });
    });

    it('stops at a refusal that only a person can mend', async () => {
      await assert.rejects(poll({ status: 400 }), { code: 'POLL_REFUSED', fate: 'dead-letter' });
    });
  });
}
