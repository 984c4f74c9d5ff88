/**
 * Facts of earlier versions, as they are read today. What is stored never changes; every upcaster is a pure step from one version to
 * the next, and reading goes through all of them from the stored version on.
 */
import { FatalError } from './errors';
import { factSchemaVersion } from './fact';

/** A fact of some version: only its frame is known. */
export interface VersionedFact {
  dataSchema: string;
  [attribute: string]: unknown;
}

export interface Upcaster {
  /** Version that it reads, e.g. `1.0.0`. */
  from: string;
  /** Version that it gives. */
  to: string;
  /** Must not change its argument. `dataSchema` is rewritten by the caller. */
  upcast(fact: VersionedFact): VersionedFact;
}

/** Oldest first. The first version needs none. */
export const upcasters: readonly Upcaster[] = [];

const versionPattern = /(\d+)\.(\d+)\.(\d+)$/;

/** Version that a fact says it follows; undefined when its `dataSchema` does not end in one. */
export function versionOf(fact: VersionedFact): string | undefined {
  return versionPattern.exec(fact.dataSchema)?.[0];
}

/** Negative when `a` is older. Both are full semantic versions without a suffix. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The fact as of the current version; the same object when it is of it already. A fact of a later minor version, written by a newer
 * process beside this one, is left as it is.
 * @throws FatalError FACT_INVALID without a version, FACT_TOO_NEW of a later major one, FACT_TOO_OLD without an upcaster for it
 */
export function upcastFact(
  value: unknown,
  { chain = upcasters, current = factSchemaVersion }: { chain?: readonly Upcaster[]; current?: string } = {},
): unknown {
  if (!isVersioned(value)) return value;
  let version = versionOf(value);
  if (version === undefined)
    throw new FatalError('FACT_INVALID', `the dataschema ${value.dataSchema} names no version`, {
      hint: 'End it in the full version, e.g. 1.0.0.',
    });
  if (version === current) return value;
  if (major(version) > major(current))
    throw new FatalError('FACT_TOO_NEW', `the fact is of version ${version}, newer than ${current}`, {
      hint: 'Upgrade this process.',
    });
  let fact = value;
  while (compareVersions(version, current) < 0) {
    const step = chain.find(({ from }) => from === version);
    // Minor versions only add what is optional, so an older minor reads as it is.
    if (!step && major(version) === major(current)) break;
    if (!step)
      throw new FatalError('FACT_TOO_OLD', `nothing reads facts of version ${version}`, {
        hint: 'Add the upcaster that was left out.',
      });
    fact = { ...step.upcast(fact), dataSchema: fact.dataSchema.replace(versionPattern, step.to) };
    version = step.to;
  }
  return fact;
}

function major(version: string): number {
  return Number(version.split('.')[0]);
}

function isVersioned(value: unknown): value is VersionedFact {
  return (
    typeof value === 'object' &&
    value !== null &&
    'dataSchema' in value &&
    typeof value.dataSchema === 'string'
  );
}
