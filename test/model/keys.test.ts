import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FatalError } from '../../lib/model/errors';
import {
  canonicalJson,
  documentUri,
  effectKey,
  factId,
  factTokens,
  identifierTokens,
  normalizeIdentifier,
  partitionOf,
  sha256Hex,
  shipmentKeyOf,
} from '../../lib/model/keys';

describe('keys', () => {
  it('hashes as the SHA-256 test vector says', () => {
    assert.equal(sha256Hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.equal(sha256Hex(new TextEncoder().encode('abc')), sha256Hex('abc'));
  });

  describe('canonical JSON', () => {
    it('does not depend on the order of properties', () => {
      assert.equal(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] }), '{"a":[{"c":"x","d":null}],"b":1}');
    });
    it('means the same value, for all JSON', () => {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          const back: unknown = JSON.parse(canonicalJson(value));
          assert.deepEqual(back, JSON.parse(JSON.stringify(value)));
          assert.equal(canonicalJson(back), canonicalJson(value));
        }),
      );
    });
    it('leaves undefined out as JSON does', () => {
      assert.equal(canonicalJson({ a: undefined, b: [undefined] }), '{"b":[null]}');
    });
    it('refuses what JSON cannot hold', () => {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      for (const value of [Number.NaN, Infinity, 1n, cycle, () => 1])
        assert.throws(() => canonicalJson(value), FatalError);
    });
    it('takes the same object twice, side by side', () => {
      const twin = { a: 1 };
      assert.equal(canonicalJson([twin, twin]), '[{"a":1},{"a":1}]');
    });
  });

  it('gives the same fact id for the same source and key only', () => {
    assert.equal(factId('/t/ups/one', 'k'), factId('/t/ups/one', 'k'));
    assert.notEqual(factId('/t/ups/one', 'k'), factId('/t/ups/on', 'ek'));
  });

  it('tells effect keys apart by each of their parts, wherever the boundary lies', () => {
    const base = { tenant: 't', subject: 'case', planVersion: 1, step: 'erp', target: 'so/1' };
    const keys = [
      base,
      { ...base, tenant: 'u' },
      { ...base, subject: 'caseerp', step: '' },
      { ...base, planVersion: 2 },
      { ...base, target: 'so/2' },
    ].map(effectKey);
    assert.equal(new Set(keys).size, keys.length);
    assert.match(effectKey(base), /^[0-9a-f]{64}$/);
    assert.equal(effectKey(base), effectKey({ ...base }));
  });

  describe('the shipment key', () => {
    const order = [{ namespace: 'shop', value: '0042' }];
    it('prefers the tracking number, with its ship date where there is one', () => {
      assert.equal(
        shipmentKeyOf({ orderNumber: order, trackingNumber: [{ carrier: 'UPS', value: '1z 999-aa' }] }),
        'trk:ups:1Z999AA',
      );
      assert.equal(
        shipmentKeyOf({ trackingNumber: [{ carrier: 'ups', value: '1Z999AA', shipDate: '2026-01-02' }] }),
        'trk:ups:1Z999AA:2026-01-02',
      );
    });
    it('goes down the order of preference', () => {
      const id = [{ namespace: 'n', value: 'v' }];
      const kinds = [
        'shipmentId',
        'deliveryId',
        'orderNumber',
        'erpSalesOrderId',
        'asnId',
        'proNumber',
        'bolNumber',
      ] as const;
      const prefixes = ['shp', 'dlv', 'ord', 'so', 'asn', 'pro', 'bol'];
      kinds.forEach((_, index) => {
        const rest = Object.fromEntries(kinds.slice(index).map((kind) => [kind, id]));
        assert.equal(shipmentKeyOf({ ...rest, sscc: ['003456789012345675'] }), `${prefixes[index]}:n:v`);
      });
      assert.equal(shipmentKeyOf({ sscc: ['003456789012345675'] }), 'sscc:gs1:003456789012345675');
    });
    it('keeps leading zeros and escapes what would part it', () => {
      assert.equal(shipmentKeyOf({ orderNumber: order }), 'ord:shop:0042');
      assert.notEqual(
        shipmentKeyOf({ orderNumber: [{ namespace: 'a:b', value: 'c' }] }),
        shipmentKeyOf({ orderNumber: [{ namespace: 'a', value: 'b:c' }] }),
      );
    });
    it('is never longer than a subject may be, and undefined when nothing names the shipment', () => {
      const long = shipmentKeyOf({ orderNumber: [{ namespace: ':'.repeat(100), value: 'v'.repeat(200) }] });
      assert.ok(long !== undefined && long.length <= 300 && long.startsWith('ord:sha256:'));
      assert.equal(
        shipmentKeyOf({
          customerAccount: [{ namespace: 'erp', value: '1' }],
          trackingNumber: [{ carrier: 'x', value: ' - ' }],
        }),
        undefined,
      );
    });
  });

  it('indexes every identifier once, normalised, with its own spelling kept', () => {
    const tokens = identifierTokens({
      orderNumber: [
        { namespace: 'shop', value: '00-42 a' },
        { namespace: 'shop', value: '00-42 a' },
      ],
      trackingNumber: [{ carrier: 'ups', value: '1z9' }],
      sscc: ['003456789012345675'],
    });
    assert.deepEqual(tokens, [
      { kind: 'orderNumber', namespace: 'shop', value: '00-42 a', normalized: '0042A' },
      { kind: 'trackingNumber', namespace: 'ups', value: '1z9', normalized: '1Z9' },
      { kind: 'sscc', namespace: 'gs1', value: '003456789012345675', normalized: '003456789012345675' },
    ]);
  });
  it('indexes the documents of ours that a fact is about, and no other evidence', () => {
    const uri = documentUri('edifact', 'OUR/7 ü');
    const tokens = factTokens({
      identifiers: {},
      evidence: [
        { kind: 'document', uri },
        { kind: 'photo', uri: documentUri('x12', '000000012') },
        { kind: 'document', uri: 'https://example.com/x12:1' },
        { kind: 'document', uri: 'x12:%E0%' },
        { kind: 'document' },
      ],
    });
    assert.deepEqual(
      tokens.map(({ kind, namespace, value }) => [kind, namespace, value]),
      [
        ['document', 'edifact', 'OUR/7 ü'],
        ['document', 'x12', '%E0%'],
      ],
    );
  });
  it('normalises what it normalised to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = normalizeIdentifier(text.slice(0, 40));
        assert.equal(normalizeIdentifier(once), once);
      }),
    );
  });

  describe('partitions', () => {
    it('are what they always were: stored rows depend on them', () => {
      assert.deepEqual(
        ['trk:ups:1Z999AA', 'ord:shop:0042', 'ключ', ''].map((key) => partitionOf(key, 16)),
        [9, 4, 2, 11],
      );
    });
    it('stay in range for every key', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 1024 }), (key, partitions) => {
          const partition = partitionOf(key, partitions);
          assert.ok(Number.isInteger(partition) && partition >= 0 && partition < partitions);
        }),
      );
    });
    it('spread consecutive numbers evenly', () => {
      const counts = new Array<number>(16).fill(0);
      for (let n = 0; n < 16_000; n += 1)
        counts[partitionOf(`trk:ups:1Z${n}`, 16)] = (counts[partitionOf(`trk:ups:1Z${n}`, 16)] ?? 0) + 1;
      assert.ok(Math.min(...counts) > 850 && Math.max(...counts) < 1150, counts.join());
    });
  });
});
