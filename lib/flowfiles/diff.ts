/** What changed between two sets of flows, node by node and property by property. Pure. */
import type { FlowNode } from './format';
import type { FlowUnit } from './units';

export interface PropertyChange {
  /** Where in the node; an entry of a list by its index. */
  path: string[];
  /** Absent where the property is new. */
  before?: unknown;
  /** Absent where the property is gone. */
  after?: unknown;
}

export interface NodeChange {
  id: string;
  type: string;
  name?: string;
  /** `moved`: on the canvas only. */
  change: 'added' | 'removed' | 'changed' | 'moved';
  properties: PropertyChange[];
}

export interface FlowDiff {
  flowId: string;
  label: string;
  path: string;
  change: 'added' | 'removed' | 'changed';
  nodes: NodeChange[];
}

/** Where a node stands is the drawing's business. */
const places = new Set(['x', 'y', 'w', 'h']);

/** Flows that are equal on both sides are left out. */
export function diffFlows(before: readonly FlowUnit[], after: readonly FlowUnit[]): FlowDiff[] {
  const old = new Map(before.map((unit) => [unit.id, unit]));
  const now = new Map(after.map((unit) => [unit.id, unit]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((flowId): FlowDiff[] => {
    const was = old.get(flowId);
    const is = now.get(flowId);
    const nodes = diffNodes(was?.nodes ?? [], is?.nodes ?? []);
    if (nodes.length === 0) return [];
    const { label, path } = is ?? was ?? { label: flowId, path: '' };
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ flowId, label, path, change, nodes }];
  });
}

export function diffNodes(before: readonly FlowNode[], after: readonly FlowNode[]): NodeChange[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const now = new Map(after.map((node) => [node.id, node]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((id): NodeChange[] => {
    const was = old.get(id);
    const is = now.get(id);
    const node = is ?? was;
    if (node === undefined) return [];
    const named = node.name || node.label;
    const head = { id, type: node.type, ...(named ? { name: named } : {}) };
    if (was === undefined) return [{ ...head, change: 'added', properties: [] }];
    if (is === undefined) return [{ ...head, change: 'removed', properties: [] }];
    const properties = diffValues(was, is, []);
    if (properties.length === 0) return [];
    const moved = properties.every(({ path }) => places.has(path[0] ?? ''));
    return [{ ...head, change: moved ? 'moved' : 'changed', properties }];
  });
}

/** Objects are gone into; lists of equal length, too: a list that grew or shrank is one change, because its indices say little. */
function diffValues(before: unknown, after: unknown, path: string[]): PropertyChange[] {
  if (Object.is(before, after)) return [];
  if (isList(before) && isList(after) && before.length === after.length)
    return before.flatMap((entry, index) => diffValues(entry, after[index], [...path, String(index)]));
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name): PropertyChange[] => {
      const at = [...path, name];
      if (!Object.hasOwn(before, name)) return [{ path: at, after: after[name] }];
      if (!Object.hasOwn(after, name)) return [{ path: at, before: before[name] }];
      return diffValues(before[name], after[name], at);
    });
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const maxValueChars = 120;

/** For a terminal: `~` changed, `+` added, `-` removed, `>` moved. */
export function diffText(diffs: readonly FlowDiff[]): string {
  const sign = { added: '+', removed: '-', changed: '~', moved: '>' } as const;
  return diffs
    .flatMap(({ flowId, label, path, change, nodes }) => [
      `${sign[change]} ${label} (${flowId}, ${path})`,
      ...nodes.flatMap((node) => [
        `    ${sign[node.change]} ${node.type} ${node.name ? `"${node.name}" ` : ''}${node.id}`,
        ...(node.change === 'moved' ? [] : node.properties.map(propertyLine)),
      ]),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function propertyLine({ path, ...sides }: PropertyChange): string {
  const before = 'before' in sides ? shown(sides.before) : '(absent)';
  const after = 'after' in sides ? shown(sides.after) : '(absent)';
  return `        ${path.join('.')}: ${before} -> ${after}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length <= maxValueChars ? text : `${text.slice(0, maxValueChars)}… (${text.length} characters)`;
}

/** One line a version's author would have written: what was done to how many nodes. */
export function summaryOf(changes: readonly NodeChange[]): string {
  const counted = (['added', 'removed', 'changed', 'moved'] as const).flatMap((kind) => {
    const number = changes.filter(({ change }) => change === kind).length;
    return number === 0 ? [] : [`${number} ${kind}`];
  });
  return counted.length === 0 ? 'no change' : `nodes: ${counted.join(', ')}`;
}
