/**
 * Three-way merge of one flow: `base` is what the region began from, `ours` the region's flow of today, `theirs` the new template;
 * all three with the region's node ids. Decided by node and property:
 *
 * - changed on one side only: that side; the same on both: that; differently: a named conflict, which a choice decides
 * - removed on one side, untouched on the other: removed; removed and changed: a named conflict
 * - wires are sets an output: additions of both, removals of both; the same wire led elsewhere by both is a conflict
 * - where a node stands on the canvas never conflicts: the region's place, where it moved the node
 * - what the region owns is the region's; a locked node is the template's
 *
 * The result can always be loaded: no wire, link or group leads to a node that is not there. Pure.
 */
import { byPlace, type FlowNode } from '../format';
import { type Conflict, Conflicts, isOpen, type Side } from './conflicts';
import { driftOfNode, nameOf } from './drift';
import { mergeNode } from './node';
import { isPlacement, positionOf, sameValue, withoutMissing } from './properties';
import { repaired } from './repair';

export interface MergeRules {
  /** Nodes that a region does not change. */
  locked: ReadonlySet<string>;
  /** `NODE.PROPERTY` of what is the region's own. */
  regionOwned: ReadonlySet<string>;
}

export interface MergeInput {
  base: readonly FlowNode[];
  ours: readonly FlowNode[];
  theirs: readonly FlowNode[];
  rules?: MergeRules;
  /** `NODE.PROPERTY` -> side, for conflicts. */
  choices?: ReadonlyMap<string, Side>;
}

export interface MergeResult {
  /** Tab first, then by id. While a choice is open the region's side stands, and what one side removed stays. */
  nodes: FlowNode[];
  conflicts: Conflict[];
  /** True where no choice is open. */
  complete: boolean;
}

const noRules: MergeRules = { locked: new Set(), regionOwned: new Set() };

type ById = ReadonlyMap<string, FlowNode>;
const byId = (nodes: readonly FlowNode[]): ById => new Map(nodes.map((node) => [node.id, node]));

export function mergeFlows({
  base,
  ours,
  theirs,
  rules = noRules,
  choices = new Map(),
}: MergeInput): MergeResult {
  const conflicts = new Conflicts(choices);
  const sides = { base: byId(base), ours: byId(ours), theirs: byId(theirs) };
  const ids = [...new Set([...base, ...ours, ...theirs].map(({ id }) => id))];
  const kept = new Map(ids.map((id) => [id, fateOf(id, sides, rules, conflicts)]));
  const back = (side: ById) =>
    new Set(ids.filter((id) => kept.get(id) && sides.base.has(id) && !side.has(id)));
  const tidied = { ours: back(sides.ours), theirs: back(sides.theirs) };
  const nodes = ids.flatMap((id) => {
    const only = kept.get(id);
    if (only !== 'both') return only ?? [];
    const [mine, yours] = [sides.ours.get(id), sides.theirs.get(id)];
    if (!mine || !yours) return [];
    return mergeNode({
      ...{ base: sides.base.get(id), ours: mine, theirs: yours },
      ...{ conflicts, tidied, regionOwned: rules.regionOwned },
    });
  });
  const result = repaired(nodes, new Set(ids), conflicts);
  return {
    nodes: result.sort(byPlace),
    conflicts: conflicts.sorted(),
    complete: !conflicts.found.some(isOpen),
  };
}

/** The node as it stays, `both` where its properties have to be merged, undefined where it goes. */
function fateOf(
  id: string,
  sides: { base: ById; ours: ById; theirs: ById },
  rules: MergeRules,
  conflicts: Conflicts,
): FlowNode | 'both' | undefined {
  const [base, ours, theirs] = [sides.base.get(id), sides.ours.get(id), sides.theirs.get(id)];
  if (rules.locked.has(id) && theirs) return lockedNode(base, ours, theirs, conflicts);
  if (ours && theirs) return 'both';
  const [left, gone] = ours ? ([ours, 'theirs'] as const) : ([theirs, 'ours'] as const);
  if (!base || !left) return left;
  const side = ours ? sides.ours : sides.theirs;
  // References to what that side removed were only tidied away: no change of this node.
  const before = withoutMissing(base, (target) => sides.base.has(target) && !side.has(target));
  if (!isChanged(before, left)) return undefined;
  const keeps = ours ? 'ours' : 'theirs';
  const taken = conflicts.choose({
    kind: gone === 'theirs' ? 'CHANGED_HERE_REMOVED_THERE' : 'REMOVED_HERE_CHANGED_THERE',
    ...{ node: id, name: nameOf(left), property: '*', base, [keeps]: left },
  });
  // Nothing goes for good before somebody has said so, whichever side removed it.
  return taken === undefined || taken === keeps ? left : undefined;
}

function lockedNode(
  base: FlowNode | undefined,
  ours: FlowNode | undefined,
  theirs: FlowNode,
  conflicts: Conflicts,
): FlowNode {
  const about = { kind: 'LOCKED_CHANGED', node: theirs.id, name: nameOf(theirs), taken: 'theirs' } as const;
  if (!ours) {
    if (base) conflicts.tell({ ...about, property: '*', base, theirs });
    return theirs;
  }
  for (const { property, before, after } of base ? driftOfNode(base, ours) : [])
    if (property !== 'position') conflicts.tell({ ...about, property, base: before, ours: after });
  const moved = base !== undefined && !sameValue(positionOf(ours), positionOf(base));
  if (!moved) return theirs;
  const content = Object.entries(theirs).filter(([name]) => !isPlacement(name));
  return Object.assign({ id: theirs.id, type: theirs.type }, Object.fromEntries(content), positionOf(ours));
}

const isChanged = (before: FlowNode, after: FlowNode): boolean =>
  driftOfNode(before, after).some(({ property }) => property !== 'position');
