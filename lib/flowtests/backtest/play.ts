/** Plays recorded cases on a candidate, one after the other, each in an emptied ledger and in its own time. */
import { isRerouteError } from '../../model/errors';
import { momentsOf, type Timeline } from '../capsule/timeline';
import type { FlowRuntime } from '../runtime';
import type { RecordedAnswers } from './answers';
import { decisionChange, effectChanges } from './compare';
import type { BacktestCase, CaseResult } from './model';

/** A flow that waits is followed for so many of its timers; a verification that never succeeds has its answer by then. */
const maxTimers = 200;

export async function playCase(
  runtime: FlowRuntime,
  answers: RecordedAnswers,
  recorded: BacktestCase,
): Promise<CaseResult> {
  const { state, facts } = recorded;
  const result: CaseResult = {
    ...{ caseId: state.id, subject: state.subject, region: state.region ?? '', facts: facts.length },
    ...{ taken: true, effects: [], unanswered: [], assumed: [] },
  };
  answers.begin(recorded.effects, state.id);
  try {
    const end = await playMoments(runtime, recorded);
    await compare(runtime, answers, recorded, end, result);
  } catch (error) {
    if (!isRerouteError(error)) throw error;
    result.error = error.message;
  }
  result.unanswered = [...answers.unanswered];
  result.assumed = [...answers.assumed];
  return result;
}

/** Answers until when the case was worked on. */
async function playMoments(runtime: FlowRuntime, recorded: BacktestCase): Promise<number> {
  const moments = momentsOf(recorded);
  const { engine, clock } = runtime;
  await runtime.begin(recorded.state.id, moments[0]?.at ?? recorded.state.detectedAt);
  for (const { at, step, fact } of moments) {
    if (at > clock.now()) await advance(runtime, at);
    if (fact) {
      const { raw: _raw, ...data } = fact.fact.data;
      await engine.recordFacts(fact.partner, [{ type: fact.fact.type, dedupKey: fact.fact.dedupKey, data }]);
    } else if ('signal' in step) await engine.waits.signal(step.signal, step.payload, step.by);
    else if ('decide' in step) await decide(runtime, recorded, step);
    await runtime.settle();
    if (runtime.isStuck()) break;
  }
  const end = Math.max(
    clock.now(),
    recorded.state.updatedAt,
    ...recorded.effects.map(({ updatedAt }) => updatedAt),
  );
  await advance(runtime, end);
  return end;
}

async function advance(runtime: FlowRuntime, to: number): Promise<void> {
  for (let timers = 0; timers < maxTimers; timers += 1) {
    const next = await runtime.nextDueAt();
    if (next === undefined || next > to || runtime.isStuck()) break;
    await runtime.advanceTo(next);
  }
  runtime.clock.moveTo(to);
}

/** What a person did at the case, as the timeline tells it. */
type DecideStep = Extract<Timeline['then'][number], { decide: unknown }>;

/** What a person decided then they decide now, where they are asked; where they are not, there is nothing to decide. */
async function decide(
  runtime: FlowRuntime,
  { state }: BacktestCase,
  { decide: outcome, then, by }: DecideStep,
): Promise<void> {
  const own = await caseOf(runtime, state);
  if (!own || (own.state !== 'MANUAL' && !own.question)) return;
  const action = {
    action: 'decide',
    outcome,
    then,
    reason: 'as recorded',
    expectedVersion: own.version,
  } as const;
  await runtime.engine.cases.act(own.id, action, { actor: by, role: 'admin' });
}

async function caseOf({ ledger }: Pick<FlowRuntime, 'ledger'>, { subject, code }: BacktestCase['state']) {
  const cases = await ledger.casesBySubjects([subject]);
  return cases.find((one) => one.code === code);
}

async function compare(
  { ledger, engine }: FlowRuntime,
  answers: RecordedAnswers,
  recorded: BacktestCase,
  end: number,
  result: CaseResult,
): Promise<void> {
  const state = await caseOf({ ledger }, recorded.state);
  result.taken = state !== undefined && engine.isTaken(state);
  if (!state || !result.taken) return;
  const effects = await ledger.effectsByCase(state.id);
  // A read-back stands at the end; where the way ended before, what it did not reach is unknown.
  const isWhole = answers.unanswered.every(({ step }) => step === 'verify');
  const decision = state.policy || isWhole ? decisionChange(recorded.state, state) : undefined;
  if (decision) result.decision = decision;
  const reached = new Set(effects.map(({ step }) => step));
  const before = isWhole ? recorded.effects : recorded.effects.filter(({ step }) => reached.has(step));
  const window = { from: recorded.state.detectedAt, to: end };
  result.effects = effectChanges({ state: recorded.state, effects: before }, { state, effects }, window);
}
