/** Running a connector over a payload the way the engine does, and reading fixtures. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Connector,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../../../lib/connectors/kit/connector';
import { connectors } from '../../../lib/connectors/kit/registry';
import { type FactDraft, factData } from '../../../lib/model/fact';

/** Folder of the compiled connectors, data files included. */
export const connectorsDir = join(__dirname, '..', '..', '..', 'lib', 'connectors');

export const receivedAt = Date.UTC(2026, 0, 15, 12, 0, 0);

export interface InboundConnector extends Connector {
  inbound: Inbound;
}

/** Every registered connector that takes payloads. */
export const inboundConnectors: readonly InboundConnector[] = connectors.filter(
  (connector): connector is InboundConnector => connector.inbound !== undefined,
);

export function contextOf(connector: Connector, received = receivedAt): NormalizeContext {
  const settings = connector.manifest.settings.safeParse({});
  return {
    receivedAt: received,
    settings: settings.success ? settings.data : {},
    manifest: connector.manifest,
  };
}

export const requestOf = (
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): InboundRequest => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? Buffer.from(body) : body,
});

export function normalize(
  connector: InboundConnector,
  body: Uint8Array | string,
  received = receivedAt,
  headers: Readonly<Record<string, string>> = {},
): NormalizeResult {
  return connector.inbound.normalize(requestOf(body, headers), contextOf(connector, received));
}

/** The first thing that keeps a draft from being a valid fact; undefined when it is one. */
export function faultOf(draft: FactDraft): string | undefined {
  const parsed = factData.safeParse(draft.data);
  if (!parsed.success) return JSON.stringify(parsed.error.issues.slice(0, 2));
  return draft.dedupKey.length >= 1 && draft.dedupKey.length <= 300
    ? undefined
    : 'the dedup key has the wrong length';
}

export interface Fixture {
  name: string;
  body: Buffer;
  expected: Expected;
}

export interface Expected {
  provenance: string;
  /** Headers that the payload came with, where they matter. */
  headers?: Record<string, string>;
  facts: Record<string, unknown>[];
  reports: Record<string, unknown>[];
}

/** `fixtures/<name>.json|xml|...` with `fixtures/<name>.expected.json`. */
export function fixturesOf(connector: Connector): Fixture[] {
  const folder = join(connectorsDir, connector.manifest.id, 'fixtures');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  return names
    .filter((name) => name.endsWith('.expected.json'))
    .sort()
    .map((name) => {
      const stem = name.slice(0, -'.expected.json'.length);
      const payload = names.find(
        (other) => other !== name && other.slice(0, other.lastIndexOf('.')) === stem,
      );
      if (payload === undefined)
        throw new Error(`${connector.manifest.id}/fixtures/${name} has no payload beside it`);
      return {
        name: stem,
        body: readFileSync(join(folder, payload)),
        expected: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Expected,
      };
    });
}

/** Facts that tell what happened, in the order of their event times; of equal times the one the payload names first is the later one. */
export function happened(facts: readonly FactDraft[]): FactDraft[] {
  return facts
    .filter(({ data }) => data.time.timeClassifier === 'ACTUAL')
    .map((fact, at) => ({ fact, at, ms: Date.parse(fact.data.time.eventTime) }))
    .sort((a, b) => a.ms - b.ms || b.at - a.at)
    .map(({ fact }) => fact);
}
