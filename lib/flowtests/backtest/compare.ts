/** What differs between a recorded case and the same case on a candidate. Pure. */
import type { EffectRecord } from '../../ledger/effects';
import type { CaseState } from '../../model/case';
import { isUndo } from '../observed';
import type { DecisionChange, Difference, EffectChange } from './model';

export interface Side {
  state: CaseState;
  effects: readonly EffectRecord[];
}

export interface Window {
  /** Times of the clock while the case was worked on, epoch milliseconds: they are never the same twice. */
  from: number;
  to: number;
}

/** The table's decision where a table decided, with what it said to do. */
export function decisionChange(before: CaseState, after: CaseState): DecisionChange | undefined {
  const outcomes = { before: outcomeOf(before), after: outcomeOf(after) };
  const differences =
    outcomes.before === outcomes.after ? diff(before.plan?.then, after.plan?.then, 'then') : [];
  if (outcomes.before === outcomes.after && differences.length === 0) return undefined;
  return {
    ...outcomes,
    differences,
    row: { before: before.policy?.row ?? null, after: after.policy?.row ?? null },
  };
}

function outcomeOf({ policy, plan }: CaseState): string | null {
  return policy?.outcome ?? plan?.outcome ?? null;
}

/** Step by step: a step that only one side has, and fields of the input that differ. */
export function effectChanges(before: Side, after: Side, window: Window): EffectChange[] {
  const old = byName(before.effects);
  const next = byName(after.effects);
  const names = [...new Set([...old.keys(), ...next.keys()])];
  return names.flatMap((name): EffectChange[] => {
    const [was, is] = [old.get(name), next.get(name)];
    const known = is ?? was;
    if (!known) return [];
    const title = { step: known.step, call: `${known.partner}.${known.operation}` };
    if (!was)
      return [
        {
          ...title,
          kind: 'added',
          differences: diff(undefined, plain(is?.input, after.state.id, window), 'input'),
        },
      ];
    if (!is)
      return [
        {
          ...title,
          kind: 'removed',
          differences: diff(plain(was.input, before.state.id, window), undefined, 'input'),
        },
      ];
    const differences = diff(
      plain(was.input, before.state.id, window),
      plain(is.input, after.state.id, window),
      'input',
    );
    return differences.length === 0 ? [] : [{ ...title, kind: 'changed', differences }];
  });
}

/** Several targets of one step are told apart by their order. */
function byName(effects: readonly EffectRecord[]): Map<string, EffectRecord> {
  const named = new Map<string, EffectRecord>();
  const acts = effects.filter(
    (effect) => effect.safety !== 'read' && !isUndo(effect) && effect.partner !== 'reroute',
  );
  for (const effect of acts) {
    const base = `${effect.step}|${effect.partner}.${effect.operation}`;
    let ordinal = 1;
    while (named.has(`${base}|${ordinal}`)) ordinal += 1;
    named.set(`${base}|${ordinal}`, effect);
  }
  return named;
}

const instantForm = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g;

/** Without the case's own id, which is another one each time, and without readings of the clock. */
function plain(value: unknown, caseId: string, { from, to }: Window): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(caseId, '<case>').replace(instantForm, (found) => {
      const at = Date.parse(found);
      return at >= from && at <= to ? '<now>' : found;
    });
  }
  if (Array.isArray(value)) return value.map((entry) => plain(entry, caseId, { from, to }));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, plain(entry, caseId, { from, to })]),
  );
}

const maxDifferences = 50;

export function diff(before: unknown, after: unknown, path: string): Difference[] {
  return [...differences(before, after, path)].slice(0, maxDifferences);
}

function* differences(before: unknown, after: unknown, path: string): Generator<Difference> {
  if (before === after) return;
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    if ((before ?? null) !== (after ?? null)) yield { path, before: before ?? null, after: after ?? null };
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    yield* differences(
      before[name],
      after[name],
      Array.isArray(before) ? `${path}[${name}]` : `${path}.${name}`,
    );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
