/** Decisions of people: which choice counts, who may take it, and when a second person is needed. Pure. */
import { type Command, type Refused, refused, type Step } from './case-step';
import { roleSuffices } from './case-table';
import type { CaseChoice, CaseQuestion, CaseRole, CaseState } from './case-types';
import type { FactContext, Money } from './fact';

export function ask({ question, policy }: Command<'ask'>, state: CaseState, at: number): Step | Refused {
  if (state.state === 'MANUAL' && (state.manualFrom !== 'DECISION_PENDING' || state.plan)) {
    return refused(
      'NO_DECISION_PENDING',
      "The case is in a person's hands and does not wait for a decision.",
      'Hand the case back, or resolve it with evidence.',
    );
  }
  return {
    to: state.state,
    detail: { question: question.text, choices: question.choices.map(({ id }) => id) },
    changes: { question: { ...question, askedAt: at }, ...(policy && { policy }) },
  };
}

/**
 * What the question makes of a choice: the choice as it was offered, a step when the first of two persons has chosen, or a refusal.
 */
export function choose(
  command: Command<'decide'>,
  state: CaseState,
  question: CaseQuestion,
  at: number,
): CaseChoice | Step | Refused {
  const choice = question.choices.find(({ id }) => id === command.outcome);
  if (!choice) {
    return refused(
      'CHOICE_UNKNOWN',
      `${command.outcome} is none of the choices.`,
      `Choose ${question.choices.map(({ id }) => id).join(', ')}.`,
    );
  }
  const twoPersons = needsTwo(question, state.context);
  if (command.role === 'system') return byDefault(choice, question, twoPersons, at);
  if (!roleSuffices(command.role, choice.role)) {
    return refused(
      'ROLE_REQUIRED',
      `${choice.label} needs the role ${choice.role}.`,
      `Ask a ${choice.role}.`,
    );
  }
  return twoPersons ? bothEyes(command, choice, state, question, at) : choice;
}

/** Time is up: the default is taken, but never what takes two persons. */
function byDefault(
  choice: CaseChoice,
  question: CaseQuestion,
  twoPersons: boolean,
  at: number,
): CaseChoice | Refused {
  if (choice.id !== question.default || question.dueAt === undefined || at < question.dueAt) {
    return refused('DECISION_IS_A_PERSONS', 'A person decides this.', 'Wait for the decision.');
  }
  return twoPersons
    ? refused(
        'FOUR_EYES_REQUIRED',
        'The order value is above the limit, so time alone decides nothing.',
        'Two persons have to decide.',
      )
    : choice;
}

function bothEyes(
  { by, role, reason }: Command<'decide'>,
  choice: CaseChoice,
  state: CaseState,
  question: CaseQuestion,
  at: number,
): CaseChoice | Step | Refused {
  const { proposal } = question;
  if (proposal === undefined || proposal.choice !== choice.id) {
    const next = { choice: choice.id, by, at, ...(reason === undefined ? {} : { reason }) };
    return {
      to: state.state,
      detail: { proposed: choice.id },
      changes: { question: { ...question, proposal: next } },
    };
  }
  if (proposal.by === by) {
    return refused(
      'FOUR_EYES_REQUIRED',
      'The order value is above the limit, and you have proposed this yourself.',
      'Ask a supervisor to choose the same.',
    );
  }
  if (!roleSuffices(role, 'supervisor')) {
    return refused(
      'ROLE_REQUIRED',
      'The second person needs the role supervisor.',
      'Ask a supervisor to choose the same.',
    );
  }
  return choice;
}

/** An order value in another currency cannot be compared, so it is above the limit. */
export function needsTwo({ approvalLimit }: CaseQuestion, { orderValue }: FactContext): boolean {
  return approvalLimit !== undefined && orderValue !== undefined && isAbove(orderValue, approvalLimit);
}

export function isAbove(value: Money, limit: Money): boolean {
  return value.currency !== limit.currency || BigInt(value.amountMinor) > BigInt(limit.amountMinor);
}

/** How a choice stands for one person, as a screen shows it. */
export interface OfferedChoice extends CaseChoice {
  /** Whether this person may choose it now. */
  allowed: boolean;
  /** What is missing or comes next, in a sentence; undefined when the choice decides at once. */
  needs?: string;
}

export function offered(state: CaseState, caller: { by: string; role: CaseRole }): OfferedChoice[] {
  const { question } = state;
  if (!question) return [];
  const two = needsTwo(question, state.context);
  return question.choices.map((choice) => {
    const mayChoose = roleSuffices(caller.role, 'operator') && roleSuffices(caller.role, choice.role);
    if (!mayChoose) return { ...choice, allowed: false, needs: `the role ${choice.role}` };
    if (!two) return { ...choice, allowed: true };
    const second = question.proposal?.choice === choice.id;
    if (!second)
      return { ...choice, allowed: true, needs: 'a second person, a supervisor, who chooses the same' };
    const may = question.proposal?.by !== caller.by && roleSuffices(caller.role, 'supervisor');
    return may
      ? { ...choice, allowed: true }
      : { ...choice, allowed: false, needs: 'another person, a supervisor' };
  });
}
