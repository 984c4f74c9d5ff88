/** One upgrade: the merge, what it changes in the region's flow, and what the flow's tests say about the result. */
import { FatalError } from '../../model/errors';
import type { FlowNode } from '../format';
import { type Conflict, conflictKey, isOpen, needsChoice, type Side } from '../merge/conflicts';
import { driftOf, type NodeDrift } from '../merge/drift';
import { mergeFlows } from '../merge/merge';
import { rulesOf } from '../templates/instantiate';
import type { Template } from '../templates/template';
import type { Origin } from './clones';
import { type FlowTestReport, type RunFlowTests, testsFor } from './tests';

export interface Upgrade {
  template: string;
  region: string;
  from: string;
  to: string;
  /** The new version's own words. */
  news?: string;
  conflicts: Conflict[];
  /** `NODE.PROPERTY` of each conflict that waits for a choice. */
  open: string[];
  /** From the region's flow of today to the merged one. */
  changes: NodeDrift[];
  /** Absent where a choice is open, where the flow has no tests, and where nobody runs them. */
  tests?: FlowTestReport;
}

interface UpgradeInput {
  origin: Origin;
  template: Template;
  ours: FlowNode[];
  theirs: FlowNode[];
  ids: Record<string, string>;
  choices: ReadonlyMap<string, Side>;
  test?: { run: RunFlowTests; flowsDir: string; path: string } | undefined;
}

/** @throws FatalError CHOICE_UNKNOWN when a choice is for no conflict */
export async function upgradeOf(input: UpgradeInput): Promise<{ nodes: FlowNode[]; upgrade: Upgrade }> {
  const { origin, template, ours, theirs, ids, choices } = input;
  const rules = rulesOf(template, ids);
  const { nodes, conflicts } = mergeFlows({ base: origin.base, ours, theirs, rules, choices });
  checkChoices(choices, conflicts);
  const { manifest } = template;
  const open = conflicts.filter(isOpen).map(conflictKey);
  const tests = open.length === 0 ? await runTests(input, nodes) : undefined;
  return {
    nodes,
    upgrade: {
      ...{ template: manifest.id, region: origin.record.region },
      ...{ from: origin.record.version, to: manifest.version },
      ...(manifest.changes !== undefined && { news: manifest.changes }),
      ...{ conflicts, open, changes: driftOf(ours, nodes) },
      ...(tests && { tests }),
    },
  };
}

function checkChoices(choices: ReadonlyMap<string, Side>, conflicts: readonly Conflict[]): void {
  const keys = new Set(conflicts.filter(needsChoice).map(conflictKey));
  const unknown = [...choices.keys()].filter((key) => !keys.has(key));
  if (unknown.length > 0)
    throw new FatalError('CHOICE_UNKNOWN', `there is no conflict at ${unknown.join(', ')}`, {
      hint: keys.size > 0 ? `Conflicts are at ${[...keys].join(', ')}.` : 'There are no conflicts to decide.',
    });
}

async function runTests(
  { origin, ours, template, test }: UpgradeInput,
  nodes: FlowNode[],
): Promise<FlowTestReport | undefined> {
  if (!test) return undefined;
  const changed = driftOf(origin.base, ours).some(
    ({ change, properties }) =>
      change !== 'changed' || properties.some(({ property }) => !property.startsWith('env:')),
  );
  const reports = await Promise.all(testsFor({ ...test, changed }, template, nodes).map(test.run));
  if (reports.length === 0) return undefined;
  return {
    files: reports.flatMap(({ files }) => files),
    passed: reports.reduce((sum, { passed }) => sum + passed, 0),
    failures: reports.flatMap(({ failures }) => failures),
  };
}
