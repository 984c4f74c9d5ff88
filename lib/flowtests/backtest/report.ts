/** Counts and examples from what the candidate made of each case. Pure but for its own sums. */
import type {
  BacktestReport,
  BacktestRequest,
  CaseResult,
  DecisionChange,
  EffectChange,
  Example,
} from './model';

const maxExamples = 5;

type DecisionExample = BacktestReport['decisions'][number]['examples'][number];
type EffectExample = BacktestReport['effects'][number]['examples'][number];

class Group<T> {
  count = 0;
  readonly regions: Record<string, number> = {};
  readonly examples: T[] = [];

  add({ region }: CaseResult, example: T): void {
    this.count += 1;
    const name = region || 'none';
    this.regions[name] = (this.regions[name] ?? 0) + 1;
    if (this.examples.length < maxExamples) this.examples.push(example);
  }
}

const byCount = <T extends { count: number }>(groups: T[]): T[] => groups.sort((a, b) => b.count - a.count);

export class ReportBuilder {
  private facts = 0;
  private cases = 0;
  private same = 0;
  private changed = 0;
  private readonly regions = new Map<
    string,
    { cases: number; decisions: number; effects: number; unanswered: number }
  >();
  private readonly decisions = new Map<
    string,
    { group: Group<DecisionExample>; title: Pick<DecisionChange, 'before' | 'after'> }
  >();
  private readonly effects = new Map<
    string,
    {
      group: Group<EffectExample>;
      title: Pick<EffectChange, 'step' | 'call' | 'kind'>;
      fields: Record<string, number>;
    }
  >();
  private readonly unanswered = new Map<string, Group<Example>>();
  private readonly assumed = new Map<string, number>();
  private readonly notTaken = new Group<Example>();
  private readonly errors = new Map<string, Group<Example>>();

  add(result: CaseResult): void {
    const { caseId, subject, region, decision, effects } = result;
    const example = { caseId, subject, region };
    this.facts += result.facts;
    this.cases += 1;
    if (decision || effects.length > 0 || !result.taken) this.changed += 1;
    else if (result.unanswered.length === 0 && result.error === undefined) this.same += 1;
    this.addRegion(result);
    if (!result.taken) this.notTaken.add(result, example);
    if (result.error !== undefined) groupOf(this.errors, result.error).add(result, example);
    if (decision) this.addDecision(result, decision, example);
    for (const change of effects) this.addEffect(result, change, example);
    for (const { step, call } of result.unanswered)
      groupOf(this.unanswered, `${step}|${call}`).add(result, example);
    for (const name of new Set(result.assumed.map(({ step, call }) => `${step}|${call}`)))
      this.assumed.set(name, (this.assumed.get(name) ?? 0) + 1);
  }

  private addRegion({ region, decision, effects, unanswered }: CaseResult): void {
    const name = region || 'none';
    const sums = this.regions.get(name) ?? { cases: 0, decisions: 0, effects: 0, unanswered: 0 };
    sums.cases += 1;
    if (decision) sums.decisions += 1;
    if (effects.length > 0) sums.effects += 1;
    if (unanswered.length > 0) sums.unanswered += 1;
    this.regions.set(name, sums);
  }

  private addDecision(
    result: CaseResult,
    { before, after, row, differences }: DecisionChange,
    example: Example,
  ): void {
    const name = JSON.stringify([before, after]);
    const known = this.decisions.get(name) ?? { group: new Group(), title: { before, after } };
    this.decisions.set(name, known);
    known.group.add(result, { ...example, row, differences });
  }

  private addEffect(
    result: CaseResult,
    { step, call, kind, differences }: EffectChange,
    example: Example,
  ): void {
    const name = JSON.stringify([step, call, kind]);
    const known = this.effects.get(name) ?? { group: new Group(), title: { step, call, kind }, fields: {} };
    this.effects.set(name, known);
    known.group.add(result, { ...example, differences });
    for (const { path } of differences) known.fields[path] = (known.fields[path] ?? 0) + 1;
  }

  report({ flow, since, until, region }: BacktestRequest, ms: number): BacktestReport {
    return {
      flow,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
      ...(region === undefined ? {} : { region }),
      ...{ facts: this.facts, cases: this.cases, same: this.same, changed: this.changed, ms },
      regions: [...this.regions]
        .map(([name, sums]) => ({ region: name, ...sums }))
        .sort((a, b) => (a.region < b.region ? -1 : 1)),
      decisions: byCount(
        [...this.decisions.values()].map(({ group, title }) => ({
          ...title,
          ...{ count: group.count, regions: group.regions, examples: group.examples },
        })),
      ),
      effects: byCount(
        [...this.effects.values()].map(({ group, title, fields }) => ({
          ...title,
          ...{ count: group.count, regions: group.regions, fields, examples: group.examples },
        })),
      ),
      unanswered: byCount(
        [...this.unanswered].map(([name, { count, examples }]) => ({ ...named(name), count, examples })),
      ),
      assumed: byCount([...this.assumed].map(([name, count]) => ({ ...named(name), count }))),
      notTaken: { count: this.notTaken.count, examples: this.notTaken.examples },
      errors: byCount(
        [...this.errors].map(([message, { count, examples }]) => ({ message, count, examples })),
      ),
    };
  }
}

function groupOf(groups: Map<string, Group<Example>>, name: string): Group<Example> {
  const known = groups.get(name) ?? new Group<Example>();
  groups.set(name, known);
  return known;
}

function named(name: string): { step: string; call: string } {
  const at = name.lastIndexOf('|');
  return { step: name.slice(0, at), call: name.slice(at + 1) };
}
