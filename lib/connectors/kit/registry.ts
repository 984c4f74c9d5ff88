/** Every connector of this installation. The list is generated from the folders: `node scripts/generate-connectors.mjs`. */
import { FatalError } from '../../model/errors';
import { generatedConnectors } from '../registry.gen';
import type { Connector } from './connector';

/** All connectors, by id. */
export const connectors: readonly Connector[] = [...generatedConnectors].sort((a, b) =>
  a.manifest.id < b.manifest.id ? -1 : 1,
);

const byId = new Map(connectors.map((connector) => [connector.manifest.id, connector]));

/** @throws FatalError CONNECTOR_UNKNOWN when no folder of that name is registered. */
export function connectorById(id: string): Connector {
  const found = byId.get(id);
  if (found !== undefined) return found;
  throw new FatalError('CONNECTOR_UNKNOWN', `there is no connector "${id}"`, {
    hint: `Use one of: ${[...byId.keys()].join(', ')}.`,
  });
}
