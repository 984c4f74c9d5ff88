import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connector as dcsa } from '../../lib/connectors/dcsa';
import type { Connector, Secrets } from '../../lib/connectors/kit/connector';
import { connector as otm } from '../../lib/connectors/opentripmodel';
import { connector as project44 } from '../../lib/connectors/project44';
import { connector as terminal49 } from '../../lib/connectors/terminal49';
import { isRerouteError } from '../../lib/model/errors';
import { callOf, type Handler, openPartner, type TestPartner } from '../support/http-port';
import { type InboundConnector, normalize } from './support/harness';

const now = Date.parse('2026-03-02T08:00:00Z');
const body = Buffer.from('{"events":[]}');
const letsIn = (connector: Connector, headers: Record<string, string>, secrets: Secrets) =>
  connector.inbound?.verify({ headers, body }, secrets, now).ok;
const hex = (key: string | Buffer, of: Uint8Array = body) =>
  createHmac('sha256', key).update(of).digest('hex');

describe('who may push tracking events', () => {
  it('signs for DCSA 2.2 with the decoded secret, the current one or the one before it', () => {
    const [current, before] = ['Y3VycmVudC1jdXJyZW50', 'YmVmb3JlLWJlZm9yZQ=='];
    const secrets: Secrets = (name) => (name === 'notificationSecret' ? [current, before] : []);
    const signed = (key: string) => ({
      'notification-signature': `sha256=${hex(Buffer.from(key, 'base64'))}`,
    });
    assert.equal(letsIn(dcsa, signed(current), secrets), true);
    assert.equal(letsIn(dcsa, signed(before), secrets), true);
    assert.equal(letsIn(dcsa, { 'notification-signature': `sha256=${hex(current)}` }, secrets), false);
    assert.equal(letsIn(dcsa, {}, secrets), false);
  });

  it('brings the agreed token for DCSA 3.0 and Open Trip Model', () => {
    const secrets: Secrets = (name) => (name === 'pushToken' ? ['current', 'before'] : []);
    for (const connector of [dcsa, otm]) {
      assert.equal(letsIn(connector, { authorization: 'Bearer before' }, secrets), true);
      assert.equal(letsIn(connector, { authorization: 'Bearer another' }, secrets), false);
    }
  });

  it('signs the raw body for Terminal49', () => {
    const secrets: Secrets = () => ['current', 'before'];
    assert.equal(letsIn(terminal49, { 'x-t49-webhook-signature': hex('before') }, secrets), true);
    const other = hex('before', Buffer.from('{"events": []}'));
    assert.equal(letsIn(terminal49, { 'x-t49-webhook-signature': other }, secrets), false);
  });

  it('logs in at us for project44, by header or by basic authentication', () => {
    const secrets: Secrets = () => ['key'];
    const basic = `Basic ${Buffer.from('project44:key').toString('base64')}`;
    assert.equal(letsIn(project44, { 'x-api-key': 'key' }, secrets), true);
    assert.equal(letsIn(project44, { authorization: basic }, secrets), true);
    assert.equal(letsIn(project44, { 'x-api-key': 'no' }, secrets), false);
  });
});

describe('a retracted DCSA event', () => {
  const routing = { originatingParty: { partyCode: 'EXCO' } };
  const event = {
    eventRouting: routing,
    eventID: 'ev-1',
    eventDateTime: '2026-03-01T09:00:00Z',
    eventUpdatedDateTime: '2026-03-01T09:05:00Z',
    eventClassification: {
      eventTypeCode: 'TRANSPORT',
      eventClassifierCode: 'ACT',
      transportEventTypeCode: 'ARRI',
    },
  };
  const factsOf = (...events: unknown[]) =>
    normalize(dcsa as InboundConnector, JSON.stringify({ events })).facts;

  it('is named by the key under which it was recorded', () => {
    const [recorded] = factsOf(event);
    const [retraction] = factsOf({ eventRouting: routing, eventID: 'ev-1', isRetracted: true });
    assert.equal(retraction?.data.retracts?.eventId, recorded?.dedupKey);
    assert.notEqual(retraction?.dedupKey, recorded?.dedupKey);
  });

  it('is another one when another party says so', () => {
    const [recorded] = factsOf(event);
    const other = { originatingParty: { partyCode: 'OTHR' } };
    const [retraction] = factsOf({ eventRouting: other, eventID: 'ev-1', isRetracted: true });
    assert.notEqual(retraction?.data.retracts?.eventId, recorded?.dedupKey);
  });

  it('keeps every version of an estimate apart', () => {
    const estimate = {
      ...event,
      eventClassification: { ...event.eventClassification, eventClassifierCode: 'EST' },
    };
    const later = { ...estimate, eventUpdatedDateTime: '2026-03-01T19:05:00Z' };
    assert.notEqual(factsOf(estimate)[0]?.dedupKey, factsOf(later)[0]?.dedupKey);
  });
});

