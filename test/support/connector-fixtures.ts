/** Runs a connector's own fixtures: `fixtures/<name>.json` against `<name>.expected.json`. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector, InboundRequest, NormalizeContext } from '../../lib/connectors/kit/connector';
import type { FactDraft } from '../../lib/model/fact';
import { factData } from '../../lib/model/fact';

export const receivedAt = Date.parse('2026-03-02T12:00:00Z');

export function requestOf(body: unknown, headers: Record<string, string> = {}): InboundRequest {
  const bytes =
    body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { headers, body: bytes };
}

export function contextOf(connector: Connector, settings: Record<string, unknown> = {}): NormalizeContext {
  return { receivedAt, settings, manifest: connector.manifest };
}

/** Facts and reports of a payload; every fact fits the released schema. */
export function normalized(connector: Connector, body: unknown, settings = {}, headers = {}) {
  assert.ok(connector.inbound);
  const result = connector.inbound.normalize(requestOf(body, headers), contextOf(connector, settings));
  for (const fact of result.facts) assertFits(fact);
  return result;
}

export function assertFits(fact: FactDraft): void {
  const parsed = factData.safeParse(fact.data);
  assert.ok(parsed.success, parsed.success ? '' : parsed.error.message);
  assert.ok(fact.dedupKey.length > 0 && fact.dedupKey.length <= 300);
}

export function describeFixtures(connector: Connector): void {
  const folder = join(__dirname, '..', '..', 'lib', 'connectors', connector.manifest.id, 'fixtures');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.expected.json'))) {
    const name = file.replace('.expected.json', '');
    it(`maps ${name}`, () => {
      const expected = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const { facts, reports } = normalized(connector, readFileSync(join(folder, `${name}.json`)));
      assert.equal(facts.length, expected.facts.length);
      assert.equal(reports.length, expected.reports.length);
      assert.partialDeepStrictEqual(JSON.parse(JSON.stringify({ facts, reports })), {
        facts: expected.facts,
        reports: expected.reports,
      });
    });
  }
}
