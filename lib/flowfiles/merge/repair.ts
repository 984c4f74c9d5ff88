/** Leaves no reference to a node that is gone, and makes both ends of a link and of a group say the same. */
import type { FlowNode } from '../format';
import type { Conflicts } from './conflicts';
import { nameOf } from './drift';
import { idsIn, outputsOf, withoutMissing } from './properties';

/** @param known every id of the three states: a link to anything else leads to another flow and stays */
export function repaired(
  nodes: readonly FlowNode[],
  known: ReadonlySet<string>,
  conflicts: Conflicts,
): FlowNode[] {
  const here = new Map(nodes.map((node) => [node.id, node]));
  const missing = (id: string) => known.has(id) && !here.has(id);
  const kept = nodes.map((node) => {
    tellLost(node, missing, conflicts);
    return withoutMissing(node, missing);
  });
  return kept.map((node) => linked(grouped(node, kept), kept, here));
}

/** What a side removed it has unwired itself, so a wire that still leads there is one that the other side relied on. */
function tellLost(node: FlowNode, missing: (id: string) => boolean, conflicts: Conflicts): void {
  for (const [output, targets] of outputsOf(node).entries()) {
    const lost = targets.filter(missing);
    if (lost.length > 0)
      conflicts.tell({
        ...{ kind: 'WIRE_LOST', node: node.id, name: nameOf(node), property: `wires:${output}`, base: lost },
      });
  }
}

/** A link in names the link outs of this flow that lead to it, and those of other flows as it did. */
function linked(node: FlowNode, nodes: readonly FlowNode[], here: ReadonlyMap<string, FlowNode>): FlowNode {
  if (node.type !== 'link in') return node;
  const from = nodes.filter(({ type, links }) => type === 'link out' && idsIn(links).includes(node.id));
  return withMembers(node, 'links', from, (id) => !here.has(id) || here.get(id)?.type !== 'link out');
}

/** A group holds the nodes that say so. */
function grouped(node: FlowNode, nodes: readonly FlowNode[]): FlowNode {
  if (node.type !== 'group') return node;
  return withMembers(
    node,
    'nodes',
    nodes.filter(({ g }) => g === node.id),
    () => false,
  );
}

function withMembers(
  node: FlowNode,
  property: string,
  members: readonly FlowNode[],
  stays: (id: string) => boolean,
): FlowNode {
  const wanted = members.map(({ id }) => id);
  const before = idsIn(node[property]);
  const kept = before.filter((id) => wanted.includes(id) || stays(id));
  const added = wanted.filter((id) => !before.includes(id)).sort();
  if (added.length === 0 && kept.length === before.length) return node;
  return { ...node, [property]: [...kept, ...added] };
}
