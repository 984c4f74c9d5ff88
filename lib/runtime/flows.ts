/** The flows as they are deployed now, for whoever draws a run on them. */
import { type FlowNode, flowVersions } from '../flowfiles/format';
import type { DeployedFlow, FlowsPort } from '../gateway/deps';

export class DeployedFlows implements FlowsPort {
  #nodes: FlowNode[] = [];
  #versions = new Map<string, string>();
  #tabs = new Map<string, string>();

  set(nodes: FlowNode[]): void {
    this.#nodes = nodes;
    this.#versions = flowVersions(nodes);
    this.#tabs = new Map(nodes.flatMap(({ id, z }) => (typeof z === 'string' ? [[id, z] as const] : [])));
  }

  tabOf(nodeId: string): string | undefined {
    return this.#tabs.get(nodeId);
  }

  deployed(id: string): DeployedFlow | undefined {
    const tab = this.#nodes.find((node) => node.id === id);
    if (!tab) return undefined;
    return {
      id,
      label: textOf(tab.label) || textOf(tab.name) || id,
      version: this.#versions.get(id) ?? '',
      nodes: this.#nodes.filter(({ z }) => z === id).flatMap(drawnOf),
    };
  }
}

/** What has a place on the canvas; configuration nodes have none. */
function drawnOf(node: FlowNode): DeployedFlow['nodes'] {
  const { id, type, x, y } = node;
  if (typeof x !== 'number' || typeof y !== 'number') return [];
  return [{ id, type, name: textOf(node.name), x, y, wires: wiresOf(node) }];
}

/** A link node leads on without a wire. */
function wiresOf({ wires, links, type }: FlowNode): string[][] {
  const own = Array.isArray(wires) ? wires.map(idsOf) : [];
  return type === 'link out' && Array.isArray(links) ? [...own, idsOf(links)] : own;
}

const idsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
