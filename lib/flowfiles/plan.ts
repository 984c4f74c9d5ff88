/** Which versions a deploy writes. Pure. */
import type { FlowSource, FlowVersionItem, FlowVersionSeed } from '../ledger/flows';
import { bumpOf, nextVersion } from './bump';
import { diffNodes, summaryOf } from './diff';
import type { FlowNode } from './format';
import type { Finding } from './lint';
import type { FlowTestResult } from './test-runner';
import { contentHash, type FlowUnit } from './units';

export interface PlanContext {
  author: string;
  /** Empty: each version says what was done to its nodes. */
  message: string;
  source: FlowSource;
  at: number;
  findings: readonly Finding[];
  tests?: FlowTestResult | undefined;
}

/** Flow ids whose content is not that of their latest version: their former content is needed to plan. */
export function changedFlows(current: readonly FlowVersionItem[], units: readonly FlowUnit[]): string[] {
  const latest = new Map(current.map((item) => [item.flowId, item]));
  const present = new Set(units.map(({ id }) => id));
  const changed = units
    .filter(({ id, nodes }) => {
      const known = latest.get(id);
      return known === undefined || known.removed || known.contentHash !== contentHash(nodes);
    })
    .map(({ id }) => id);
  const gone = current.filter(({ flowId, removed }) => !removed && !present.has(flowId));
  return [...changed, ...gone.map(({ flowId }) => flowId)].sort();
}

/**
 * One version a changed flow.
 * @param former content of the latest version of each changed flow that has one
 */
export function planVersions(
  current: readonly FlowVersionItem[],
  units: readonly FlowUnit[],
  former: ReadonlyMap<string, FlowNode[]>,
  context: PlanContext,
): FlowVersionSeed[] {
  const latest = new Map(current.map((item) => [item.flowId, item]));
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  return changedFlows(current, units).map((flowId): FlowVersionSeed => {
    const unit = byId.get(flowId);
    const known = latest.get(flowId);
    const before = former.get(flowId) ?? [];
    const after = unit?.nodes ?? [];
    // Equal content under another hash cannot be; were it so, it would be no more than a patch.
    const bump = known?.removed === true ? 'major' : (bumpOf(before, after) ?? 'patch');
    return {
      flowId,
      version: nextVersion(known?.version, bump),
      path: unit?.path ?? known?.path ?? '',
      label: unit?.label ?? known?.label ?? flowId,
      contentHash: unit === undefined ? '' : contentHash(after),
      ...(unit === undefined ? {} : { content: after }),
      author: context.author,
      message: context.message === '' ? summaryOf(diffNodes(before, after)) : context.message,
      source: context.source,
      lint: context.findings.filter((finding) => finding.flowId === flowId),
      ...(context.tests === undefined ? {} : { tests: context.tests }),
      at: context.at,
    };
  });
}

/** Replaces the flows that a set brings; those that it does not name stay, unless the set is all there shall be. */
export function mergeFlows(
  current: readonly FlowUnit[],
  brought: readonly FlowUnit[],
  replaceAll: boolean,
): FlowUnit[] {
  const result = new Map((replaceAll ? [] : current).map((unit) => [unit.id, unit]));
  for (const unit of brought) {
    const known = result.get(unit.id);
    // Configuration nodes of other flows stay.
    const nodes = unit.kind === 'config' && known ? mergeNodes(known.nodes, unit.nodes) : unit.nodes;
    result.set(unit.id, { ...unit, nodes });
  }
  return [...result.values()];
}

function mergeNodes(current: readonly FlowNode[], brought: readonly FlowNode[]): FlowNode[] {
  return [...new Map([...current, ...brought].map((node) => [node.id, node])).values()];
}
