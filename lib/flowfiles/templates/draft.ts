/** From a flow that runs to a template, or to the next version of one. Pure; what it cannot know is said in words to be edited. */
import { type SystemKind, systemKinds } from '../../connectors/kit/connector';
import { FatalError } from '../../model/errors';
import { exceptionCodes } from '../../model/taxonomy';
import type { FlowNode } from '../format';
import { type Variable, variablesOf } from '../merge/properties';
import { rolesOf, type Template, type TemplateManifest, type TemplateParameter, tabOf } from './template';

/** Proof, taking back, and the way to a person. */
const guardrails = new Set([
  'reroute-verify',
  'reroute-compensate',
  'reroute-dead-letter',
  'subflow:sub-person',
]);

const uses: Record<SystemKind, string> = {
  carrier: 'moves the parcels',
  wms: 'has the stock',
  erp: 'keeps orders and deliveries',
  tms: 'books transport',
  storefront: 'has the customer and their promises',
  desk: 'has the service cases',
  edi: 'exchanges documents',
};

export interface DraftOptions {
  id: string;
  version: string;
  changes?: string | undefined;
  /** The version before: its words and rules are kept where they still fit. */
  before?: Template | undefined;
}

/** @throws FatalError TEMPLATE_INVALID when the nodes are not those of one tab */
export function draftTemplate(flow: readonly FlowNode[], options: DraftOptions): Template {
  const { id, version, changes, before } = options;
  const tab = tabOf(flow);
  if (!tab || flow.some((node) => node !== tab && node.z !== tab.id))
    throw new FatalError('TEMPLATE_INVALID', 'a template is made of one tab', {
      hint: 'Name the flow file of a tab; subflows and partners are shared and stay where they are.',
    });
  const nodes = flow.map((node) => (node.type === 'reroute-exception-in' ? { ...node, regions: '' } : node));
  const old = before?.manifest;
  const ids = new Set(nodes.map((node) => node.id));
  const known = (key: string) => ids.has(key) || ids.has(key.slice(0, key.lastIndexOf('.')));
  const manifest: TemplateManifest = {
    ...{ id, version, title: old?.title ?? tab.label ?? id, summary: old?.summary ?? summaryOf(tab) },
    codes: codesOf(nodes),
    ...(changes !== undefined && { changes }),
    parameters: (variablesOf(tab.env) ?? []).map(
      (variable) =>
        old?.parameters.find(({ name, type }) => name === variable.name && type === variable.type) ??
        parameterOf(variable, tab),
    ),
    partners: [...rolesOf(nodes)].sort().map(([role, kinds]) => ({
      role,
      kinds: [...kinds].sort(),
      help:
        old?.partners.find((partner) => partner.role === role)?.help ??
        (systemKinds.find((kind) => kind === role || kinds.has(kind)) ? helpOf(role, kinds) : role),
    })),
    locked: merged(
      old?.locked,
      nodes.filter(({ type }) => guardrails.has(type)).map((node) => node.id),
    ).filter(known),
    regionOwned: merged(old?.regionOwned, [
      `${tab.id}.disabled`,
      ...nodes.filter(({ type }) => type === 'reroute-policy').map((node) => `${node.id}.table`),
    ]).filter(known),
  };
  return { manifest, nodes };
}

const merged = (before: readonly string[] = [], now: readonly string[]): string[] =>
  [...new Set([...before, ...now])].sort();

function helpOf(role: string, kinds: ReadonlySet<SystemKind>): string {
  const kind = systemKinds.find((one) => kinds.has(one)) ?? systemKinds.find((one) => one === role);
  return kind === undefined ? role : uses[kind];
}

/** The first line of the description. */
function summaryOf({ info, label, id }: FlowNode): string {
  const [line = ''] = typeof info === 'string' ? info.split('\n', 1) : [];
  return line.trim().slice(0, 400) || (label ?? id);
}

function codesOf(nodes: readonly FlowNode[]): TemplateManifest['codes'] {
  const named = new Set(
    nodes
      .filter(({ type }) => type === 'reroute-exception-in')
      .flatMap(({ codes }) => (Array.isArray(codes) ? codes : [])),
  );
  return exceptionCodes.filter((code) => named.has(code));
}

function parameterOf(variable: Variable, tab: FlowNode): TemplateParameter {
  const { name, value, type } = variable;
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  const label = `${name[0] ?? ''}${name.slice(1).toLowerCase().replaceAll('_', ' ')}`;
  const about = {
    name,
    label,
    help: meaningOf(tab, name) ?? `${label}, as the tab's description explains it.`,
  };
  const from = sourceOf(name);
  if (type === 'json') return { ...about, from, optional: false, type, default: JSON.parse(text) };
  if (type === 'bool') return { ...about, from, optional: false, type, default: text === 'true' };
  if (type === 'num')
    return text.trim() === ''
      ? { ...about, from, optional: true, type, limits: {} }
      : { ...about, from, optional: false, type, default: Number(text), limits: {} };
  return { ...about, from, optional: text === '', type: 'str', default: text, limits: {} };
}

/** Where region.json has it. */
function sourceOf(name: string): string {
  if (name === 'CARRIER') return 'carriers.0';
  if (name === 'LOCATIONS') return 'warehouses';
  return `thresholds.${name.toLowerCase().replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())}`;
}

/** The row of the settings table in the tab's description. */
function meaningOf({ info }: FlowNode, name: string): string | undefined {
  if (typeof info !== 'string') return undefined;
  const words = new RegExp(`^\\|\\s*\`${name}\`\\s*\\|\\s*(.+?)\\s*\\|`, 'm').exec(info)?.[1];
  return words && `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
}
