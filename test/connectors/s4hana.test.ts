import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { plainDecimal, subtract } from '../../lib/connectors/kit/decimal';
import { connector } from '../../lib/connectors/s4hana';
import { key, toDay, toInstant, toODataDate } from '../../lib/connectors/s4hana/values';
import { describeFixtures, normalized, requestOf } from '../support/connector-fixtures';

const { inbound } = connector;
assert.ok(inbound);

describe('s4hana payloads', () => {
  describeFixtures(connector);

  const event = {
    specversion: '1.0',
    id: 'E1',
    source: '/default/sap.s4.beh/X',
    type: 'sap.s4.beh.outbounddelivery.v1.OutboundDelivery.Created.v1',
    time: '2026-03-02T08:00:00Z',
    data: { OutboundDelivery: '80000001' },
  };

  it('reads a business event in binary mode like one in structured mode', () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'E1',
      'ce-source': event.source,
      'ce-type': event.type,
      'ce-time': event.time,
    };
    assert.deepEqual(normalized(connector, event.data, {}, headers), normalized(connector, event));
    assert.deepEqual(inbound.identify(requestOf(event.data, headers)), inbound.identify(requestOf(event)));
  });

  it('knows a polled document again until it changes', () => {
    const body = (order: object, time: string) => ({ message: [{ SalesOrder: '1', ...order }], time });
    const keyOf = (payload: unknown) => normalized(connector, payload).facts[0]?.dedupKey;
    const first = body({ DeliveryBlockReason: '' }, '2026-03-02T08:00:00Z');
    const again = body({ to_Item: 'elsewhere', DeliveryBlockReason: '' }, '2026-03-02T09:00:00Z');
    assert.equal(keyOf(first), keyOf(again));
    assert.notEqual(keyOf(first), keyOf(body({ DeliveryBlockReason: '01' }, '2026-03-02T08:00:00Z')));
  });

  it("reads local times in the partner's zone", () => {
    const delivery = {
      d: {
        DeliveryDocument: '8',
        OverallGoodsMovementStatus: 'C',
        ActualGoodsMovementDate: '/Date(1772409600000)/',
        ActualGoodsMovementTime: 'PT16H30M00S',
      },
    };
    const [fact] = normalized(connector, delivery, { timeZone: 'Europe/Berlin' }).facts;
    assert.partialDeepStrictEqual(fact?.data.time, {
      eventTime: '2026-03-02T16:30:00+01:00',
      timeConfidence: 'LOCATION_INFERRED',
    });
  });

  it('does not take a SAP piece for a UNECE sheet, and leaves out units it does not know', () => {
    const item = (unit: string) => ({
      d: { SalesOrder: '1', SalesOrderItem: '10', RequestedQuantity: '5.000', RequestedQuantityUnit: unit },
    });
    assert.deepEqual(normalized(connector, item('ST')).facts[0]?.data.lines, [
      { lineId: '10', ordered: { value: '5', uom: 'H87' } },
    ]);
    assert.deepEqual(normalized(connector, item('ZZZ')).facts[0]?.data.lines, [{ lineId: '10' }]);
  });

  it('never throws, whatever the members are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (any, change) => {
        for (const body of [
          any,
          { ...event, ...change },
          { d: any },
          { message: [any, change], time: 'x' },
        ]) {
          const { facts, reports } = normalized(connector, body);
          assert.ok(facts.length + reports.length > 0);
          assert.ok(inbound.identify(requestOf(body)).dedupKey.length > 0);
        }
      }),
    );
  });

  it('maps every payload of the corpus to facts without an exception', function () {
    const folder = join(process.cwd(), '..', 'shared', 'corpus', 'sap_s4');
    if (!existsSync(folder)) this.skip();
    const files = readdirSync(folder).filter(
      (name) => name.endsWith('.json') && !name.endsWith('.openapi.json'),
    );
    assert.ok(files.length > 0);
    for (const file of files) {
      const { facts, reports } = normalized(connector, readFileSync(join(folder, file)));
      assert.deepEqual([file, facts.length > 0, reports], [file, true, []]);
      assert.deepEqual(
        facts.filter((fact) => fact.data.exception !== undefined),
        [],
        file,
      );
      assert.ok(
        facts.every((fact) => Object.keys(fact.data.identifiers).length > 0),
        file,
      );
    }
  });
});

describe('SAP values', () => {
  it('writes a key so that no quote or slash gets out of it', () => {
    assert.equal(key("O'Neil/1"), "'O''Neil%2F1'");
  });

  it('reads back every day it writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          assert.equal(toDay(toODataDate(day)), day);
        },
      ),
    );
    assert.equal(toInstant('/Date(1492098664000+0060)/'), 1_492_098_664_000);
    assert.equal(toInstant(''), undefined);
  });

  it('subtracts decimals exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.bigInt(0n, 10n ** 15n), (a, b) => {
        const text = (value: bigint) => `${value / 1000n}.${String(value % 1000n).padStart(3, '0')}`;
        const difference = a - b;
        const expected = plainDecimal(difference < 0n ? `-${text(-difference)}` : text(difference));
        assert.equal(subtract(text(a), text(b)), expected);
      }),
    );
    assert.equal(subtract('0.3', '0.1'), '0.2');
  });
});
