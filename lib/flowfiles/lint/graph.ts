/** The flows as a graph of wires and links. Pure. */
import type { FlowNode } from '../format';
import { beginsFlow } from './core-types';

export interface Wire {
  from: FlowNode;
  /** Output it leaves by; -1 for a link. */
  output: number;
  to: string;
}

export interface FlowGraph {
  byId: ReadonlyMap<string, FlowNode>;
  wires: readonly Wire[];
  links: readonly Wire[];
  /** Where messages come in: source nodes, and what a subflow's inputs lead to. */
  roots: readonly string[];
}

const idList = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

export function graphOf(nodes: readonly FlowNode[]): FlowGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const wires = nodes.flatMap(wiresOf);
  const links = nodes.flatMap(linksOf);
  const called = nodes.some(({ type, linkType }) => type === 'link call' && linkType === 'dynamic');
  const roots = nodes.flatMap((node) => {
    if (node.type === 'subflow') return connections(node, 'in');
    return beginsFlow(node.type) || (called && node.type === 'link in') ? [node.id] : [];
  });
  return { byId, wires, links, roots };
}

function wiresOf(from: FlowNode): Wire[] {
  if (!Array.isArray(from.wires)) return [];
  return from.wires.flatMap((targets, output) => idList(targets).map((to) => ({ from, output, to })));
}

/** A link is known on both sides; the side that sends is the one that counts. */
function linksOf(from: FlowNode): Wire[] {
  const sends = from.type === 'link call' || (from.type === 'link out' && from.mode !== 'return');
  return sends ? idList(from.links).map((to) => ({ from, output: -1, to })) : [];
}

/** Ids of the nodes behind a subflow's inputs, or before its outputs. */
export function connections(subflow: FlowNode, side: 'in' | 'out'): string[] {
  const ports: unknown[] = Array.isArray(subflow[side]) ? subflow[side] : [];
  return ports.flatMap((port) => {
    const wires = typeof port === 'object' && port !== null && 'wires' in port ? port.wires : [];
    return (Array.isArray(wires) ? wires : []).flatMap((wire: unknown) =>
      typeof wire === 'object' && wire !== null && 'id' in wire && typeof wire.id === 'string'
        ? [wire.id]
        : [],
    );
  });
}

/** Everything that a message can come to from `starts`, themselves included. `goesOn` says which ways count. */
export function reachable(
  graph: FlowGraph,
  starts: readonly string[],
  goesOn: (wire: Wire) => boolean = () => true,
): Set<string> {
  const next = Map.groupBy([...graph.wires, ...graph.links].filter(goesOn), ({ from }) => from.id);
  const seen = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const { to } of next.get(id) ?? []) open.push(to);
  }
  return seen;
}
