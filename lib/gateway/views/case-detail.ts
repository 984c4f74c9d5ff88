/** One case with all that belongs to it, as an operator looks at it. */
import type { Ledger } from '../../ledger/port';
import { allowedActions, type CaseAction, type CaseState } from '../../model/case';
import { offered } from '../../model/case-question';
import type { Caller } from '../deps';
import { permits } from '../roles';
import { assembleTrace, type TraceEntry } from './trace';
import { isOutward, type TraceParts, traceLimits } from './trace-read';
import {
  wireCase,
  wireDeadLetterItem,
  wireEffect,
  wireFact,
  wireParked,
  wireRun,
  withInstants,
} from './wire';

/** How a service clock stands: what is left of it, in milliseconds; negative once it has run out. */
export interface ClockView {
  dueAt: string;
  remainingMs: number;
  state: 'running' | 'met' | 'breached';
}

export interface CaseDetail {
  case: unknown;
  clocks: { acknowledge?: ClockView; resolve?: ClockView };
  /** What this caller may do now. */
  allowedActions: string[];
  /** What people are asked, and how each choice stands for this caller. */
  question?: unknown;
  timeline: TraceEntry[];
  facts: unknown[];
  runs: unknown[];
  effects: unknown[];
  waits: unknown[];
  deadLetters: unknown[];
}

export async function readCaseParts(ledger: Ledger, state: CaseState): Promise<TraceParts> {
  const [caseEvents, facts, runs, effects, waits] = await Promise.all([
    ledger.caseEvents(state.id),
    ledger.factsByCase(state.id),
    ledger.runsByCase(state.id),
    ledger.effectsByCase(state.id),
    ledger.parkedByCase(state.id),
  ]);
  const runIds = runs.map((run) => run.id);
  const letters =
    runIds.length === 0
      ? []
      : (await ledger.deadLetters({ runIds }, { limit: traceLimits.deadLetters })).items;
  return {
    cases: [state],
    caseEvents,
    facts,
    runs,
    effects: effects.filter(isOutward),
    waits,
    deadLetters: letters,
  };
}

export function assembleCase(state: CaseState, parts: TraceParts, caller: Caller, now: number): CaseDetail {
  return {
    case: wireCase(state),
    clocks: clocksOf(state, now),
    allowedActions: actionsFor(state, parts, caller),
    ...questionFor(state, caller),
    timeline: assembleTrace(parts),
    facts: parts.facts.map(wireFact),
    runs: parts.runs.map(wireRun),
    effects: parts.effects.map(wireEffect),
    waits: parts.waits.map(wireParked),
    deadLetters: parts.deadLetters.map(wireDeadLetterItem),
  };
}

/** What the state machine allows, and a decision where an effect of the case waits for one. */
function actionsFor(state: CaseState, { effects }: TraceParts, caller: Caller): CaseAction[] {
  const allowed = allowedActions(state, caller.role);
  const asked = effects.some((effect) => effect.state === 'AWAITING_APPROVAL' || effect.state === 'UNKNOWN');
  return asked && permits(caller.role, 'operator') && !allowed.includes('decide')
    ? [...allowed, 'decide']
    : allowed;
}

function questionFor(state: CaseState, { actor, role }: Caller): { question?: unknown } {
  const { question } = state;
  if (!question) return {};
  const { choices: _choices, ...shown } = question;
  return { question: { ...(withInstants(shown) as object), choices: offered(state, { by: actor, role }) } };
}

export function clocksOf(state: CaseState, now: number): CaseDetail['clocks'] {
  const { clocks } = state;
  const ended = state.lastVerifiedAt ?? state.endedAt;
  // What ended the case before it was reopened does not count.
  const resolvedAt = ended !== undefined && ended >= state.openedAt ? ended : undefined;
  return {
    ...(clocks.acknowledgeDueAt === undefined
      ? {}
      : { acknowledge: clock(clocks.acknowledgeDueAt, clocks.acknowledgedAt, now) }),
    ...(clocks.resolveDueAt === undefined ? {} : { resolve: clock(clocks.resolveDueAt, resolvedAt, now) }),
  };
}

function clock(dueAt: number, metAt: number | undefined, now: number): ClockView {
  const at = metAt ?? now;
  const late = at > dueAt;
  return {
    dueAt: new Date(dueAt).toISOString(),
    remainingMs: dueAt - at,
    state: late ? 'breached' : metAt === undefined ? 'running' : 'met',
  };
}
