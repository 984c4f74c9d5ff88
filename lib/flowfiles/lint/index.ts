/**
 * Checks of a whole set of flows, as they would be deployed together. Pure; what the flows are made of is told by the caller,
 * because a runtime knows its installed nodes and files alone do not.
 */
import { type FlowNode, literalSecrets } from '../format';
import { configFlowId } from '../units';
import type { Finding } from './finding';
import { type FlowGraph, graphOf } from './graph';
import { checkDescriptions, checkPartnerFilters, checkPartners, checkPolicies, checkProof } from './meaning';
import { checkHomes, checkIds, checkReachable, checkTypes, checkWires, type Report } from './structure';

export { coreTypes } from './core-types';
export { countFindings, type Finding, type FindingCounts } from './finding';

/** By flow, errors first, in a stable order. */
export function lintFlows(nodes: readonly FlowNode[], types: ReadonlySet<string>): Finding[] {
  const all = graphOf(nodes);
  const running = graphOf(runningOf(nodes, all));
  return [
    ...checkSecrets(nodes),
    ...checkIds(nodes, report),
    ...checkTypes(all, types, report),
    ...checkHomes(all, report),
    ...checkWires(onlyFrom(running, all), report),
    ...checkPartners(running, report),
    ...checkPartnerFilters(running, report),
    ...checkPolicies(running, report),
    ...checkReachable(running, report),
    ...checkProof(running, report),
    ...checkDescriptions(running, report),
  ].sort(
    (a, b) =>
      compare(a.flowId, b.flowId) || compare(a.severity, b.severity) || compare(a.node ?? '', b.node ?? ''),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const report: Report = (node, severity, code, message, property) => {
  const isFlow = node.type === 'tab' || node.type === 'subflow';
  const name = node.name || node.label;
  const who = isFlow
    ? `${node.type} ${name ?? node.id}`
    : `${node.type} ${name ? `"${name}" ` : ''}${node.id}`;
  return {
    code,
    severity,
    flowId: isFlow ? node.id : node.z || configFlowId,
    node: node.id,
    ...(name ? { name } : {}),
    ...(property === undefined ? {} : { property }),
    message: `${who}: ${message}`,
  };
};

/** The value itself is never repeated. */
function checkSecrets(nodes: readonly FlowNode[]): Finding[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return literalSecrets([...nodes]).flatMap(({ node: id, property }) => {
    const node = byId.get(id);
    return node === undefined
      ? []
      : [
          report(
            node,
            'error',
            'SECRET_IN_FLOW',
            `${property} would write a secret into a flow file; use a reference like env:NAME or file:PATH`,
            property,
          ),
        ];
  });
}

/** What is switched off is not executed: it may be half done. */
function runningOf(nodes: readonly FlowNode[], { byId }: FlowGraph): FlowNode[] {
  const off = (node: FlowNode | undefined): boolean => node?.d === true || node?.disabled === true;
  return nodes.filter((node) => !off(node) && !off(node.z === undefined ? undefined : byId.get(node.z)));
}

/** A wire into something that is switched off leads somewhere all the same. */
function onlyFrom(running: FlowGraph, all: FlowGraph): FlowGraph {
  return { ...running, byId: all.byId };
}
