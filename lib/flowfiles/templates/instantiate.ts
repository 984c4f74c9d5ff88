/** From a template to a region's flow: node ids, partners, filters and settings. Pure; the same input gives the same flow. */
import type { FlowNode } from '../format';
import { idsIn, outputsOf, type Variable, variablesOf } from '../merge/properties';
import { type ParameterValues, variableOf } from './parameters';
import { globalRegion, type Region } from './region';
import { partnerProperties, rolePrefix, type Template, type TemplateManifest } from './template';

export interface CloneSetup {
  region: Pick<Region, 'id' | 'cases'>;
  parameters: ParameterValues;
  /** Role -> partner node. */
  partners: Readonly<Record<string, string>>;
  /** Template's node id -> region's; what is not named gets an id by the rule. */
  ids?: Readonly<Record<string, string>>;
}

/** The rule: an upgrade finds a node again by it, on any machine. The global region keeps the template's ids. */
export const cloneId = (region: string, id: string): string =>
  region === globalRegion ? id : `${region}.${id}`;

/** Template's node id -> region's, for every node of the template. */
export function idMap({ nodes }: Template, { region, ids = {} }: CloneSetup): Record<string, string> {
  return Object.fromEntries(nodes.map(({ id }) => [id, ids[id] ?? cloneId(region.id, id)]));
}

export function instantiate(template: Template, setup: CloneSetup): FlowNode[] {
  const ids = idMap(template, setup);
  return template.nodes.map((node) => instantiateNode(node, ids, template.manifest, setup));
}

/** Only where a property is a reference: a table may be called what a node is called. */
function instantiateNode(
  node: FlowNode,
  ids: Readonly<Record<string, string>>,
  manifest: TemplateManifest,
  setup: CloneSetup,
): FlowNode {
  const to = (id: string): string => ids[id] ?? id;
  const next: FlowNode = { ...node, id: to(node.id) };
  if (typeof node.z === 'string') next.z = to(node.z);
  if (typeof node.g === 'string') next.g = to(node.g);
  if (Array.isArray(node.wires)) next.wires = outputsOf(node).map((targets) => targets.map(to));
  for (const property of ['links', 'scope', 'nodes'])
    if (Array.isArray(node[property])) next[property] = idsIn(node[property]).map(to);
  for (const property of partnerProperties) {
    const value = node[property];
    if (typeof value === 'string' && value.startsWith(rolePrefix))
      next[property] = setup.partners[value.slice(rolePrefix.length)] ?? value;
  }
  // An alert that is ended elsewhere is named by the node that raised it.
  if (node.type === 'reroute-alert' && typeof node.of === 'string') next.of = to(node.of);
  if (node.type === 'reroute-exception-in') next.regions = setup.region.cases.join(', ');
  if (node.type === 'tab') return { ...next, ...tabProperties(node, manifest, setup) };
  return next;
}

function tabProperties(
  tab: FlowNode,
  { parameters, title }: TemplateManifest,
  { region, parameters: values }: CloneSetup,
): { label: string; env: Variable[] } {
  const label = tab.label ?? title;
  const env = (variablesOf(tab.env) ?? []).map((variable) => {
    const parameter = parameters.find(({ name }) => name === variable.name);
    const value = parameter && values[parameter.name];
    return parameter && value !== undefined ? variableOf(parameter, value) : variable;
  });
  return { label: region.id === globalRegion ? label : `${label} (${region.id})`, env };
}

/** Locked nodes and what the region owns, with the region's node ids. */
export function rulesOf({ manifest }: Template, ids: Readonly<Record<string, string>>) {
  const key = (entry: string): string => {
    const dot = entry.lastIndexOf('.');
    const id = entry.slice(0, dot);
    return `${ids[id] ?? id}${entry.slice(dot)}`;
  };
  return {
    locked: new Set(manifest.locked.map((id) => ids[id] ?? id)),
    regionOwned: new Set(manifest.regionOwned.map(key)),
  };
}
