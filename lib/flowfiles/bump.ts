/**
 * Which part of a flow's semantic version a change raises. Pure.
 * - major: runs that are under way, or other flows, may not find what they rely on: a node at which runs begin, effects happen
 *   or messages wait, a link's entry, a subflow's connection or a configuration node is gone, or the whole flow is;
 * - minor: something else that is executed changed;
 * - patch: names, descriptions and the drawing only.
 */
import { diffNodes, type NodeChange } from './diff';
import type { FlowNode } from './format';

export type Bump = 'major' | 'minor' | 'patch';

/** Properties that nobody executes. */
const cosmetic = new Set(['x', 'y', 'w', 'h', 'info', 'name', 'label', 'style', 'color', 'icon', 'l', 'g']);
/** Drawn, never executed. */
const ornaments = new Set(['comment', 'group']);

/** @returns undefined when nothing changed */
export function bumpOf(before: readonly FlowNode[], after: readonly FlowNode[]): Bump | undefined {
  const changes = diffNodes(before, after);
  if (changes.length === 0) return undefined;
  if (after.length === 0 || changes.some((change) => breaks(change, before, after))) return 'major';
  return changes.every(isCosmetic) ? 'patch' : 'minor';
}

function breaks(
  { id, change, properties }: NodeChange,
  before: readonly FlowNode[],
  after: readonly FlowNode[],
): boolean {
  const was = before.find((node) => node.id === id);
  if (was === undefined) return false;
  if (change === 'removed') return isReliedOn(was);
  const is = after.find((node) => node.id === id);
  if (properties.some(({ path }) => path[0] === 'type')) return isReliedOn(was);
  if (is !== undefined && isOff(is) && !isOff(was)) return isReliedOn(was) || was.type === 'tab';
  return was.type === 'subflow' && is !== undefined && (fewer(was, is, 'in') || fewer(was, is, 'out'));
}

const isOff = (node: FlowNode): boolean => node.d === true || node.disabled === true;

/** Configuration nodes have no place on a canvas; messages wait at any of ours. */
function isReliedOn({ type, z }: FlowNode): boolean {
  return type.startsWith('reroute-') || type === 'link in' || z === undefined || z === '';
}

function fewer(was: FlowNode, is: FlowNode, side: 'in' | 'out'): boolean {
  const count = (node: FlowNode): number => (Array.isArray(node[side]) ? node[side].length : 0);
  return count(is) < count(was);
}

function isCosmetic({ type, change, properties }: NodeChange): boolean {
  if (ornaments.has(type)) return true;
  if (change === 'added' || change === 'removed') return false;
  // A link call may look its target up by name.
  return properties.every(
    ({ path: [name = ''] }) => cosmetic.has(name) && !(type === 'link in' && name === 'name'),
  );
}

/** @throws RangeError when `version` is no `major.minor.patch` */
export function nextVersion(version: string | undefined, bump: Bump): string {
  if (version === undefined) return '1.0.0';
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  if (major === undefined) throw new RangeError(`${version} is not a version`);
  if (bump === 'major') return `${Number(major) + 1}.0.0`;
  if (bump === 'minor') return `${major}.${Number(minor) + 1}.0`;
  return `${major}.${minor}.${Number(patch) + 1}`;
}

/** Orders `major.minor.patch` by number. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
