/** Decisions of people: asked once, parked until somebody chooses, and by default when the time is up. */

import type { CaseCommand, CaseState } from '../../model/case';
import { NothingToDoError } from '../../model/errors';
import { manualOutcome } from '../../model/policy';
import type { AskOutcome, AskRequest, FlowMessage } from '../api';
import type { EngineDeps } from '../deps';
import type { ActiveRun } from '../runs/active-run';
import type { Waits } from '../waits';
import type { CaseService } from './service';
import type { CaseSteps } from './steps';

const system = { by: 'system', role: 'system' as const };

export class Questions {
  constructor(
    private readonly deps: EngineDeps,
    private readonly cases: CaseService,
    private readonly steps: CaseSteps,
    private readonly waits: Waits,
  ) {}

  /** Repeatable: a question that stands is not asked anew, and one that was decided answers at once. */
  async ask(run: ActiveRun, message: FlowMessage, request: AskRequest): Promise<AskOutcome> {
    const before = await this.steps.caseOf(run);
    const decided = decisionOf(before, request);
    if (decided) {
      this.steps.pinPlan(message, before);
      return decided;
    }
    if (!isUndecided(before))
      throw new NothingToDoError(
        'DECIDED_OTHERWISE',
        `case ${before.id} is ${before.state}: nothing is asked any more`,
      );
    if (run.preview) {
      run.preview.notes.push(`would ask: ${request.text}`);
      return { kind: 'no answer' };
    }
    const now = this.deps.now();
    const asked = await this.steps.advance(run, (state) => questionCommands(state, request, now));
    const due = asked.question?.dueAt;
    if (due !== undefined && due <= now) return this.timeIsUp(run, message, request);
    await this.waits.park(run, message, {
      node: request.node,
      kind: 'person',
      reenter: 'input',
      signal: `decision:${asked.id}`,
      ...(due === undefined ? {} : { afterMs: due - now }),
    });
    return { kind: 'parked' };
  }

  private async timeIsUp(run: ActiveRun, message: FlowMessage, request: AskRequest): Promise<AskOutcome> {
    const id = (await this.steps.caseOf(run)).id;
    const reason = 'nobody decided in time';
    if (request.default !== undefined) {
      const applied = await this.cases.apply(
        id,
        () => [{ type: 'decide', ...system, outcome: request.default ?? '', then: {}, reason }],
        (_before, after) => ({
          id: this.deps.newId(),
          at: this.deps.now(),
          actor: 'system',
          action: 'case.decide',
          subject: `case:${id}`,
          reason,
          after: { state: after.state, version: after.version, choice: request.default },
          outcome: 'done',
        }),
      );
      const decided = decisionOf(applied.state, request);
      if (decided) {
        this.steps.pinPlan(message, applied.state);
        return decided;
      }
    }
    const left = await this.cases.apply(id, (state) =>
      state.state === 'MANUAL' ? [] : [{ type: 'takeOver', ...system, reason }],
    );
    message.case = structuredClone(left.state);
    return { kind: 'no answer' };
  }
}

/** Nobody has gone another way: the case waits for a decision, or is about to. */
function isUndecided({ state, manualFrom, plan }: CaseState): boolean {
  if (state === 'MANUAL') return manualFrom === 'DECISION_PENDING' && plan === undefined;
  return state === 'DETECTED' || state === 'ENRICHED' || state === 'DECISION_PENDING';
}

/** What was decided about this question, by a person or by default. */
function decisionOf({ plan, policy }: CaseState, { name, choices }: AskRequest): AskOutcome | undefined {
  if (!plan || policy?.name !== name || !choices.some(({ id }) => id === plan.outcome)) return undefined;
  return { kind: 'decided', choice: plan.outcome, then: plan.then, by: plan.decidedBy };
}

function questionCommands(state: CaseState, request: AskRequest, now: number): CaseCommand[] {
  if (state.question) return [];
  const { name, version, text, choices, approvalLimit, withinMs, default: byDefault } = request;
  const inputs = { question: text, choices: choices.map(({ id }) => id) };
  return [
    ...(state.state === 'ENRICHED'
      ? [{ type: 'requestDecision' as const, ...system, policy: { name, version, inputs } }]
      : []),
    {
      type: 'ask',
      ...system,
      policy: { name, version, inputs },
      question: {
        ...{ text, choices },
        ...(approvalLimit === undefined ? {} : { approvalLimit }),
        ...(withinMs === undefined ? {} : { dueAt: now + withinMs }),
        ...(byDefault === undefined || byDefault === manualOutcome ? {} : { default: byDefault }),
      },
    },
  ];
}
