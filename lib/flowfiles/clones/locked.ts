/** Locked nodes of clones: a deploy that changes one outside of an upgrade is refused. */
import type { FlowNode } from '../format';
import type { Finding } from '../lint/finding';
import { driftOf, nameOf } from '../merge/drift';
import { instantiate, rulesOf } from '../templates/instantiate';
import type { Template } from '../templates/template';
import { type CloneRecord, recordFor } from './record';

/**
 * @param nodes everything that is to be deployed
 * @param template the one that the record names, in its version
 */
export function lockedFindings(
  nodes: readonly FlowNode[],
  record: CloneRecord,
  template: Template,
): Finding[] {
  const { parameters, partners, nodes: ids, cases, region } = record;
  const { locked } = rulesOf(template, ids);
  const made = instantiate(template, { region: { id: region, cases }, parameters, partners, ids });
  const tab = made.find(({ type }) => type === 'tab')?.id ?? '';
  const expected = made.filter(({ id }) => locked.has(id));
  const names = new Map(expected.map((node) => [node.id, nameOf(node)]));
  const about = (node: string) =>
    ({
      code: 'LOCKED_NODE_CHANGED',
      severity: 'error',
      flowId: tab,
      node,
      name: names.get(node) ?? node,
    }) as const;
  const present = nodes.filter(({ id }) => locked.has(id));
  return driftOf(expected, present).flatMap(({ node, change, properties }): Finding[] => {
    const say = (what: string) =>
      `"${names.get(node) ?? node}" (${node}) is locked: ${what}. Only an upgrade of the template ${template.manifest.id} changes it`;
    if (change !== 'changed') return [{ ...about(node), message: say(`it was ${change}`) }];
    return properties.map(({ property }) => ({
      ...{ ...about(node), property },
      message: say(`${property} was changed`),
    }));
  });
}

/** The flow of a clone among everything that is deployed; empty when its tab was deleted. */
export function flowOf(nodes: readonly FlowNode[], { nodes: ids }: CloneRecord): FlowNode[] {
  const tab = nodes.find(({ id, type }) => type === 'tab' && Object.values(ids).includes(id));
  return tab ? nodes.filter(({ id, z }) => id === tab.id || z === tab.id) : [];
}

/** The record that counts for what is to be deployed. */
export const standingRecord = (nodes: readonly FlowNode[], record: CloneRecord): CloneRecord =>
  recordFor(record, flowOf(nodes, record));
