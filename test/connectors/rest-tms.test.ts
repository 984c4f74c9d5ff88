import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { connector } from '../../lib/connectors/rest-tms';
import { describeFixtures, normalized, requestOf } from '../support/connector-fixtures';

const { inbound } = connector;
assert.ok(inbound);

describe('rest-tms webhooks', () => {
  describeFixtures(connector);

  const event = {
    id: 'evt-1',
    type: 'pickup.missed',
    occurredAt: '2026-03-02T14:05:00+01:00',
    data: {
      booking: { id: 'BK-1', reference: 'r', state: 'CONFIRMED', carrier: 'ups', shipmentId: 'SHP-1' },
    },
  };

  it('is known by its id and ordered by its shipment', () => {
    assert.deepEqual(inbound.identify(requestOf(event)), { dedupKey: 'evt-1', orderKey: 'shp:tms:SHP-1' });
  });

  it('wants the signature of the raw bytes', () => {
    const { body } = requestOf(event);
    const sign = (key: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
    const verify = (headers: Record<string, string>) =>
      inbound.verify({ headers, body }, () => ['new', 'old'], 0).ok;
    assert.ok(verify({ 'x-hub-signature-256': sign('new') }));
    assert.ok(verify({ 'x-hub-signature-256': sign('old') }));
    assert.ok(!verify({ 'x-hub-signature-256': sign('other') }));
    assert.ok(!verify({}));
  });

  it('never throws, whatever the members are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('id', 'type', 'occurredAt', 'data'), fc.jsonValue()),
        (change) => {
          const body = { ...event, ...change };
          const { facts, reports } = normalized(connector, body);
          assert.equal(facts.length + reports.length, 1);
          assert.ok(inbound.identify(requestOf(body)).dedupKey.length > 0);
        },
      ),
    );
  });
});
