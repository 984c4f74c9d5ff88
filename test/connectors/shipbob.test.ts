import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connector } from '../../lib/connectors/shipbob';
import { contextOf } from './support/harness';

const { inbound } = connector;
assert.ok(inbound);

const now = Date.UTC(2026, 0, 12, 10);
const body = Buffer.from('{"id":88001}');
const secretOf = (seed: string) => `whsec_${Buffer.from(seed.repeat(24)).toString('base64')}`;

function headersOf(seed: string, at = now, id = 'msg_1'): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', Buffer.from(seed.repeat(24)))
    .update(`${id}.${timestamp}.${body.toString()}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,AAAA v1,${signature}` };
}

const verify = (headers: Record<string, string>) =>
  inbound.verify(
    { headers, body },
    (name) => (name === 'webhookSecret' ? [secretOf('n'), secretOf('o')] : []),
    now,
  ).ok;

describe('what the headers of a ShipBob webhook say', () => {
  it('is believed under the current secret and the one before it, within five minutes', () => {
    assert.deepEqual(
      [
        headersOf('n'),
        headersOf('o'),
        headersOf('x'),
        headersOf('n', now - 301_000),
        headersOf('n', now + 301_000),
      ].map(verify),
      [true, true, false, false, false],
    );
  });

  it('is not believed for another id or time than the signed ones', () => {
    assert.equal(verify({ ...headersOf('n'), 'webhook-id': 'msg_2' }), false);
    assert.equal(verify({ ...headersOf('n'), 'webhook-timestamp': String(now / 1000 + 1) }), false);
    assert.equal(verify({ ...headersOf('n'), 'webhook-timestamp': 'now' }), false);
  });

  it('gives every attempt of one delivery the same key', () => {
    assert.equal(inbound.identify({ headers: headersOf('n'), body }).dedupKey, 'msg_1');
  });

  it('tells returns and receiving from outbound shipments', () => {
    const { facts, reports } = inbound.normalize(
      {
        headers: { 'x-webhook-topic': 'return.completed' },
        body: Buffer.from('{"order_id":1,"status":"Completed","id":2}'),
      },
      contextOf(connector),
    );
    assert.deepEqual([facts.length, reports[0]?.code], [0, 'OTHER_TOPIC']);
  });
});
