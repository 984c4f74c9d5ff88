/**
 * Which systems of the corpus a connector reads. Each says so itself, in `fixtures/corpus.json` of its folder:
 * `{ "systems": ["sap_s4"], "disputed": { "sap_s4/file.json": { "label": "none", "why": "..." } } }`. `disputed` is for labels that are
 * certainly wrong, with the evidence (`rejected`: the payload itself is damaged); nothing gets in there because it is inconvenient.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { connectorsDir, type InboundConnector, inboundConnectors } from './harness';

const claim = z.strictObject({
  systems: z.array(z.string()).min(1),
  disputed: z.record(z.string(), z.strictObject({ label: z.string(), why: z.string().min(40) })).default({}),
});

/** Folder of real payloads beside the project; absent on most machines. */
export const corpusDir = join(process.cwd(), '..', 'shared', 'corpus');

function claimOf(connector: InboundConnector): z.infer<typeof claim> {
  const file = join(connectorsDir, connector.manifest.id, 'fixtures', 'corpus.json');
  return existsSync(file)
    ? claim.parse(JSON.parse(readFileSync(file, 'utf8')))
    : { systems: [], disputed: {} };
}

const claims = inboundConnectors.map((connector) => ({ connector, ...claimOf(connector) }));

export const connectorOfSystem: ReadonlyMap<string, InboundConnector> = new Map(
  claims.flatMap(({ connector, systems }) => systems.map((system) => [system, connector] as const)),
);

export const disputedLabels: ReadonlyMap<string, { label: string; why: string }> = new Map(
  claims.flatMap(({ disputed }) => Object.entries(disputed)),
);

/** Files of the systems that a connector reads. */
export function corpusFilesOf(connector: InboundConnector): string[] {
  return claimOf(connector)
    .systems.map((system) => join(corpusDir, system))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
}
