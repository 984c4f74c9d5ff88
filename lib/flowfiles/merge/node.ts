/** One node that both sides have: each property merged by itself. */
import type { FlowNode } from '../format';
import { type Conflict, type Conflicts, conflictKey, type Side } from './conflicts';
import { nameOf } from './drift';
import {
  idsIn,
  isIdSet,
  isPlacement,
  outputsOf,
  positionOf,
  sameProperty,
  sameSet,
  sameValue,
  type Variable,
  variablesOf,
} from './properties';
import { keepsOutputs, mergeSets } from './sets';

export interface NodeMerge {
  /** Undefined where both sides added the node. */
  base: FlowNode | undefined;
  ours: FlowNode;
  theirs: FlowNode;
  conflicts: Conflicts;
  /** `NODE.PROPERTY` of what the region owns. */
  regionOwned: ReadonlySet<string>;
  /** What a side removed and the merge keeps: its references to that node were only tidied away, so they count as kept. */
  tidied: { ours: ReadonlySet<string>; theirs: ReadonlySet<string> };
}

export function mergeNode(merge: NodeMerge): FlowNode {
  const { base, ours, theirs } = merge;
  const merged: FlowNode = { id: ours.id, type: ours.type };
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs), ...Object.keys(base ?? {})]);
  for (const name of names) {
    if (name === 'id' || isPlacement(name)) continue;
    const value = mergeProperty(merge, name);
    if (value !== undefined) merged[name] = value;
  }
  const moved = base === undefined || !sameValue(positionOf(ours), positionOf(base));
  return Object.assign(merged, positionOf(moved ? ours : theirs));
}

function mergeProperty(merge: NodeMerge, name: string): unknown {
  const { base, ours, theirs } = merge;
  if (name === 'wires') return mergeWires(merge);
  if (isIdSet(ours.type, name) && isIdSet(theirs.type, name)) return mergeIds(merge, name);
  if (name === 'env' && ![base, ours, theirs].some((node) => variablesOf(node?.env) === undefined))
    return mergeVariables(merge);
  return pick(merge, name, base?.[name], ours[name], theirs[name]);
}

/** One value; unequal changes on both sides are a conflict, unless the region owns it. */
function pick<T>(merge: NodeMerge, property: string, base: T, ours: T, theirs: T): T {
  const owned = merge.regionOwned.has(conflictKey({ node: merge.ours.id, property }));
  if (owned && !(base === undefined && ours === undefined)) return ours;
  const same = (a: T, b: T) => sameProperty(merge.ours.type, property, a, b);
  if (sameValue(ours, base)) return theirs;
  if (same(ours, theirs) || same(theirs, base)) return ours;
  if (same(ours, base)) return theirs;
  const kind = merge.base === undefined ? 'BOTH_ADDED' : 'BOTH_CHANGED';
  return choose(merge, kind, property, base, ours, theirs) === 'ours' ? ours : theirs;
}

function choose(
  { conflicts, ours: node }: NodeMerge,
  kind: Conflict['kind'],
  property: string,
  base: unknown,
  ours: unknown,
  theirs: unknown,
): Side {
  const taken = conflicts.choose({
    ...{ kind, node: node.id, name: nameOf(node), property },
    ...(base !== undefined && { base }),
    ...(ours !== undefined && { ours }),
    ...(theirs !== undefined && { theirs }),
  });
  return taken ?? 'ours';
}

function mergeIds(merge: NodeMerge, name: string): string[] {
  const base = idsIn(merge.base?.[name]);
  const ours = untidied(base, idsIn(merge.ours[name]), merge.tidied.ours);
  const theirs = untidied(base, idsIn(merge.theirs[name]), merge.tidied.theirs);
  const { merged, conflict } = mergeSets(base, ours, theirs);
  // A group or a listener with more members says nothing else; a link led elsewhere does.
  if (!conflict || name !== 'links') return merged;
  return choose(merge, 'REWIRED_BOTH', name, base, ours, theirs) === 'ours' ? ours : theirs;
}

const untidied = (base: readonly string[], side: string[], kept: ReadonlySet<string>): string[] => {
  const back = base.filter((id) => kept.has(id) && !side.includes(id));
  return back.length === 0 ? side : [...side, ...back];
};

function mergeWires(merge: NodeMerge): string[][] {
  const base = outputsOf(merge.base);
  const ours = outputsOf(merge.ours).map((to, n) => untidied(base[n] ?? [], to, merge.tidied.ours));
  const theirs = outputsOf(merge.theirs).map((to, n) => untidied(base[n] ?? [], to, merge.tidied.theirs));
  if (sameValue(ours, base)) return theirs;
  if (sameOutputs(ours, theirs) || sameOutputs(theirs, base)) return ours;
  if (sameOutputs(ours, base)) return theirs;
  if (!keepsOutputs(base, ours) || !keepsOutputs(base, theirs))
    return choose(merge, 'REWIRED_BOTH', 'wires', base, ours, theirs) === 'ours' ? ours : theirs;
  const count = outputCount(base.length, ours.length, theirs.length);
  return Array.from({ length: count }, (_none, n) => mergeOutput(merge, n, base[n], ours[n], theirs[n]));
}

const sameOutputs = (a: string[][], b: string[][]): boolean =>
  a.length === b.length && a.every((targets, n) => sameSet(targets, b[n] ?? []));

/** Where both changed the number, no wire is lost. */
function outputCount(base: number, ours: number, theirs: number): number {
  if (ours === base) return theirs;
  return theirs === base ? ours : Math.max(ours, theirs);
}

function mergeOutput(
  merge: NodeMerge,
  output: number,
  base: string[] = [],
  ours: string[] = [],
  theirs: string[] = [],
): string[] {
  const { merged, conflict } = mergeSets(base, ours, theirs);
  if (!conflict) return merged;
  return choose(merge, 'REWIRED_BOTH', `wires:${output}`, base, ours, theirs) === 'ours' ? ours : theirs;
}

/** `env`: each variable by itself, in the order of the base, then by name. */
function mergeVariables(merge: NodeMerge): Variable[] | undefined {
  const { base, ours, theirs } = merge;
  const lists = [base, ours, theirs].map((node) => variablesOf(node?.env) ?? []);
  const of = (n: number, name: string) => lists[n]?.find((variable) => variable.name === name);
  const known = (lists[0] ?? []).map(({ name }) => name);
  const names = [...new Set(lists.flat().map(({ name }) => name))].sort(
    (a, b) => place(known, a) - place(known, b) || (a < b ? -1 : 1),
  );
  const merged = names.flatMap(
    (name) => pick(merge, `env:${name}`, of(0, name), of(1, name), of(2, name)) ?? [],
  );
  const reordered = sameValue(ours.env, base?.env) && sameEnv(theirs, merged);
  if (sameEnv(ours, merged) && !reordered) return variablesOf(ours.env);
  if (sameEnv(theirs, merged)) return variablesOf(theirs.env);
  return ours.env === undefined && theirs.env === undefined ? undefined : merged;
}

const place = (known: readonly string[], name: string): number =>
  known.includes(name) ? known.indexOf(name) : known.length;

/** The same variables in another order are the same; then the order of a side is kept. */
function sameEnv(node: FlowNode, merged: readonly Variable[]): boolean {
  const own = variablesOf(node.env) ?? [];
  return (
    node.env !== undefined &&
    own.length === merged.length &&
    merged.every((variable) => own.some((one) => sameValue(one, variable)))
  );
}