describe('polling DCSA events', () => {
  let partner: TestPartner;
  let handler: Handler = () => ({ status: 500 });
  const settings = (more: Record<string, unknown> = {}) => ({
    secrets: { apiToken: ['t'] },
    settings: dcsa.manifest.settings.parse(more),
  });
  const poll = (cursor: string | undefined, more: Record<string, unknown> = {}) => {
    assert.ok(dcsa.poll);
    const request = {
      since: Date.parse('2026-03-01T00:00:00Z'),
      ...(cursor === undefined ? {} : { cursor }),
    };
    return dcsa.poll.poll(request, callOf(partner.http, settings(more)));
  };
  const created = (eventCreatedDateTime: string) => ({ eventType: 'TRANSPORT', eventCreatedDateTime });
  const queryAt = (index: number) => partner.received[index]?.query;

  beforeEach(async () => {
    partner = await openPartner((message) => handler(message));
  });
  afterEach(() => partner.close());

  it('goes from page to page with the same parameters, and on from the newest event', async () => {
    const pages = [
      { headers: { 'next-page': 'abc' }, json: [created('2026-03-01T10:00:00Z')] },
      { json: [created('2026-03-01T11:00:00Z')] },
      { json: [] },
    ];
    handler = () => ({ status: 200, ...pages.shift() });
    const first = await poll(undefined);
    assert.deepEqual([first.more, first.deliveries.length], [true, 1]);
    const second = await poll(first.cursor);
    assert.equal(second.more, false);
    assert.equal(queryAt(1)?.get('cursor'), 'abc');
    assert.equal(queryAt(1)?.get('eventCreatedDateTime:gte'), queryAt(0)?.get('eventCreatedDateTime:gte'));
    const third = await poll(second.cursor);
    assert.equal(queryAt(2)?.get('eventCreatedDateTime:gte'), '2026-03-01T11:00:00.000Z');
    assert.equal(queryAt(2)?.get('cursor'), null);
    assert.deepEqual([third.more, third.deliveries], [false, []]);
    assert.equal(partner.received[0]?.headers.authorization, 'Bearer t');
  });

  it('reads a link as well as a cursor, and asks 3.0 in its own words', async () => {
    handler = () => ({
      status: 200,
      headers: { 'next-page-cursor': 'https://carrier.example/v3/events?limit=100&cursor=x%3D' },
      json: { events: [{ eventUpdatedDateTime: '2026-03-01T10:00:00Z' }] },
    });
    const more = {
      pollVersion: '3.0',
      eventsPath: '/v3/events',
      pollFilter: { carrierBookingReference: 'BK1' },
    };
    const first = await poll(undefined, more);
    await poll(first.cursor, more);
    assert.equal(partner.received[0]?.path, '/v3/events');
    assert.equal(queryAt(0)?.get('eventUpdatedDateTimeMin'), '2026-03-01T00:00:00.000Z');
    assert.equal(queryAt(1)?.get('carrierBookingReference'), 'BK1');
    assert.equal(queryAt(1)?.get('cursor'), 'x=');
  });

  it('pauses as long as it is told to, repeats after a 500 and stops at a refusal', async () => {
    handler = () => ({ status: 429, headers: { 'retry-after': '7' } });
    assert.partialDeepStrictEqual(await poll(undefined), { deliveries: [], pauseMs: 7000 });
    const codeOf = async (status: number) => {
      handler = () => ({ status });
      return poll(undefined).then(
        () => 'none',
        (error) => (isRerouteError(error) ? `${error.code} ${error.fate}` : String(error)),
      );
    };
    assert.equal(await codeOf(500), 'POLL_UNANSWERED retry');
    assert.equal(await codeOf(403), 'POLL_REFUSED dead-letter');
  });
});
