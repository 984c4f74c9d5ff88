/** Three-way merge of sets of node ids: what a side added is in, what a side removed is out. */
import { sameSet, sameValue } from './properties';

export interface SetMerge {
  merged: string[];
  /** Both sides took the same member out and do not agree on what takes its place. */
  conflict: boolean;
}

/** The order of the base, then what was added by id; a side that changed nothing leaves the other's order. */
export function mergeSets(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): SetMerge {
  if (sameValue(ours, base)) return { merged: [...theirs], conflict: false };
  if (sameSet(ours, theirs) || sameSet(theirs, base)) return { merged: [...ours], conflict: false };
  if (sameSet(ours, base)) return { merged: [...theirs], conflict: false };
  const added = (side: readonly string[]) => side.filter((id) => !base.includes(id));
  const removed = (side: readonly string[]) => base.filter((id) => !side.includes(id));
  const [addedOurs, addedTheirs] = [added(ours), added(theirs)];
  const removedBoth = removed(ours).filter((id) => !theirs.includes(id));
  return {
    merged: [
      ...base.filter((id) => ours.includes(id) && theirs.includes(id)),
      ...[...new Set([...addedOurs, ...addedTheirs])].sort(),
    ],
    conflict: removedBoth.length > 0 && !sameSet(addedOurs, addedTheirs),
  };
}

/**
 * Whether outputs still mean the same by their number: true where a side only added or dropped outputs at the end. A Switch with a
 * rule put before the others has moved all that follow.
 */
export function keepsOutputs(base: readonly string[][], side: readonly string[][]): boolean {
  if (base.length === side.length) return true;
  const common = Math.min(base.length, side.length);
  return base.slice(0, common).every((targets, n) => sameSet(targets, side[n] ?? []));
}
