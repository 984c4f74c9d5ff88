/** The commands whose guards weigh something: a decision and its limit, a reopening, an escalation. */
import { choose, isAbove } from './case-question';
import { type Command, type Refused, refused, type Step } from './case-step';
import type { CaseChanges, CaseClocks, CaseState } from './case-types';

/** A contradicting fact reopens a case this long after it ended. */
export const reopenWindowMs = 7 * 24 * 3_600_000;

export function decide(command: Command<'decide'>, state: CaseState, at: number): Step[] | Refused {
  const { outcome, row, by } = command;
  const personal = state.state === 'MANUAL';
  const chosen = state.question && choose(command, state, state.question, at);
  if (chosen && !('id' in chosen)) return 'code' in chosen ? chosen : [chosen];
  const then = chosen?.then ?? command.then;
  // A question may be asked about a case that a policy has handed to people: its default is theirs.
  if (personal && command.role === 'system' && !chosen) {
    return refused(
      'AUTOMATION_PAUSED',
      "The case is in a person's hands.",
      'Hand the case back to let the automation go on.',
    );
  }
  if (personal && state.manualFrom !== 'DECISION_PENDING') {
    return refused(
      'NO_DECISION_PENDING',
      'The case does not wait for a decision.',
      'Resolve it with evidence, or hand it back.',
    );
  }
  if (aboveLimit(command, state)) {
    return refused(
      'ABOVE_LIMIT',
      'The order value is above your approval limit.',
      'Ask a supervisor to decide.',
    );
  }
  const policy = state.policy && { ...state.policy, outcome, ...(row !== undefined && { row }) };
  if (outcome === 'MANUAL') {
    if (personal)
      return refused(
        'ALREADY_MANUAL',
        'The case is in your hands already.',
        'Decide on an outcome, resolve it or hand it back.',
      );
    return [{ to: 'MANUAL', detail: { outcome }, changes: { ...(policy && { policy }) } }];
  }
  const planVersion = state.planVersion + 1;
  const decided: Step = {
    to: 'REMEDIATING',
    detail: { outcome, then },
    changes: {
      planVersion,
      plan: { version: planVersion, outcome, then, decidedBy: by, decidedAt: at },
      ...(policy && { policy }),
      ...(state.question && { question: null }),
      ...acknowledged(state, at),
    },
  };
  return personal ? [{ type: 'handBack', to: 'DECISION_PENDING', changes: {} }, decided] : [decided];
}

/** A limit in another currency cannot be compared, so it does not suffice. */
function aboveLimit({ role, limit }: Command<'decide'>, { context }: CaseState): boolean {
  if (limit === undefined || role !== 'operator' || context.orderValue === undefined) return false;
  return isAbove(context.orderValue, limit);
}

export function reopen(command: Command<'reopen'>, state: CaseState, at: number): Step | Refused {
  if (at - (state.endedAt ?? state.updatedAt) > reopenWindowMs) {
    return refused(
      'REOPEN_WINDOW_PASSED',
      'The case ended more than 7 days ago.',
      'A new fact opens a new case.',
    );
  }
  const factIds = command.factIds ?? [];
  if (command.role === 'system' && factIds.length === 0) {
    return refused(
      'FACT_REQUIRED',
      'The automation reopens a case for a contradicting fact only.',
      'Name the fact.',
    );
  }
  return {
    to: 'DETECTED',
    ...(factIds.length > 0 && { detail: { factIds } }),
    changes: {
      openedAt: at,
      reopenCount: state.reopenCount + 1,
      factCount: state.factCount + factIds.length,
      verifyFailures: 0,
      clocks: command.clocks ?? {},
      endedAt: null,
      suppressedUntil: null,
      policy: null,
      plan: null,
      question: null,
    },
  };
}

export function escalate(command: Command<'escalate'>, state: CaseState, at: number): Step | Refused {
  const { clock } = command;
  const step = (clocks: Partial<CaseClocks>): Step => ({
    to: state.state,
    detail: { ...(clock && { clock }), level: state.level + 1 },
    changes: { level: state.level + 1, ...(clock && { clocks: { ...state.clocks, ...clocks } }) },
  });
  if (clock === undefined) {
    return command.role === 'system'
      ? refused(
          'CLOCK_REQUIRED',
          'The automation escalates for a clock only.',
          'Name the clock that ran out.',
        )
      : step({});
  }
  const { acknowledgeDueAt, acknowledgedAt, acknowledgeBreachedAt, resolveDueAt, resolveBreachedAt } =
    state.clocks;
  const due = clock === 'acknowledge' ? acknowledgeDueAt : resolveDueAt;
  const met =
    clock === 'acknowledge'
      ? acknowledgedAt !== undefined
      : state.state === 'RESOLVED' || state.state === 'VERIFIED';
  const breachedAt = clock === 'acknowledge' ? acknowledgeBreachedAt : resolveBreachedAt;
  if (due === undefined || met || at < due)
    return refused('CLOCK_NOT_BREACHED', `The ${clock} clock has not run out.`, 'Nothing needs to be done.');
  if (breachedAt !== undefined)
    return refused(
      'ALREADY_ESCALATED',
      `The case was escalated for the ${clock} clock.`,
      'Nothing needs to be done.',
    );
  return step(clock === 'acknowledge' ? { acknowledgeBreachedAt: at } : { resolveBreachedAt: at });
}

/** The first person or decision that takes a case on stops its acknowledge clock. */
export function acknowledged(state: CaseState, at: number): CaseChanges {
  return state.clocks.acknowledgedAt === undefined ? { clocks: { ...state.clocks, acknowledgedAt: at } } : {};
}
