/**
 * What is versioned: a tab, a subflow, or the shared configuration, whatever files they stand in. Pure.
 *
 * Two hashes tell different things. The content hash is a flow file's own: it names what a version holds. The run version is
 * what runs and dead letters record: the flow with everything of the shared configuration and of subflows that it uses, its
 * drawing left out, because that is what was executed.
 */
import { canonicalJson, sha256Hex } from '../model/keys';
import { byPlace, type FlowNode, splitFlows } from './format';

/** Id of the shared configuration among flow ids. */
export const configFlowId = 'global-config';

export interface FlowUnit {
  id: string;
  kind: 'tab' | 'subflow' | 'config';
  label: string;
  path: string;
  nodes: FlowNode[];
}

const isFlow = ({ type }: FlowNode): boolean => type === 'tab' || type === 'subflow';

/** Every flow of Node-RED's flat list, by id. `paths` says in which file a flow stands already. */
export function unitsOf(nodes: FlowNode[], paths: ReadonlyMap<string, string> = new Map()): FlowUnit[] {
  return splitFlows(nodes, paths)
    .flatMap(({ path, nodes: own }) => unitsOfFile(path, own))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A file holds one flow as a rule; where somebody put several into one, each is a unit. */
function unitsOfFile(path: string, nodes: FlowNode[]): FlowUnit[] {
  const heads = nodes.filter(isFlow);
  const ids = new Set(heads.map(({ id }) => id));
  const rest = nodes.filter((node) => !ids.has(node.id) && !ids.has(node.z ?? ''));
  const units = heads.map((head): FlowUnit => {
    const own = nodes.filter((node) => node.id === head.id || node.z === head.id);
    const kind = head.type === 'subflow' ? 'subflow' : 'tab';
    return { id: head.id, kind, label: head.label ?? head.name ?? head.id, path, nodes: own };
  });
  return rest.length === 0
    ? units
    : [...units, { id: configFlowId, kind: 'config', label: 'Shared configuration', path, nodes: rest }];
}

export function pathsOf(units: readonly FlowUnit[]): Map<string, string> {
  return new Map(units.map(({ id, path }) => [id, path]));
}

/** Independent of the order of nodes and of their properties. */
export function contentHash(nodes: FlowNode[]): string {
  return sha256Hex(canonicalJson([...nodes].sort(byPlace)));
}

export interface RunVersion {
  hash: string;
  /** Flows that are executed with it: itself, subflows, the shared configuration. */
  uses: string[];
}

/** Of each tab and subflow. */
export function runVersions(nodes: FlowNode[]): Map<string, RunVersion> {
  const world = new Map<string, FlowNode[]>();
  const global = new Map<string, FlowNode>();
  for (const node of nodes) {
    const home = isFlow(node) ? node.id : node.z;
    if (home === undefined || home === '') global.set(node.id, node);
    else world.set(home, [...(world.get(home) ?? []), node]);
  }
  return new Map(nodes.filter(isFlow).map(({ id }) => [id, runVersionOf(id, world, global)]));
}

/** Run version of every tab, and of what a subflow's instance runs: its tab's, which covers the subflow. */
export function versionsByPlace(nodes: FlowNode[]): Map<string, string> {
  const versions = new Map([...runVersions(nodes)].map(([id, { hash }]) => [id, hash]));
  for (const { id, type, z } of nodes) {
    const version = z === undefined ? undefined : versions.get(z);
    if (type.startsWith('subflow:') && version !== undefined) versions.set(id, version);
  }
  return versions;
}

function runVersionOf(
  id: string,
  world: ReadonlyMap<string, FlowNode[]>,
  global: ReadonlyMap<string, FlowNode>,
): RunVersion {
  const flows = new Set<string>();
  const config = new Set<string>();
  const visitFlow = (flow: string): void => {
    if (flows.has(flow) || !world.has(flow)) return;
    flows.add(flow);
    for (const node of world.get(flow) ?? []) visitNode(node);
  };
  const visitNode = (node: FlowNode): void => {
    if (node.type.startsWith('subflow:')) visitFlow(node.type.slice('subflow:'.length));
    for (const text of textsOf(node)) {
      const named = global.get(text);
      if (named === undefined || config.has(text)) continue;
      config.add(text);
      visitNode(named);
    }
  };
  visitFlow(id);
  const content = [
    ...[...flows].flatMap((flow) => world.get(flow) ?? []),
    ...[...config].flatMap((name) => global.get(name) ?? []),
  ]
    .map(({ x: _x, y: _y, w: _w, h: _h, ...rest }) => rest)
    .sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  const hash = sha256Hex(canonicalJson(content)).slice(0, 16);
  return { hash, uses: [...flows, ...(config.size > 0 ? [configFlowId] : [])].sort() };
}

/** Every text of a node, however deep: those that equal the id of a configuration node name it. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
