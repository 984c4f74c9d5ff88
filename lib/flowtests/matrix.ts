/**
 * The fault matrix: a scenario again for every effect of it, with that effect refused, failing, unanswered though done, or lost. What is
 * judged is not what the author expected, but what must hold whatever fails. Pure, but for the plays that it is handed.
 */
import type { EffectRecord } from '../ledger/effects';
import { type FaultKind, faultKinds, type Scenario } from './format';
import { isUndo, type Observed, takenBack } from './observed';
import type { Fault } from './script';

/** The faults of a scenario, from what it did without one. */
export function faultsOf({ faultMatrix }: Scenario, { effects }: Observed): Fault[] {
  if (faultMatrix === false) return [];
  const options = faultMatrix === true ? { kinds: [...faultKinds], except: [] } : faultMatrix;
  const steps = new Set(effects.filter((effect) => !isUndo(effect)).map(({ step }) => step));
  return [...steps]
    .filter((step) => !options.except.includes(step))
    .flatMap((step) => options.kinds.map((kind: FaultKind) => ({ step, kind })));
}

/** Where a case may be left alone: it is done, or a person has it. */
const restingStates = new Set(['VERIFIED', 'CLOSED', 'MANUAL', 'SUPPRESSED', 'CANCELLED']);

const stands = ({ state }: EffectRecord): boolean => state === 'CONFIRMED' || state === 'ACCEPTED';
const isOpen = ({ state }: EffectRecord): boolean => state === 'INTENDED' || state === 'UNKNOWN';

/** What does not hold, as sentences; empty when the end is consistent. */
export function inconsistencies(observed: Observed, timesDone: (key: string) => number): string[] {
  return [
    ...observed.cases
      .filter(({ state }) => !restingStates.has(state))
      .map(({ code, state }) => `the case ${code} is left in ${state}: nothing goes on and nobody has it`),
    ...twice(observed, timesDone),
    ...observed.cases.flatMap(({ id, state }) =>
      plansOf(observed.effects.filter(({ caseId }) => caseId === id)).flatMap((plan) =>
        planProblems(plan, state, observed),
      ),
    ),
  ];
}

function twice({ effects }: Observed, timesDone: (key: string) => number): string[] {
  return effects
    .filter(({ key }) => timesDone(key) > 1)
    .map(({ step, key }) => `${step} was carried out ${timesDone(key)} times`);
}

function plansOf(effects: EffectRecord[]): EffectRecord[][] {
  return [...new Set(effects.map(({ plan }) => plan))].map((plan) =>
    effects.filter((effect) => effect.plan === plan),
  );
}

function planProblems(effects: EffectRecord[], caseState: string, observed: Observed): string[] {
  const steps = effects.filter((effect) => !isUndo(effect));
  const undone = new Map(
    effects.filter((effect) => isUndo(effect) && stands(effect)).map((effect) => [effect.step, effect]),
  );
  const back = steps.filter(({ step }) => undone.has(`undo:${step}`));
  return [
    ...unclear(effects, caseState),
    ...bothDoneAndUndone(steps, back),
    ...(back.length === 0 ? [] : undoProblems(steps, back, observed)),
  ];
}

/** What nobody knows, a person must. */
function unclear(effects: EffectRecord[], caseState: string): string[] {
  if (caseState === 'MANUAL') return [];
  return effects
    .filter(isOpen)
    .map(({ step, state }) => `${step} is left ${state}, and the case is ${caseState}`);
}

function bothDoneAndUndone(steps: EffectRecord[], back: EffectRecord[]): string[] {
  return [
    ...back.filter(stands).map(({ step }) => `${step} was taken back and still counts as done`),
    ...steps
      .filter((effect) => effect.state === 'COMPENSATED' && !back.includes(effect))
      .map(({ step }) => `${step} counts as taken back, and nothing took it back`),
  ];
}

/** Once one step of a plan is taken back, all of them are, newest first, unless a failure to do so was reported; and never behind the pivot. */
function undoProblems(steps: EffectRecord[], back: EffectRecord[], observed: Observed): string[] {
  const pivot = steps.find((effect) => effect.pivot && stands(effect));
  if (pivot)
    return [
      `${back.map(({ step }) => step).join(', ')} taken back although the pivot ${pivot.step} was passed`,
    ];
  const order = steps.filter((effect) => back.includes(effect)).map(({ step }) => step);
  const taken = takenBack(observed).filter((step) => order.includes(step));
  const wrongOrder =
    taken.join() === order.reverse().join()
      ? []
      : [`taken back in the order ${taken.join(', ')}; the reverse of what was done is ${order.join(', ')}`];
  const reported = observed.cases.some(({ code }) => code === 'INTEGRATION_FAILURE');
  const left = reported ? [] : steps.filter((effect) => stands(effect) && !back.includes(effect));
  // Telling a person is what follows a failure; it is no part of what is taken back.
  const lastBack = Math.max(...steps.map((effect, index) => (back.includes(effect) ? index : -1)));
  return [
    ...wrongOrder,
    ...left
      .filter((effect) => steps.indexOf(effect) < lastBack)
      .map(
        ({ step }) => `${step} still stands, although the plan was taken back and no failure was reported`,
      ),
  ];
}
