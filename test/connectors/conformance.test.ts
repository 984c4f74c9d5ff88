import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeTable, parseCodeRows } from '../../lib/connectors/kit/codes';
import type { Connector } from '../../lib/connectors/kit/connector';
import { commonOperations } from '../../lib/connectors/kit/contracts';
import { connectorById, connectors } from '../../lib/connectors/kit/registry';
import { isRerouteError } from '../../lib/model/errors';
import {
  connectorsDir,
  contextOf,
  faultOf,
  fixturesOf,
  type InboundConnector,
  inboundConnectors,
  normalize,
  receivedAt,
  requestOf,
} from './support/harness';

/** Bytes that no vendor sends and everybody receives one day. */
const garbage: readonly (string | Uint8Array)[] = [
  '',
  ' ',
  'null',
  'true',
  '42',
  '"text"',
  '[]',
  '{}',
  '[[[]]]',
  '{"object":"Tracker"}',
  '{"output":null}',
  '{"trackResponse":{"shipment":[null,1,{"package":[null]}]}}',
  '{"a":'.repeat(100_000),
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  '<',
  '<a/>',
  '<a><b></a>',
  `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`,
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  '<?xml version="1.0" encoding="no-such"?><a/>',
  '{"__proto__":{"polluted":true},"constructor":1}',
  new Uint8Array([0xff, 0xfe, 0x00, 0xd8]),
  new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
];

const keysOf = (connector: InboundConnector, body: Uint8Array | string, received?: number) =>
  normalize(connector, body, received)
    .facts.map(({ dedupKey }) => dedupKey)
    .sort();

/** The same JSON with every list and every object turned round; undefined for what is no JSON. */
function turnedRound(body: Buffer): string | undefined {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn).reverse();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, member]) => [key, turn(member)] as const)
        .reverse(),
    );
  };
  try {
    return JSON.stringify(turn(JSON.parse(body.toString('utf8'))));
  } catch {
    return undefined;
  }
}

const codesFile = (connector: Connector) => join(connectorsDir, connector.manifest.id, 'codes.csv');

describe('the registry of connectors', () => {
  it('lists every folder that has a connector, under its folder name', () => {
    const folders = readdirSync(connectorsDir).filter((name) =>
      existsSync(join(connectorsDir, name, 'index.js')),
    );
    assert.deepEqual(
      connectors.map(({ manifest }) => manifest.id),
      folders.sort(),
    );
  });

  it('finds a connector by its id and says which there are when it does not', () => {
    for (const connector of connectors) assert.equal(connectorById(connector.manifest.id), connector);
    assert.throws(
      () => connectorById('no-such'),
      (error) =>
        isRerouteError(error) && error.code === 'CONNECTOR_UNKNOWN' && (error.hint ?? '').includes('fedex'),
    );
  });
});

for (const connector of connectors) {
  describe(`connector ${connector.manifest.id}: what it declares`, () => {
    it('names its operations once, with a look-up where it claims to be reconcilable', () => {
      const ids = connector.operations.map(({ id }) => id);
      assert.deepEqual(ids, [...new Set(ids)]);
      for (const operation of connector.operations) {
        if (operation.safety === 'reconcilable')
          assert.ok(operation.lookUp, `${operation.id} has no look-up`);
        if (operation.undo)
          assert.ok(ids.includes(operation.undo.operation), `${operation.id} is undone by nothing`);
        assert.ok(connector.manifest.kinds.includes(operation.kind), `${operation.id} is offered by no node`);
      }
    });

    it('has every operation that its kinds have in common, or says why not', () => {
      const { kinds, absent = {} } = connector.manifest;
      const has = (kind: string, id: string) =>
        connector.operations.some((operation) => operation.kind === kind && operation.id === id);
      const missing = commonOperations(kinds).filter(({ kind, id }) => !has(kind, id));
      assert.deepEqual(Object.keys(absent).sort(), missing.map(({ id }) => id).sort());
      for (const [id, why] of Object.entries(absent)) assert.ok(why.length > 20, `${id}: no reason`);
    });

    it('names the headers in which its vendor states limits, or says why there are none', () => {
      const { noRateLimitHeaders } = connector.manifest;
      const silent = connector.operations.filter(
        ({ rateLimitHeaders = [] }) => rateLimitHeaders.length === 0,
      );
      if (noRateLimitHeaders === undefined)
        assert.deepEqual(
          silent.map(({ id }) => id),
          [],
        );
      else {
        assert.deepEqual(silent.length, connector.operations.length, 'one of its operations names a header');
        assert.ok(noRateLimitHeaders.length > 20, 'no reason');
      }
      for (const { rateLimitHeaders = [] } of connector.operations)
        for (const name of rateLimitHeaders) assert.equal(name, name.toLowerCase());
    });

    it('can show its settings and the input of its operations as forms', () => {
      for (const schema of [connector.manifest.settings, ...connector.operations.map(({ input }) => input)])
        assert.equal(typeof z.toJSONSchema(schema, { io: 'input' }), 'object');
    });

    if (existsSync(codesFile(connector))) {
      const rows = parseCodeRows(readFileSync(codesFile(connector), 'utf8'), connector.manifest.id);

      it('has a code table with a source for every row and no key twice', () => {
        assert.doesNotThrow(() => codeTable(rows));
        assert.deepEqual(
          rows.filter(({ source, note }) => source === '' || note === ''),
          [],
        );
      });

      it('calls an unknown status UNMAPPED_STATUS in every list', () => {
        const table = codeTable(rows);
        for (const list of new Set(rows.map(({ codeList }) => codeList))) {
          const meaning = table.meaning(list, 'no-such-status', 'no-such-reason');
          assert.deepEqual(
            [meaning.exception, meaning.mapped, meaning.milestone],
            ['UNMAPPED_STATUS', false, undefined],
          );
        }
      });
    }
  });
}

