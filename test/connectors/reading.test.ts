import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Reading } from '../../lib/connectors/kit/connector';
import { readJson } from '../../lib/connectors/kit/json';
import { checkedBy, oncePerDelivery, settingsBy } from '../../lib/connectors/kit/payload';
import { readXml } from '../../lib/connectors/kit/xml';
import { corpusFilesOf } from './support/corpus';
import { contextOf, fixturesOf, inboundConnectors, normalize, requestOf } from './support/harness';

describe('a delivery that intake has read', () => {
  for (const connector of inboundConnectors) {
    it(`of ${connector.manifest.id} is mapped to the same facts as its bytes`, () => {
      const bodies = [
        ...fixturesOf(connector).map(({ body }) => body),
        ...corpusFilesOf(connector).map((file) => readFileSync(file)),
      ];
      for (const body of bodies) {
        const request = { ...requestOf(body), reading: {} };
        assert.deepEqual(connector.inbound.identify(request), connector.inbound.identify(requestOf(body)));
        const handedOver = connector.inbound.normalize(request, contextOf(connector));
        assert.deepEqual(handedOver, normalize(connector, body));
        assert.deepEqual(connector.inbound.normalize(request, contextOf(connector)), handedOver);
      }
    });
  }

  it('is parsed once, as JSON and as XML', () => {
    const json = { ...requestOf('{"a":1}'), reading: {} };
    assert.equal(readJson(json), readJson(json));
    const xml = { ...requestOf('<a>1</a>'), reading: {} };
    assert.equal(readXml(xml), readXml(xml));
  });

  it('shares nothing with another delivery of the same bytes', () => {
    const body = Buffer.from('{"a":1}');
    assert.notEqual(
      readJson({ ...requestOf(body), reading: {} }),
      readJson({ ...requestOf(body), reading: {} }),
    );
  });

  it('is never taken for the work of another connector', () => {
    const reading: Reading = {};
    const [one, other] = [oncePerDelivery(() => 'one'), oncePerDelivery(() => 'other')];
    const request = { ...requestOf('{}'), reading };
    assert.deepEqual([one(request), other(request), one(request)], ['one', 'other', 'one']);
  });
});

describe('a payload against its schema', () => {
  const schema = z.object({ id: z.string().trim().min(1), count: z.int().default(1) });
  const checked = checkedBy(schema);

  it('is read as the schema reads it, and refused for the same reasons', () => {
    for (const payload of [
      { id: ' 7 ', more: true },
      { id: 7 },
      { id: '' },
      undefined,
      [],
      { id: '7', count: 1.5 },
    ]) {
      const [ours, own] = [checked(payload), schema.safeParse(payload)];
      assert.deepEqual(ours.data, own.data);
      assert.deepEqual(ours.error?.issues, own.error?.issues);
    }
  });
});

describe('the settings of a partner', () => {
  it('are read once for as long as they are the same object', () => {
    const settingsOf = settingsBy(z.object({ zone: z.string().default('UTC') }));
    const settings = {};
    assert.equal(settingsOf(settings), settingsOf(settings));
    assert.deepEqual(settingsOf({ zone: 'CET' }), { zone: 'CET' });
    assert.throws(() => settingsOf({ zone: 1 }));
  });
});
