/**
 * A node as comparable properties. Most are values; some are finer: each variable of `env` is one (`env:NAME`), each output's
 * targets are one (`wires:0`), and where a node stands on the canvas is one (`position`), which never counts as content.
 */
import { isDeepStrictEqual } from 'node:util';
import type { FlowNode } from '../format';

export const placement = ['x', 'y', 'w', 'h'] as const;

/** Lists of node ids that mean a set: whom a link leads to, what a catch listens to, what a group holds. */
const idSets: Record<string, readonly string[]> = {
  links: ['link in', 'link out'],
  scope: ['catch', 'status', 'complete'],
  nodes: ['group'],
};

export const isPlacement = (property: string): boolean => (placement as readonly string[]).includes(property);

export function isIdSet(type: string, property: string): boolean {
  return idSets[property]?.includes(type) ?? false;
}

export const idsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

/** The targets of each output. */
export const outputsOf = (node: FlowNode | undefined): string[][] =>
  Array.isArray(node?.wires) ? node.wires.map(idsIn) : [];

export interface Variable {
  name: string;
  [property: string]: unknown;
}

/** The variables of `env`, or undefined where the property is something else. */
export function variablesOf(value: unknown): Variable[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  return value.every(
    (entry): entry is Variable =>
      typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string',
  )
    ? value
    : undefined;
}

export const sameValue = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const of = new Set(a);
  return of.size === new Set(b).size && b.every((entry) => of.has(entry));
}

/** Where it stands; undefined for what stands nowhere. */
export function positionOf(node: FlowNode): Record<string, unknown> | undefined {
  const known = placement
    .filter((name) => node[name] !== undefined)
    .map((name) => [name, node[name]] as const);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Everything a node says, by the names that differences, conflicts and choices use. */
export function propertiesOf(node: FlowNode): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(node)) {
    if (name === 'id' || isPlacement(name)) continue;
    const variables = name === 'env' ? variablesOf(value) : undefined;
    if (variables) for (const variable of variables) found.set(`env:${variable.name}`, variable);
    else if (name === 'wires') for (const [n, to] of outputsOf(node).entries()) found.set(`wires:${n}`, to);
    else found.set(name, value);
  }
  const position = positionOf(node);
  if (position) found.set('position', position);
  return found;
}

/** Sets are equal in any order, and a setting in JSON however it is spaced. */
export function sameProperty(type: string, property: string, a: unknown, b: unknown): boolean {
  if (property.startsWith('env:')) return sameValue(parsedSetting(a), parsedSetting(b));
  if (Array.isArray(a) && Array.isArray(b) && (property.startsWith('wires:') || isIdSet(type, property)))
    return sameSet(idsIn(a), idsIn(b));
  return sameValue(a, b);
}

function parsedSetting(setting: unknown): unknown {
  if (typeof setting !== 'object' || setting === null || !('type' in setting) || setting.type !== 'json')
    return setting;
  if (!('value' in setting) || typeof setting.value !== 'string') return setting;
  try {
    return { ...setting, value: JSON.parse(setting.value) as unknown };
  } catch {
    return setting;
  }
}

/** The node without references to what is not in `ids`, where those are references within one file. */
export function withoutMissing(node: FlowNode, missing: (id: string) => boolean): FlowNode {
  const next = { ...node };
  if (Array.isArray(node.wires))
    next.wires = outputsOf(node).map((targets) => targets.filter((id) => !missing(id)));
  for (const property of Object.keys(idSets))
    if (isIdSet(node.type, property) && Array.isArray(node[property]))
      next[property] = idsIn(node[property]).filter((id) => !missing(id));
  if (typeof node.g === 'string' && missing(node.g)) delete next.g;
  return next;
}
