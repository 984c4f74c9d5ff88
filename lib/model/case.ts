/**
 * The case: a deterministic state machine. `decideCase` says what a command does, `evolveCase` applies what it said.
 * Commands on one case are serialised by the caller, who also checks the version that the sender saw (`checkVersion`).
 */

import type { Step } from './case-step';
import { changesOf } from './case-steps';
import { caseTable, endedStates, mainPath, openStates, roleSuffices } from './case-table';
import type {
  CaseChanges,
  CaseCommand,
  CaseEvent,
  CaseRefusal,
  CaseRole,
  CaseState,
  CaseStateName,
} from './case-types';
import { VersionConflictError } from './errors';

export { reopenWindowMs } from './case-moves';
export { coolingMs, maxVerifyFailures } from './case-steps';
export { caseTable, endedStates, openStates } from './case-table';
export * from './case-types';

export type CaseDecision =
  | { ok: true; events: CaseEvent[]; state: CaseState }
  | { ok: false; refusal: CaseRefusal };

/**
 * What a command does to a case at a time (epoch milliseconds). Pure and total: a command that is not allowed is refused with a
 * code, a sentence and what to do next, and changes nothing.
 * @param state undefined only for `detect`
 */
export function decideCase(command: CaseCommand, state: CaseState | undefined, at: number): CaseDecision {
  const refusal = wrongState(command, state) ?? wrongActor(command);
  if (refusal) return { ok: false, refusal };
  const steps = changesOf(command, state, at);
  if ('code' in steps) return { ok: false, refusal: { ...steps, past: false } };
  const events: CaseEvent[] = [];
  let current = state;
  for (const step of steps) {
    const event = eventOf(step, command, current, at);
    events.push(event);
    current = evolveCase(current, event);
  }
  return { ok: true, events, state: current as CaseState };
}

/** The case after an event; the events of a case, folded from undefined, give its state. */
export function evolveCase(state: CaseState | undefined, event: CaseEvent): CaseState {
  const next: Record<string, unknown> = { ...state };
  for (const [field, value] of Object.entries(event.changes)) {
    if (value === null) delete next[field];
    else if (value !== undefined) next[field] = value;
  }
  return { ...(next as unknown as CaseState), state: event.to, version: event.version, updatedAt: event.at };
}

/** @throws VersionConflictError when the case has changed since the sender read it. */
export function checkVersion(state: CaseState, expectedVersion: number): void {
  if (state.version !== expectedVersion)
    throw new VersionConflictError('case', state.id, expectedVersion, state.version);
}

export function isOpen(state: CaseStateName): boolean {
  return (openStates as readonly CaseStateName[]).includes(state);
}

/** Actions of the public API, in the order a screen shows them. */
export const caseActions = [
  'assign',
  'note',
  'decide',
  'takeOver',
  'handBack',
  'resolve',
  'verify',
  'close',
  'suppress',
  'cancel',
  'reopen',
  'escalate',
] as const;
export type CaseAction = (typeof caseActions)[number];

/** What a person in a role may do with a case now; guards on details (limits, expiry, evidence) are checked when it is done. */
export function allowedActions(state: CaseState, role: CaseRole): CaseAction[] {
  return caseActions.filter((action) => {
    const { from, role: needed } = caseTable[action];
    if (!from.includes(state.state) || !roleSuffices(role, needed)) return false;
    if (action === 'decide') return state.state !== 'MANUAL' || state.manualFrom === 'DECISION_PENDING';
    if (action === 'suppress') return state.plan === undefined;
    return true;
  });
}

function eventOf(step: Step, command: CaseCommand, state: CaseState | undefined, at: number): CaseEvent {
  const ended = (endedStates as readonly CaseStateName[]).includes(step.to);
  const changes: CaseChanges = { ...step.changes, ...(ended && state?.state !== step.to && { endedAt: at }) };
  // What was asked is moot once the case has gone on otherwise.
  if (state?.question && step.to !== 'MANUAL' && step.to !== 'DECISION_PENDING') changes.question ??= null;
  if (step.to === 'MANUAL' && state?.state !== 'MANUAL')
    changes.manualFrom = step.manualFrom ?? state?.state ?? null;
  if (state?.state === 'MANUAL' && step.to !== 'MANUAL') changes.manualFrom = null;
  return {
    caseId: state?.id ?? step.changes.id ?? '',
    version: (state?.version ?? 0) + 1,
    type: step.type ?? command.type,
    from: state?.state ?? null,
    to: step.to,
    at,
    by: command.by,
    ...(command.reason !== undefined && { reason: command.reason }),
    ...(step.detail && { detail: step.detail }),
    changes,
  };
}

function wrongState(command: CaseCommand, state: CaseState | undefined): CaseRefusal | undefined {
  const { from, to } = caseTable[command.type];
  if (from.includes(state?.state ?? null)) return undefined;
  if (state === undefined)
    return refuse('NO_CASE', `There is no case to ${command.type}.`, 'Detect it first.');
  if (command.type === 'detect') {
    return refuse(
      'CASE_OPEN',
      `Case ${state.id} exists already (${state.state}).`,
      'Attach the fact to it, or reopen it.',
      true,
    );
  }
  if (state.state === 'MANUAL' && caseTable[command.type].role === 'system') {
    return refuse(
      'AUTOMATION_PAUSED',
      `Case ${state.id} is in a person's hands; ${command.type} waits.`,
      'Hand the case back to let the automation go on.',
    );
  }
  const reached = mainPath.indexOf(state.state);
  const past =
    to !== 'same' &&
    to.every(
      (target) => target === 'MANUAL' || (mainPath.includes(target) && mainPath.indexOf(target) <= reached),
    );
  return refuse(
    'WRONG_STATE',
    `${command.type} is not allowed while case ${state.id} is ${state.state}.`,
    `It is allowed from ${from.map((name) => name ?? 'nothing').join(', ')}.`,
    past,
  );
}

function wrongActor(command: CaseCommand): CaseRefusal | undefined {
  const { role, reason } = caseTable[command.type];
  if (!roleSuffices(command.role, role)) {
    return refuse(
      'ROLE_REQUIRED',
      `${command.type} needs the role ${role}.`,
      `Ask somebody with the role ${role}.`,
    );
  }
  if (reason && command.role !== 'system' && !command.reason?.trim()) {
    return refuse('REASON_REQUIRED', `${command.type} needs a reason.`, 'Say in a sentence why.');
  }
  return undefined;
}

function refuse(code: string, message: string, hint: string, past = false): CaseRefusal {
  return { code, message, hint, past };
}
