import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { connector } from '../../lib/connectors/epcis';
import { cbvTerm, checkDigit, readEpc } from '../../lib/connectors/epcis/epc';
import { describeFixtures, normalized, requestOf } from '../support/connector-fixtures';

const { inbound } = connector;
assert.ok(inbound);
const gtin = 'https://id.gs1.org/01/09521141111116';
const pick = {
  type: 'ObjectEvent',
  eventTime: '2026-03-02T08:05:00Z',
  eventTimeZoneOffset: '+01:00',
  action: 'OBSERVE',
  bizStep: 'picking',
};
const pieces = (quantity: number, line?: string) => ({
  epcClass: gtin,
  quantity,
  uom: 'EA',
  ...(line ? { 'reroute:lineId': line } : {}),
});

describe('epcis events', () => {
  describeFixtures(connector);

  it('counts serialised instances as pieces of their GTIN', () => {
    const epcList = ['urn:epc:id:sgtin:9521141.011111.1', 'urn:epc:id:sgtin:9521141.011111.2'];
    const event = {
      ...pick,
      epcList,
      'reroute:expectedQuantityList': [{ epcClass: 'urn:epc:idpat:sgtin:9521141.011111.*', quantity: 3 }],
    };
    const [fact] = normalized(connector, event).facts;
    assert.partialDeepStrictEqual(fact?.data.exception, {
      code: 'INVENTORY_SHORT_PICK',
      discrepancies: [{ expected: { value: '3', uom: 'EA' }, actual: { value: '2', uom: 'EA' } }],
    });
  });

  it('keeps the first ten thousand lines of an event and says how many it left out', () => {
    const quantityList = Array.from({ length: 10_007 }, (_, at) => pieces(1, String(at)));
    const expected = [...quantityList, ...Array.from({ length: 3 }, (_, at) => pieces(2, `short ${at}`))];
    for (const event of [
      { ...pick, bizStep: 'shipping', quantityList },
      { ...pick, bizStep: 'receiving', 'reroute:expectedQuantityList': expected },
    ]) {
      const { facts, reports } = normalized(connector, event);
      assert.equal(facts[0]?.data.lines?.length, 10_000);
      assert.deepEqual(
        reports.map(({ code, message }) => [code, message.match(/\d+ of \d+/)?.[0]]),
        [['LINES_CUT', event.bizStep === 'shipping' ? '7 of 10007' : '10 of 10010']],
      );
    }
  });

  it('shares what names no line among the lines in turn', () => {
    const event = {
      ...pick,
      quantityList: [pieces(4)],
      'reroute:expectedQuantityList': [pieces(3, '10'), pieces(3, '20')],
    };
    const [fact] = normalized(connector, event).facts;
    assert.deepEqual(
      fact?.data.exception?.discrepancies?.map(({ lineId, actual }) => [lineId, actual.value]),
      [['20', '1']],
    );
  });

  it('says nothing was picked when nothing was picked', () => {
    const [fact] = normalized(connector, { ...pick, 'reroute:expectedQuantityList': [pieces(5)] }).facts;
    assert.equal(fact?.data.exception?.code, 'INVENTORY_SHORT_PICK');
    assert.equal(fact?.data.milestone, undefined);
  });

  it('finds the extension under whatever prefix the context binds, and not under a foreign one', () => {
    const body = (prefix: string, iri: string) => ({
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { [prefix]: iri }],
      ...pick,
      quantityList: [pieces(1)],
      [`${prefix}:expectedQuantityList`]: [pieces(2)],
    });
    assert.equal(
      normalized(connector, body('rr', 'urn:reroute:epcis:1:')).facts[0]?.data.exception?.code,
      'INVENTORY_SHORT_PICK',
    );
    assert.equal(
      normalized(connector, body('reroute', 'urn:somebody:else:')).facts[0]?.data.exception,
      undefined,
    );
  });

  it('rejects expected quantities it cannot compare instead of overlooking a short pick', () => {
    const { facts, reports } = normalized(connector, { ...pick, 'reroute:expectedQuantityList': 'five' });
    assert.deepEqual([facts.length, reports[0]?.code], [0, 'EXPECTED_QUANTITIES_INVALID']);
  });

  it('does not invent lines for a mismatch that names none', () => {
    const [fact] = normalized(connector, {
      ...pick,
      bizStep: 'receiving',
      disposition: 'mismatch_quantity',
    }).facts;
    assert.equal(fact?.data.exception?.code, 'UNMAPPED_STATUS');
  });

  it('lets a partner say what its transaction types mean', () => {
    const event = {
      ...pick,
      bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:epcglobal:cbv:bt:9521141111116:80000000' }],
    };
    const [fact] = normalized(connector, event, {
      transactionKinds: { desadv: 'deliveryId' },
      transactionNamespace: 's4hana',
    }).facts;
    assert.deepEqual(fact?.data.identifiers.deliveryId, [{ namespace: 's4hana', value: '80000000' }]);
    assert.equal(fact?.data.identifiers.asnId, undefined);
  });

  it('says why bytes are no EPCIS', () => {
    for (const body of ['', '{', '[]', '5', '{"type":"Other"}', '{"epcisBody":{}}']) {
      const { facts, reports } = normalized(connector, body);
      assert.deepEqual([facts.length, reports.length, reports[0]?.kind], [0, 1, 'rejected'], body);
    }
  });

  it('knows an event again by its content, whatever the order and the record time', () => {
    const other = { ...pick, recordTime: '2026-03-02T09:00:00Z', epcList: ['urn:a:b', 'urn:a:c'] };
    const again = Object.fromEntries(Object.entries({ ...pick, epcList: ['urn:a:c', 'urn:a:b'] }).reverse());
    const keyOf = (body: unknown) => inbound.identify(requestOf(body)).dedupKey;
    assert.equal(keyOf(other), keyOf(again));
    assert.notEqual(keyOf(other), keyOf({ ...other, epcList: ['urn:a:b'] }));
    const document = (events: unknown[]) => ({ type: 'EPCISDocument', epcisBody: { eventList: events } });
    assert.equal(keyOf(document([pick, other])), keyOf(document([other, pick])));
    assert.equal(keyOf(document([other])), keyOf(other));
  });

  it('never throws and never loses an event, whatever the members are', () => {
    const member = fc.constantFrom(
      'type',
      'eventTime',
      'bizStep',
      'epcList',
      'quantityList',
      'errorDeclaration',
      'bizTransactionList',
      'reroute:expectedQuantityList',
    );
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue()), fc.boolean(), (change, single) => {
        const event = { ...pick, ...change };
        const body = single ? event : { epcisBody: { eventList: [event] } };
        const { facts, reports } = normalized(connector, body);
        assert.ok(facts.length + reports.length > 0);
        assert.ok(inbound.identify(requestOf(body)).dedupKey.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('epcis authentication', () => {
  const body = Buffer.from('{"a":1}');
  const signature = `sha256=${createHmac('sha256', 'key').update(body).digest('hex')}`;
  const secrets = (values: Record<string, string[]>) => (name: string) => values[name] ?? [];
  const verify = (
    headers: Record<string, string>,
    values: Record<string, string[]>,
    bytes: Uint8Array = body,
  ) => inbound.verify({ headers, body: bytes }, secrets(values), 0).ok;

  it('wants the bearer token when there is no webhook secret', () => {
    const values = { inboundToken: ['new', 'old'] };
    assert.ok(verify({ authorization: 'Bearer new' }, values));
    assert.ok(verify({ authorization: 'Bearer old' }, values));
    assert.ok(!verify({ authorization: 'Bearer other' }, values));
    assert.ok(!verify({}, values));
  });

  it('wants the signature of the raw bytes when there is a webhook secret, whatever token comes along', () => {
    const values = { inboundToken: ['new'], webhookSecret: ['key'] };
    assert.ok(verify({ 'x-hub-signature-256': signature }, values));
    assert.ok(!verify({ 'x-hub-signature-256': signature }, values, Buffer.from('{"a": 1}')));
    assert.ok(!verify({ authorization: 'Bearer new' }, values));
  });

  it('lets nothing in when neither is configured', () => {
    assert.ok(!verify({ authorization: 'Bearer ' }, {}));
  });
});

describe('GS1 identifiers', () => {
  it('reads the same pallet from a URN and from a Digital Link', () => {
    const fromUrn = readEpc('urn:epc:id:sscc:0614141.1234567890');
    assert.deepEqual(fromUrn, { kind: 'sscc', value: '106141412345678908', valid: true });
    assert.deepEqual(readEpc('https://example.com/some/path/00/106141412345678908?x=1'), fromUrn);
    assert.equal(readEpc('https://id.gs1.org/00/106141412345678901').valid, false);
    // The worked example of the Tag Data Standard.
    assert.equal(readEpc('urn:epc:id:sgtin:0614141.112345.400').value, '10614141123459');
  });

  it('notices every single wrong digit of a pallet number', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{17}$/),
        fc.nat(16),
        fc.integer({ min: 1, max: 9 }),
        (digits, at, by) => {
          const sscc = digits + checkDigit(digits);
          assert.equal(readEpc(`https://id.gs1.org/00/${sscc}`).valid, true);
          const wrong = sscc.slice(0, at) + String((Number(sscc[at]) + by) % 10) + sscc.slice(at + 1);
          assert.equal(readEpc(`https://id.gs1.org/00/${wrong}`).valid, false);
        },
      ),
    );
  });

  it('reads the vocabulary in all its notations and keeps private terms whole', () => {
    for (const written of [
      'picking',
      'cbv:BizStep-picking',
      'https://ref.gs1.org/cbv/BizStep-picking',
      'urn:epcglobal:cbv:bizstep:picking',
    ]) {
      assert.equal(cbvTerm(written), 'picking');
    }
    assert.equal(cbvTerm('https://wms.example.com/steps/picking'), 'https://wms.example.com/steps/picking');
  });
});
