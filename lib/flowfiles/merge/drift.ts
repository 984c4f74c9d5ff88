/** What differs between two states of one flow, by node and property. Pure. */
import type { FlowNode } from '../format';
import { propertiesOf, sameProperty } from './properties';

export interface PropertyDrift {
  /** As {@link propertiesOf} names it. */
  property: string;
  /** Absent where the property was added. */
  before?: unknown;
  /** Absent where the property was removed. */
  after?: unknown;
}

export interface NodeDrift {
  node: string;
  type: string;
  /** What a person calls it. */
  name: string;
  change: 'added' | 'removed' | 'changed';
  /** Empty for what was added or removed. */
  properties: PropertyDrift[];
}

export const nameOf = (node: FlowNode): string => node.name || node.label || node.type;

/** In the order of the ids. @param moves whether a node that only moved on the canvas counts */
export function driftOf(before: readonly FlowNode[], after: readonly FlowNode[], moves = false): NodeDrift[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const current = new Map(after.map((node) => [node.id, node]));
  const ids = [...new Set([...old.keys(), ...current.keys()])].sort();
  return ids.flatMap((id) => driftAt(old.get(id), current.get(id), moves));
}

function driftAt(before: FlowNode | undefined, after: FlowNode | undefined, moves: boolean): NodeDrift[] {
  const shown = after ?? before;
  if (!shown) return [];
  const about = { node: shown.id, type: shown.type, name: nameOf(shown) };
  if (!before) return [{ ...about, change: 'added', properties: [] }];
  if (!after) return [{ ...about, change: 'removed', properties: [] }];
  const properties = driftOfNode(before, after).filter(({ property }) => moves || property !== 'position');
  return properties.length === 0 ? [] : [{ ...about, change: 'changed', properties }];
}

export function driftOfNode(before: FlowNode, after: FlowNode): PropertyDrift[] {
  const old = propertiesOf(before);
  const current = propertiesOf(after);
  return [...new Set([...old.keys(), ...current.keys()])]
    .sort()
    .filter((property) => !sameProperty(after.type, property, old.get(property), current.get(property)))
    .map((property) => ({
      property,
      ...(old.has(property) && { before: old.get(property) }),
      ...(current.has(property) && { after: current.get(property) }),
    }));
}
