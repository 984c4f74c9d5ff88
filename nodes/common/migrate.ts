/** Versioned node properties: a flow file written by an earlier Reroute goes on opening. */
import { FatalError } from '../../lib/model/errors';

export type Properties = Readonly<Record<string, unknown>>;
/** Properties of version n to those of version n + 1; pure. */
export type Migration = (properties: Properties) => Properties;

/** The version that a node with these migrations writes: the first is 1. */
export function currentVersion(migrations: readonly Migration[]): number {
  return migrations.length + 1;
}

/**
 * Brings properties to the current version. A node without `version` was written by hand and counts as version 1.
 * @throws FatalError NODE_TOO_NEW when a newer Reroute wrote it
 */
export function migrate(properties: Properties, migrations: readonly Migration[]): Properties {
  const current = currentVersion(migrations);
  const version = properties.version === undefined ? 1 : Number(properties.version);
  if (!Number.isInteger(version) || version < 1 || version > current) {
    throw new FatalError(
      'NODE_TOO_NEW',
      `the node has properties of version ${String(properties.version)}; this Reroute knows versions 1 to ${current}`,
      {
        hint: 'Run the flow on the Reroute that wrote it, or a newer one.',
      },
    );
  }
  const migrated = migrations.slice(version - 1).reduce((before, step) => step(before), properties);
  return { ...migrated, version: current };
}
