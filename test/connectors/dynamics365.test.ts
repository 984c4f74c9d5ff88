import assert from 'node:assert/strict';
import { connector } from '../../lib/connectors/dynamics365';
import { receivedAt, requestOf } from './support/harness';

const event = {
  BusinessEventId: 'AcmeOrderConfirmedBusinessEvent',
  BusinessEventLegalEntity: 'USMF',
  EventId: '6A8E4A12-5C3B-4B1E-9F0D-1C2D3E4F5A6B',
  EventTime: '/Date(1772438400000)/',
  SalesId: '000891',
};
const settings = { orderEvents: ['AcmeOrderConfirmedBusinessEvent=SalesId'] };
const normalize = (body: object, own: Record<string, unknown> = settings) =>
  connector.inbound?.normalize(requestOf(JSON.stringify(body)), {
    receivedAt,
    settings: own,
    manifest: connector.manifest,
  });

describe('dynamics365 payloads', () => {
  it('takes an event that the partner names for a change of the order in the field it names', () => {
    const result = normalize(event);
    assert.partialDeepStrictEqual(result?.facts[0], {
      type: 'org.reroute.order.changed.v1',
      data: {
        identifiers: { erpSalesOrderId: [{ namespace: 'dynamics365:usmf', value: '000891' }] },
        time: { eventTime: '2026-03-02T08:00:00.000Z', timeConfidence: 'SOURCE_OFFSET' },
      },
    });
    assert.equal(result?.facts[0]?.data.exception, undefined);
  });

  it('says that a named event without its order number is broken', () => {
    const { SalesId: _, ...rest } = event;
    assert.partialDeepStrictEqual(normalize(rest)?.reports, [
      { code: 'ORDER_NUMBER_MISSING', at: '/SalesId' },
    ]);
  });

  it('does not guess what an event means that nobody named', () => {
    assert.equal(normalize(event, {})?.facts[0]?.data.exception?.code, 'UNMAPPED_STATUS');
  });

  it('lets a delivery in under the current token and the one before', () => {
    const verify = (token: string) =>
      connector.inbound?.verify(
        { headers: { authorization: `Bearer ${token}` }, body: Buffer.from('{}') },
        () => ['new', 'old'],
        receivedAt,
      );
    assert.deepEqual([verify('new')?.ok, verify('old')?.ok, verify('older')?.ok], [true, true, false]);
  });
});
