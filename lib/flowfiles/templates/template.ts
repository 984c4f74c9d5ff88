/**
 * `flows/library/<template>/<version>/template.json`: what a template is for, what may be set, and what a region may not change.
 * Beside it `flow.json` has the nodes of one tab, as flow files have them; partners stand there as `partner-<role>`.
 */
import { z } from 'zod';
import { type SystemKind, systemKinds } from '../../connectors/kit/connector';
import { exceptionCodes } from '../../model/taxonomy';
import type { FlowNode } from '../format';
import { variablesOf } from '../merge/properties';

/** Lower-case words with hyphens: they become file names and parts of node ids. */
export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower-case letters, digits and single hyphens')
  .max(60);
export const semver = z
  .string()
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/, 'write a version like 1.2.0');

const described = {
  name: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'use capitals, digits and underscores')
    .max(64)
    .describe('Of the setting on the tab'),
  label: z.string().min(1).max(80),
  help: z.string().min(1).max(400),
  from: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)*$/)
    .optional()
    .describe('Path in region.json that a region takes it from, for example thresholds.approvalLimit'),
};
const optional = z.boolean().default(false).describe('Whether it may be left empty');

export const templateParameter = z.discriminatedUnion('type', [
  z.strictObject({
    ...{ ...described, optional, type: z.literal('num') },
    default: z.number().optional(),
    limits: z
      .strictObject({
        min: z.number().optional(),
        max: z.number().optional(),
        integer: z.boolean().optional(),
      })
      .default({}),
  }),
  z.strictObject({
    ...{ ...described, optional, type: z.literal('str') },
    default: z.string().optional(),
    limits: z
      .strictObject({
        options: z.array(z.string()).min(1).optional(),
        pattern: z.string().optional(),
        maxLength: z.int().positive().optional(),
      })
      .default({}),
  }),
  z.strictObject({ ...{ ...described, optional, type: z.literal('bool') }, default: z.boolean().optional() }),
  z.strictObject({ ...{ ...described, optional, type: z.literal('json') }, default: z.json().optional() }),
]);
export type TemplateParameter = z.infer<typeof templateParameter>;

const partnerNeed = z.strictObject({
  role: slug.describe('As region.json names it; the flow says partner-<role>'),
  kinds: z.array(z.enum(systemKinds)).describe('What it is used as; empty: it is only read'),
  help: z.string().min(1).max(200),
});

export const templateManifest = z.strictObject({
  $schema: z.string().optional(),
  id: slug,
  version: semver,
  title: z.string().min(1).max(80),
  summary: z.string().min(1).max(400),
  codes: z.array(z.enum(exceptionCodes)).describe('Exception codes that it handles'),
  changes: z.string().max(1000).optional().describe('What is new in this version'),
  parameters: z.array(templateParameter),
  partners: z.array(partnerNeed),
  locked: z
    .array(z.string())
    .describe('Nodes that no region changes: proof, compensation and what leads to a person'),
  regionOwned: z
    .array(z.string().regex(/^.+\.[\w:-]+$/))
    .describe('NODE.PROPERTY of what every region decides for itself; an upgrade leaves it alone'),
});
export type TemplateManifest = z.infer<typeof templateManifest>;

export interface Template {
  manifest: TemplateManifest;
  /** With the node ids of the template. */
  nodes: FlowNode[];
}

/** A flow of a template names partners by their role. */
export const rolePrefix = 'partner-';
export const partnerProperties = ['partner', 'alsoPartner'] as const;

/** Roles that the nodes name, each with what it is used as. */
export function rolesOf(nodes: readonly FlowNode[]): Map<string, Set<SystemKind>> {
  const roles = new Map<string, Set<SystemKind>>();
  for (const node of nodes)
    for (const property of partnerProperties) {
      const value = node[property];
      if (!node.type.startsWith('reroute-') || typeof value !== 'string' || value === '') continue;
      const role = value.startsWith(rolePrefix) ? value.slice(rolePrefix.length) : value;
      const kinds = roles.get(role) ?? new Set();
      for (const kind of systemKinds)
        if (property === 'partner' && node.type === `reroute-${kind}`) kinds.add(kind);
      roles.set(role, kinds);
    }
  return roles;
}

export const tabOf = (nodes: readonly FlowNode[]): FlowNode | undefined =>
  nodes.find(({ type }) => type === 'tab');

/** What is wrong with a template as a whole, one sentence each; empty when nothing is. */
export function templateProblems({ manifest, nodes }: Template): string[] {
  const tab = tabOf(nodes);
  if (!tab) return ['flow.json has no tab'];
  const ids = new Set(nodes.map(({ id }) => id));
  const settings = new Set((variablesOf(tab.env) ?? []).map(({ name }) => name));
  const declared = new Set(manifest.partners.map(({ role }) => role));
  const outside = nodes.filter(({ id, z: home }) => id !== tab.id && home !== tab.id);
  return [
    ...outside.map(({ id }) => `${id} does not stand on the tab`),
    ...manifest.parameters
      .filter(({ name }) => !settings.has(name))
      .map(({ name }) => `the tab has no setting ${name}`),
    ...[...rolesOf(nodes).keys()]
      .filter((role) => !declared.has(role))
      .map((role) => `the flow uses the partner ${role}, which partners does not name`),
    ...manifest.locked.filter((id) => !ids.has(id)).map((id) => `locked names ${id}, which is no node`),
    ...manifest.regionOwned
      .filter((key) => !ids.has(key.slice(0, key.lastIndexOf('.'))))
      .map((key) => `regionOwned names ${key}, whose node is not there`),
  ];
}