for (const connector of inboundConnectors) {
  describe(`connector ${connector.manifest.id}: what it reads`, () => {
    const fixtures = fixturesOf(connector);

    it('brings fixtures that say where they come from', () => {
      assert.ok(fixtures.length > 0);
      for (const { name, expected } of fixtures) assert.ok(expected.provenance, `${name} has no provenance`);
    });

    for (const { name, body, expected } of fixtures) {
      it(`maps ${name} as its fixture says, to valid facts`, () => {
        const { facts, reports } = normalize(connector, body, receivedAt, expected.headers);
        assert.equal(
          facts.length,
          expected.facts.length,
          JSON.stringify(facts.map(({ data }) => data.sourceCode)),
        );
        facts.forEach((fact, at) => {
          assert.equal(faultOf(fact), undefined);
          assert.partialDeepStrictEqual(fact, expected.facts[at]);
        });
        assert.equal(reports.length, expected.reports.length, JSON.stringify(reports));
        reports.forEach((report, at) => {
          assert.partialDeepStrictEqual(report, expected.reports[at]);
        });
      });

      it(`knows the events of ${name} again when they are polled later`, () => {
        assert.deepEqual(keysOf(connector, body, receivedAt + 86_400_000), keysOf(connector, body));
      });

      it(`knows the events of ${name} again in another order`, () => {
        const turned = turnedRound(body);
        if (turned !== undefined) assert.deepEqual(keysOf(connector, turned), keysOf(connector, body));
      });

      it(`gives every event of ${name} a key of its own`, () => {
        const keys = keysOf(connector, body);
        assert.deepEqual(keys, [...new Set(keys)]);
      });

      it(`identifies ${name} alike every time`, () => {
        assert.deepEqual(
          connector.inbound.identify(requestOf(body)),
          connector.inbound.identify(requestOf(Buffer.from(body))),
        );
      });
    }

    it('refuses a payload of another version by name, or says why payloads carry none', () => {
      const { payloadVersion } = connector.manifest;
      assert.ok(payloadVersion, 'the manifest says nothing about the version of a payload');
      const refused = fixtures.filter(({ expected }) =>
        expected.reports.some(({ code }) => code === 'VERSION_UNSUPPORTED'),
      );
      if ('none' in payloadVersion) {
        assert.ok(payloadVersion.none.length > 20, 'no reason');
        assert.deepEqual(
          refused.map(({ name }) => name),
          [],
        );
        return;
      }
      assert.ok(refused.length > 0, 'no fixture is of another version');
      for (const { name, body, expected } of refused) {
        const { reports } = normalize(connector, body, receivedAt, expected.headers);
        const report = reports.find(({ code }) => code === 'VERSION_UNSUPPORTED');
        assert.equal(report?.kind, 'rejected', name);
        // Both versions: the one that came, and what is read instead.
        assert.match(report?.message ?? '', /\d.*\d|[A-Z]{3}.*\d/s, name);
      }
    });

    if (existsSync(codesFile(connector))) {
      it('shows an unknown code of a payload as UNMAPPED_STATUS', () => {
        const codes = fixtures.flatMap(({ expected }) => expected.facts.map((fact) => JSON.stringify(fact)));
        assert.ok(
          codes.some((fact) => fact.includes('"UNMAPPED_STATUS"')),
          'no fixture holds an unknown code',
        );
      });
    }

    it('neither throws nor loses anything, whatever the bytes', () => {
      for (const body of garbage) {
        const { facts, reports } = normalize(connector, body);
        assert.ok(facts.length + reports.length >= 1, `lost: ${String(body).slice(0, 60)}`);
        assert.ok(connector.inbound.identify(requestOf(body)).dedupKey.length > 0);
      }
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
    });

    it('lets nobody in without credentials, and says no secret in its refusal', () => {
      const request = requestOf('{}');
      const secret = 'a-secret-that-must-stay-one';
      for (const secrets of [() => [], () => [secret]]) {
        const verification = connector.inbound.verify(request, secrets, receivedAt);
        assert.equal(verification.ok, false);
        assert.ok(verification.ok || !verification.reason.includes(secret));
      }
    });

    it('leaves the payload and the settings as they were', () => {
      for (const { body } of fixtures) {
        const before = Buffer.from(body);
        const context = contextOf(connector);
        const settings = structuredClone(context.settings);
        connector.inbound.normalize(requestOf(body), Object.freeze(context));
        assert.deepEqual(body, before);
        assert.deepEqual(context.settings, settings);
      }
    });
  });
}
