/** How many events a second the mappings make of payloads, on one core: identify and normalise, as the engine calls them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector, Inbound, InboundRequest, NormalizeContext } from '../lib/connectors/kit/connector';
import { connectors } from '../lib/connectors/kit/registry';
import { fedexDelay } from './payloads';

export interface NormaliseRow {
  name: string;
  payloads: number;
  json: boolean;
  /** Of one payload, on average. */
  bytes: number;
  facts: number;
  eventsPerSecond: number;
  microsecondsPerEvent: number;
}

interface Subject {
  name: string;
  connector: Connector;
  bodies: Buffer[];
}

const connectorsDir = join(__dirname, '..', 'lib', 'connectors');

/** Payloads of a connector's own fixtures; `only` picks them by name. */
function fixturesOf(id: string, only: RegExp): Buffer[] {
  const folder = join(connectorsDir, id, 'fixtures');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && only.test(entry.name))
    .filter(({ name }) => !name.endsWith('.expected.json') && name !== 'corpus.json')
    .map(({ name }) => readFileSync(join(folder, name)));
}

/** The three that stand for the field, and then every other connector over all of its fixtures. */
function subjects(): Subject[] {
  const of = (id: string) => connectors.find(({ manifest, inbound }) => manifest.id === id && inbound);
  const chosen: [string, string, () => Buffer[]][] = [
    [
      'FedEx Track, JSON',
      'fedex',
      () => Array.from({ length: 200 }, (_, at) => Buffer.from(fedexDelay('b', at))),
    ],
    ['X12 214', 'x12', () => fixturesOf('x12', /214/)],
    ['EPCIS 2.0, JSON-LD', 'epcis', () => fixturesOf('epcis', /./)],
  ];
  const first = chosen.flatMap(([name, id, bodies]) => {
    const connector = of(id);
    return connector ? [{ name, connector, bodies: bodies() }] : [];
  });
  const others = connectors
    .filter(({ manifest, inbound }) => inbound && !chosen.some(([, id]) => id === manifest.id))
    .map((connector) => ({
      name: `${connector.manifest.id}, its fixtures`,
      connector,
      bodies: fixturesOf(connector.manifest.id, /./),
    }));
  return [...first, ...others].filter(({ bodies }) => bodies.length > 0);
}

export function normaliseRows(rounds: number, roundMs = 700): NormaliseRow[] {
  return subjects().flatMap(({ name, connector, bodies }) => {
    const { inbound, manifest } = connector;
    if (!inbound) return [];
    const settings = manifest.settings.safeParse({});
    const context: NormalizeContext = {
      receivedAt: Date.UTC(2026, 0, 15),
      settings: settings.success ? settings.data : {},
      manifest,
    };
    const requests = bodies.map((body): InboundRequest => ({ headers: {}, body }));
    const facts = once(inbound, requests, context);
    if (facts === 0) return [];
    timed(inbound, requests, context, roundMs);
    const rates = Array.from({ length: rounds }, () => timed(inbound, requests, context, roundMs) * facts);
    const eventsPerSecond = rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
    return [
      {
        name,
        payloads: bodies.length,
        json: bodies.every((body) => body[0] === 0x7b || body[0] === 0x5b),
        bytes: bodies.reduce((sum, { byteLength }) => sum + byteLength, 0) / bodies.length,
        facts: facts / bodies.length,
        eventsPerSecond,
        microsecondsPerEvent: 1e6 / eventsPerSecond,
      },
    ];
  });
}

function once(inbound: Inbound, requests: readonly InboundRequest[], context: NormalizeContext): number {
  let facts = 0;
  for (const delivery of requests) {
    const request: InboundRequest = { ...delivery, reading: {} };
    inbound.identify(request);
    facts += inbound.normalize(request, context).facts.length;
  }
  return facts;
}

/** Passes over all payloads a second of processor time, so that what else the machine does counts as little as it can. */
function timed(
  inbound: Inbound,
  requests: readonly InboundRequest[],
  context: NormalizeContext,
  roundMs: number,
): number {
  const startedAt = process.cpuUsage();
  const spentMs = () => {
    const { user, system } = process.cpuUsage(startedAt);
    return (user + system) / 1000;
  };
  let passes = 0;
  do {
    once(inbound, requests, context);
    passes += 1;
  } while (spentMs() < roundMs);
  return (passes / spentMs()) * 1000;
}
