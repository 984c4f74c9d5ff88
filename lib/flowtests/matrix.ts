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

export interface Judged {
  fault: Fault;
  /** What the scenario did without the fault. */
  base: Observed;
  observed: Observed;
  timesDone: (key: string) => number;
  /** Whether an operation can be taken back. */
  hasUndo: (effect: EffectRecord) => boolean;
}

/** What does not hold, as sentences; empty when the end is consistent. */
export function inconsistencies({ fault, base, observed, timesDone, hasUndo }: Judged): string[] {
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
    ...(isBeforePivot(fault, base) ? leftStanding(fault, base, observed, hasUndo) : []),
  ];
}

function isBeforePivot({ step }: Fault, { effects }: Observed): boolean {
  const pivot = effects.findIndex((effect) => effect.pivot);
  return pivot >= 0 && effects.findIndex((effect) => effect.step === step) <= pivot;
}

/** A failure before the pivot takes back what came before it, unless the flow found another way to the end. */
function leftStanding(
  fault: Fault,
  base: Observed,
  { effects, cases }: Observed,
  hasUndo: (effect: EffectRecord) => boolean,
): string[] {
  const isReported = cases.some(({ code }) => code === 'INTEGRATION_FAILURE');
  const isDone = cases.some(({ state }) => state === 'VERIFIED' || state === 'CLOSED');
  if (isReported || isDone || effects.some((effect) => effect.pivot && stands(effect))) return [];
  const order = base.effects.map(({ step }) => step);
  const before = order.slice(0, order.indexOf(fault.step));
  return effects
    .filter((effect) => before.includes(effect.step) && stands(effect) && hasUndo(effect))
    .map(
      ({ step }) =>
        `${step} still stands, although ${fault.step} failed before the pivot and nothing went on`,
    );
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

/** Newest first, and never behind the pivot. */
function undoProblems(steps: EffectRecord[], back: EffectRecord[], observed: Observed): string[] {
  const pivot = steps.find((effect) => effect.pivot && stands(effect));
  if (pivot)
    return [
      `${back.map(({ step }) => step).join(', ')} taken back although the pivot ${pivot.step} was passed`,
    ];
  const order = steps.filter((effect) => back.includes(effect)).map(({ step }) => step);
  const taken = takenBack(observed).filter((step) => order.includes(step));
  return taken.join() === order.reverse().join()
    ? []
    : [`taken back in the order ${taken.join(', ')}; the reverse of what was done is ${order.join(', ')}`];
}
