import assert from 'node:assert/strict';
import { FatalError } from '../../lib/model/errors';
import { factSchemaVersion } from '../../lib/model/fact';
import { compareVersions, type Upcaster, upcastFact, versionOf } from '../../lib/model/upcast';
import { dataSchemaUri, fromWire, toWire, wireFact } from '../../lib/model/wire';
import { aFact } from '../support/fact-builder';

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof FatalError);
    return error.code;
  }
  return 'none';
};

describe('a fact on the wire', () => {
  const one = {
    ...aFact({
      data: { milestone: 'DELIVERED', identifiers: { orderNumber: [{ namespace: 'shop', value: '0042' }] } },
    }),
    causationId: 'raw-1',
  };
  it('has lower-case attributes and fits its schema', () => {
    const wire = toWire(one);
    for (const name of Object.keys(wire)) assert.match(name, /^[a-z0-9]{1,20}$/);
    assert.equal(wire.datacontenttype, 'application/json');
    assert.deepEqual(wireFact.parse(wire), wire);
  });
  it('comes back as it went', () => {
    assert.deepEqual(fromWire(JSON.parse(JSON.stringify(toWire(one)))), one);
    const { datacontenttype: _absent, ...bare } = toWire(one);
    assert.deepEqual(fromWire(bare), one);
  });
  it('is refused when it is something else, with the place', () => {
    const wire = toWire(one) as Record<string, unknown>;
    for (const wrong of [
      null,
      'x',
      [],
      {},
      { ...wire, specversion: '0.3' },
      { ...wire, correlationId: 'c' },
      { ...wire, datacontenttype: 'text/plain' },
      { ...wire, data: {} },
      { ...wire, dataschema: 'https://example.org/none' },
    ]) {
      assert.equal(
        code(() => fromWire(wrong)),
        'FACT_INVALID',
        JSON.stringify(wrong),
      );
    }
    assert.throws(() => fromWire({ ...wire, time: 'now' }), /time/);
  });
});

describe('upcasting', () => {
  const chain: Upcaster[] = [
    { from: '1.0.0', to: '2.0.0', upcast: ({ colour, ...rest }) => ({ ...rest, hue: colour }) },
    { from: '2.0.0', to: '3.0.0', upcast: (fact) => ({ ...fact, hues: [fact.hue] }) },
  ];
  const old = { dataSchema: dataSchemaUri('1.0.0'), colour: 'red' };
  it('goes step by step to the current version and leaves what is stored alone', () => {
    const before = structuredClone(old);
    assert.deepEqual(upcastFact(old, { chain, current: '3.0.0' }), {
      dataSchema: dataSchemaUri('3.0.0'),
      hue: 'red',
      hues: ['red'],
    });
    assert.deepEqual(old, before);
  });
  it('gives the current version back untouched', () => {
    const now = { dataSchema: dataSchemaUri() };
    assert.equal(upcastFact(now), now);
    assert.equal(versionOf(now), factSchemaVersion);
  });
  it('reads older and newer minor versions as they are', () => {
    const minor = { dataSchema: dataSchemaUri('1.2.0') };
    assert.equal(upcastFact(minor, { chain: [], current: '1.3.0' }), minor);
    assert.equal(upcastFact(minor, { chain: [], current: '1.1.0' }), minor);
  });
  it('refuses what it cannot read', () => {
    assert.equal(
      code(() => upcastFact({ dataSchema: dataSchemaUri('4.0.0') }, { chain, current: '3.0.0' })),
      'FACT_TOO_NEW',
    );
    assert.equal(
      code(() => upcastFact(old, { chain: [], current: '2.0.0' })),
      'FACT_TOO_OLD',
    );
    assert.equal(
      code(() => upcastFact({ dataSchema: 'none' })),
      'FACT_INVALID',
    );
  });
  it('orders versions by number', () => {
    assert.deepEqual(['1.10.0', '1.2.0', '1.2.10', '1.2.9'].sort(compareVersions), [
      '1.2.0',
      '1.2.9',
      '1.2.10',
      '1.10.0',
    ]);
  });
});
