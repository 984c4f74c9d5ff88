import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connector } from '../../lib/connectors/shopify';
import { contextOf } from './support/harness';

const { inbound } = connector;
assert.ok(inbound);

const hold = {
  fulfillment_order: { id: 'gid://shopify/FulfillmentOrder/3300001', status: 'open' },
  message: 'We broke the last item.',
};
const deliver = (payload: object, headers: Record<string, string> = {}) =>
  inbound.normalize({ headers, body: Buffer.from(JSON.stringify(payload)) }, contextOf(connector));

describe('what the headers of a Shopify webhook say', () => {
  it('is believed only under a signature of the current secret or the one before it', () => {
    const body = Buffer.from('{"id":1}');
    const sign = (key: string) => createHmac('sha256', key).update(body).digest('base64');
    const verify = (signature: string) =>
      inbound.verify(
        { headers: { 'x-shopify-hmac-sha256': signature }, body },
        (name) => (name === 'clientSecret' ? ['new', 'old'] : []),
        0,
      );
    assert.deepEqual(
      [sign('new'), sign('old'), sign('other'), ''].map((signature) => verify(signature).ok),
      [true, true, false, false],
    );
  });

  it('names the version, and one that is not read is refused with both names', () => {
    const [report] = deliver(hold, { 'x-shopify-api-version': '2023-01' }).reports;
    assert.equal(report?.code, 'VERSION_UNSUPPORTED');
    assert.match(report?.message ?? '', /2023-01.*2026-07/);
    assert.equal(deliver(hold, { 'x-shopify-api-version': '2026-07' }).facts.length, 1);
  });

  it('tells an order given up by its service from one that is open', () => {
    const topic = 'fulfillment_orders/fulfillment_service_failed_to_complete';
    const [fact] = deliver(hold, { 'x-shopify-topic': topic }).facts;
    assert.equal(fact?.data.exception?.code, 'SHIPMENT_CANCELLED');
    assert.equal(deliver(hold).facts[0]?.data.exception, undefined);
  });

  it('tells a hold that was released from one that was added', () => {
    const payload = {
      fulfillment_order: { id: 'gid://shopify/FulfillmentOrder/1' },
      fulfillment_hold: { id: 'gid://shopify/FulfillmentHold/1', reason: 'incorrect_address' },
    };
    const codeOf = (topic: string) => deliver(payload, { 'x-shopify-topic': topic }).facts[0]?.data;
    assert.equal(codeOf('fulfillment_holds/added')?.exception?.code, 'ADDRESS_INVALID');
    assert.equal(codeOf('fulfillment_holds/released')?.exception, undefined);
    assert.equal(codeOf('fulfillment_holds/released')?.sourceCode?.status, 'fulfillment_hold_released');
  });

  it('dates what has no time, and tells one release from the next', () => {
    const at = (time: string, id: string) =>
      deliver(hold, { 'x-shopify-triggered-at': time, 'x-shopify-event-id': id }).facts[0];
    const first = at('2026-01-12T10:00:00.123456789Z', 'a');
    assert.equal(first?.data.time.eventTime, '2026-01-12T10:00:00.123+00:00');
    assert.notEqual(first?.dedupKey, at('2026-01-12T11:00:00Z', 'b')?.dedupKey);
  });

  it('gives every attempt of one delivery the same key', () => {
    const body = Buffer.from('{"id":1}');
    assert.equal(inbound.identify({ headers: { 'x-shopify-webhook-id': 'w-1' }, body }).dedupKey, 'w-1');
  });

  it('does not take a deleted event for one that happened', () => {
    const { facts, reports } = deliver(
      { id: 1, fulfillment_id: 2, status: 'delivered', happened_at: '2026-01-12T10:00:00Z' },
      { 'x-shopify-topic': 'fulfillment_events/delete' },
    );
    assert.deepEqual([facts.length, reports[0]?.kind], [0, 'not-a-fact']);
  });
});
