/** Holds what came of a scenario against what its author expected; every difference names the path of its expectation. */
import type { EffectRecord } from '../ledger/effects';
import type { DeadLetter } from '../ledger/runs';
import type { CaseState } from '../model/case';
import type { Expectation, ExpectedCase, ExpectedEffect, ExpectedLetter } from './format';
import { differences, shown } from './match';
import { isUndo, type Observed, takenBack } from './observed';
import type { Sent } from './script';
import { resolved } from './templates';

export interface ExpectContext {
  observed: Observed;
  /** Node id -> the name that people know it by. */
  nodeName: (id: string) => string;
  /** What templates may read. */
  scope: object;
}

export async function check(
  expected: Expectation,
  context: ExpectContext,
  path = 'expect',
): Promise<string[]> {
  const { observed, scope, nodeName } = context;
  const told = (await resolved(expected, scope, path)) as Expectation;
  return [
    ...casesCheck(told.cases, observed, path),
    ...effectsCheck(told.effects, observed, `${path}.effects`),
    ...includesCheck(told.includes, observed, `${path}.includes`),
    ...(told.compensated === undefined
      ? []
      : differences(told.compensated, takenBack(observed), `${path}.compensated`)),
    ...lettersCheck(told.deadLetters ?? [], observed, nodeName, `${path}.deadLetters`),
    ...(told.alerts === undefined ? [] : differences(told.alerts, observed.alerts, `${path}.alerts`)),
    ...neverCheck(told.never ?? [], observed.sent, `${path}.never`),
    ...callsCheck(told.calls ?? {}, observed.sent, `${path}.calls`),
    ...waitingCheck(told.waiting, observed, nodeName, `${path}.waiting`),
  ];
}

function casesCheck(expected: Expectation['cases'], { cases }: Observed, path: string): string[] {
  if (expected === undefined) return [];
  const list = Array.isArray(expected) ? expected : [expected];
  const found = cases.map(({ code, state }) => `${code} ${state}`);
  const wrongNumber =
    list.length === cases.length
      ? []
      : [`${path}.cases: expected ${list.length}, got ${cases.length}: ${shown(found)}`];
  return [
    ...wrongNumber,
    ...list.flatMap((one, index) => {
      const at = Array.isArray(expected) ? `${path}.cases[${index}]` : `${path}.cases`;
      const actual = cases[index];
      return actual ? caseCheck(one, actual, at) : [];
    }),
  ];
}

function caseCheck(expected: ExpectedCase, state: CaseState, path: string): string[] {
  const { outcome, row, policy, inputs, ...rest } = expected;
  return [
    ...differences(rest, state, path),
    ...(outcome === undefined
      ? []
      : differences(outcome, state.plan?.outcome ?? state.policy?.outcome, `${path}.outcome`)),
    ...(row === undefined ? [] : differences(row, state.policy?.row, `${path}.row`)),
    ...(inputs === undefined ? [] : differences(inputs, state.policy?.inputs, `${path}.inputs`)),
    ...(policy === undefined ? [] : policyCheck(policy, state, `${path}.policy`)),
  ];
}

function policyCheck(expected: string, { policy }: CaseState, path: string): string[] {
  const full = policy && `${policy.name}@${policy.version}`;
  return differences(expected, expected.includes('@') ? full : policy?.name, path);
}

const callOf = ({ partner, operation }: { partner: string; operation: string }): string =>
  `${partner}.${operation}`;

function effectCheck(expected: ExpectedEffect, effect: EffectRecord, path: string): string[] {
  if (typeof expected === 'string') return differences(expected, effect.step, path);
  const { call, pivot, ...rest } = expected;
  return [
    ...differences(rest, effect, path),
    ...(call === undefined ? [] : differences(call, callOf(effect), `${path}.call`)),
    ...(pivot === undefined ? [] : differences(pivot, effect.pivot === true, `${path}.pivot`)),
  ];
}

function effectsCheck(expected: ExpectedEffect[] | undefined, observed: Observed, path: string): string[] {
  if (expected === undefined) return [];
  const effects = observed.effects.filter((effect) => !isUndo(effect));
  const steps = effects.map(({ step, state }) => `${step} ${state}`);
  const wrongNumber =
    effects.length === expected.length
      ? []
      : [`${path}: expected ${expected.length}, got ${effects.length}: ${steps.join(', ') || 'none'}`];
  return [
    ...wrongNumber,
    ...expected.flatMap((one, index) => {
      const effect = effects[index];
      return effect ? effectCheck(one, effect, `${path}[${index}]`) : [];
    }),
  ];
}

function includesCheck(expected: ExpectedEffect[] = [], { effects }: Observed, path: string): string[] {
  return expected.flatMap((one, index) => {
    const at = `${path}[${index}]`;
    const tries = effects.map((effect) => effectCheck(one, effect, at));
    if (tries.some((found) => found.length === 0)) return [];
    // The nearest one says most.
    const [nearest] = tries.sort((a, b) => a.length - b.length);
    return nearest ?? [`${at}: there are no effects`];
  });
}

function lettersCheck(
  expected: ExpectedLetter[],
  { deadLetters }: Observed,
  nodeName: (id: string) => string,
  path: string,
): string[] {
  const wordsOf = ({ reason }: DeadLetter) => `${reason.code}: ${reason.message}`;
  if (expected.length !== deadLetters.length)
    return [
      `${path}: expected ${expected.length}, got ${deadLetters.length}${deadLetters.length > 0 ? `: ${deadLetters.map(wordsOf).join('; ')}` : ''}`,
    ];
  return expected.flatMap((one, index) => {
    const reason = deadLetters[index]?.reason;
    const at = `${path}[${index}]`;
    if (typeof one === 'string') return differences(one, reason?.code, at);
    const actual = { ...reason, node: reason?.nodeId === undefined ? undefined : nodeName(reason.nodeId) };
    return differences(one, actual, at);
  });
}

function namesOf({ partner, kind, operation, step }: Sent): string[] {
  return [partner, kind, `${partner}.${operation}`, `${kind}.${operation}`, step];
}

function neverCheck(never: string[], sent: readonly Sent[], path: string): string[] {
  return never.flatMap((name, index) => {
    const calls = sent.filter((entry) => namesOf(entry).includes(name));
    return calls.length === 0 ? [] : [`${path}[${index}]: ${name} was called ${calls.length} times`];
  });
}

function callsCheck(calls: Record<string, number>, sent: readonly Sent[], path: string): string[] {
  return Object.entries(calls).flatMap(([name, times]) =>
    differences(times, sent.filter((entry) => namesOf(entry).includes(name)).length, `${path}.${name}`),
  );
}

function waitingCheck(
  expected: string[] | undefined,
  { waiting }: Observed,
  nodeName: (id: string) => string,
  path: string,
): string[] {
  return expected === undefined ? [] : differences(expected, waiting.map(nodeName), path);
}
