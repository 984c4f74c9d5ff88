/** One file a tab, subflow or the shared configuration; stable order, so that a diff reads like the change. Pure. */

export interface FlowNode {
  id: string;
  type: string;
  z?: string;
  label?: string;
  name?: string;
  [property: string]: unknown;
}

export interface FlowFile {
  /** Path below the flows folder, with forward slashes. */
  path: string;
  nodes: FlowNode[];
}

const configPath = 'global/config.json';

/** Splits Node-RED's flat list into files. `known` keeps a tab in the file it was read from, whatever it is called now. */
export function splitFlows(nodes: FlowNode[], known: ReadonlyMap<string, string> = new Map()): FlowFile[] {
  const files = new Map<string, FlowNode[]>();
  const pathOf = new Map<string, string>();
  const taken = new Set(known.values());
  for (const node of nodes) {
    if (node.type !== 'tab' && node.type !== 'subflow') continue;
    const path = known.get(node.id) ?? freePath(node, taken);
    taken.add(path);
    pathOf.set(node.id, path);
  }
  for (const node of nodes) {
    const path = pathOf.get(node.id) ?? (node.z === undefined ? undefined : pathOf.get(node.z)) ?? configPath;
    files.set(path, [...(files.get(path) ?? []), node]);
  }
  return [...files]
    .map(([path, list]) => ({ path, nodes: list.sort(byPlace) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The tab itself first, then by id: moving a node on the canvas moves no lines. */
export function byPlace(a: FlowNode, b: FlowNode): number {
  const rank = (node: FlowNode) => (node.type === 'tab' || node.type === 'subflow' ? 0 : 1);
  return rank(a) - rank(b) || (a.id < b.id ? -1 : 1);
}

function freePath(node: FlowNode, taken: ReadonlySet<string>): string {
  const slug =
    (node.label ?? node.name ?? node.id)
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'flow';
  const base = `global/${node.type === 'subflow' ? 'subflow-' : ''}${slug}`;
  return taken.has(`${base}.json`) ? `${base}-${node.id}.json` : `${base}.json`;
}

/** Properties that name and place a node first, the rest by name; unknown properties are kept. */
const leading = ['id', 'type', 'z', 'g', 'name', 'label', 'info', 'disabled'];
const trailing = ['x', 'y', 'w', 'h', 'wires'];

export function formatFlowFile(nodes: FlowNode[]): string {
  return `${JSON.stringify(nodes.map(ordered), null, 2)}\n`;
}

function ordered(node: FlowNode): Record<string, unknown> {
  const rank = (name: string) =>
    leading.includes(name)
      ? leading.indexOf(name)
      : trailing.includes(name)
        ? 1_000 + trailing.indexOf(name)
        : 500;
  const names = Object.keys(node).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(names.map((name) => [name, node[name]]));
}

/** Property names under which a value would be a secret written down. */
const secretName = /(password|passwd|secret|token|api[-_]?key|private[-_]?key|credential)s?$/i;
const reference = /^(env:|file:|\$\{|$)/;

/** Nodes and properties that hold a literal secret; a save with any is refused. */
export function literalSecrets(nodes: FlowNode[]): { node: string; property: string }[] {
  const found: { node: string; property: string }[] = [];
  const look = (node: FlowNode, value: unknown, path: string, secret: boolean): void => {
    if (typeof value === 'string' && secret && !reference.test(value))
      found.push({ node: node.id, property: path });
    if (typeof value !== 'object' || value === null) return;
    for (const [name, entry] of Object.entries(value))
      look(node, entry, path === '' ? name : `${path}.${name}`, secret || secretName.test(name));
  };
  for (const node of nodes) {
    if (node.type.startsWith('reroute-')) look(node, node, '', false);
    // Node-RED takes credentials out of a node before it saves; in a file they would be written down.
    else if (node.credentials !== undefined) look(node, node.credentials, 'credentials', true);
    found.push(...secretSettings(node));
  }
  return found;
}

/** Settings of a tab, subflow or group that are named like a secret and hold one; Node-RED's own type `cred` keeps it elsewhere. */
function secretSettings(node: FlowNode): { node: string; property: string }[] {
  const settings: unknown[] = Array.isArray(node.env) ? node.env : [];
  return settings.flatMap((entry, index) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { name, value, type } = entry as { name?: unknown; value?: unknown; type?: unknown };
    const literal =
      type === 'cred' ? value !== undefined && value !== '' : type === 'str' && secretName.test(String(name));
    return literal && typeof value === 'string' && !reference.test(value)
      ? [{ node: node.id, property: `env.${index}.value` }]
      : [];
  });
}
