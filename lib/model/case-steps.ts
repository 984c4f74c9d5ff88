/** What each command changes, once state and role allow it; the guards that depend on the command's own details. */
import { acknowledged, decide, escalate, reopen } from './case-moves';
import { ask } from './case-question';
import { type Command, type Refused, refused, type Step } from './case-step';
import type { CaseCommand, CaseState } from './case-types';
import type { FactContext } from './fact';
import { unionIdentifiers } from './identifiers';
import { severities, severityOf } from './taxonomy';

/** At this many failed verifications a person takes over. */
export const maxVerifyFailures = 3;
/** How long the automation leaves a verified case open, unless the command says otherwise. */
export const coolingMs = 24 * 3_600_000;

type Handlers = {
  [T in CaseCommand['type']]: (command: Command<T>, state: CaseState, at: number) => Step | Step[] | Refused;
};

/** The steps of a command that the table allows, or why its guard refuses it. */
export function changesOf(command: CaseCommand, state: CaseState | undefined, at: number): Step[] | Refused {
  const handler = handlers[command.type] as (
    command: CaseCommand,
    state: CaseState,
    at: number,
  ) => Step | Step[] | Refused;
  // The table lets only `detect` through without a case, and its handler does not look at the state.
  const result = handler(command, state as CaseState, at);
  return 'code' in result ? result : Array.isArray(result) ? result : [result];
}

const handlers: Handlers = {
  detect: (command, _state, at) => {
    const {
      id,
      tenant,
      subject,
      code,
      correlationId,
      onsetAt,
      onsetTrusted,
      context,
      identifiers,
      partner,
      region,
      warehouse,
      recurrenceOf,
      clocks,
    } = command;
    return {
      to: 'DETECTED',
      changes: {
        id,
        tenant,
        subject,
        code,
        correlationId,
        onsetTrusted,
        context,
        identifiers,
        partner,
        clocks,
        severity: severityFor(code, context, at),
        openedAt: at,
        detectedAt: at,
        onsetAt: Math.min(onsetAt, at),
        level: 0,
        reopenCount: 0,
        factCount: 1,
        planVersion: 0,
        verifyFailures: 0,
        evidence: [],
        ...(region !== undefined && { region }),
        ...(warehouse !== undefined && { warehouse }),
        ...(recurrenceOf !== undefined && { recurrenceOf }),
      },
    };
  },
  attachDuplicate: ({ factIds, onsetAt, identifiers, context }, state) => ({
    to: state.state,
    detail: { factIds },
    changes: {
      factCount: state.factCount + factIds.length,
      ...(onsetAt !== undefined && onsetAt < state.onsetAt && { onsetAt }),
      ...(identifiers && { identifiers: unionIdentifiers(state.identifiers, identifiers) }),
      ...(context && { context: { ...state.context, ...context } }),
    },
  }),
  enrich: ({ resolved, context, identifiers, clocks }, state, at) => {
    const merged = { ...state.context, ...context };
    return {
      to: resolved ? 'ENRICHED' : 'MANUAL',
      ...(!resolved && { detail: { unresolved: true } }),
      changes: {
        context: merged,
        severity: severityFor(state.code, merged, at),
        ...(identifiers && { identifiers: unionIdentifiers(state.identifiers, identifiers) }),
        ...(clocks && { clocks: { ...state.clocks, ...clocks } }),
      },
    };
  },
  requestDecision: ({ policy }) => ({ to: 'DECISION_PENDING', changes: { policy } }),
  ask,
  decide,
  stepsDispatched: () => ({ to: 'AWAITING_ACK', changes: {} }),
  stepFailed: ({ step, message, exhausted }) => ({
    to: exhausted ? 'MANUAL' : 'REMEDIATING',
    detail: { step, message, exhausted },
    // Handed back, a case that waited for an answer does its missing steps again.
    ...(exhausted && { manualFrom: 'REMEDIATING' as const }),
    changes: {},
  }),
  allAcked: () => ({ to: 'RESOLVED', changes: {} }),
  verify: ({ evidence }, state, at) =>
    evidence.length === 0
      ? refused(
          'EVIDENCE_REQUIRED',
          'A case is verified by what the owning system shows.',
          'Give at least one piece of evidence.',
        )
      : {
          to: 'VERIFIED',
          detail: { evidence },
          changes: { lastVerifiedAt: at, evidence: keep(state, evidence) },
        },
  verifyFailed: ({ message }, state) => {
    const verifyFailures = state.verifyFailures + 1;
    const exhausted = verifyFailures >= maxVerifyFailures;
    return {
      to: exhausted ? 'MANUAL' : 'REMEDIATING',
      detail: { message, verifyFailures },
      ...(exhausted && { manualFrom: 'REMEDIATING' as const }),
      changes: { verifyFailures },
    };
  },
  close: (command, state, at) => {
    const openUntil = (state.lastVerifiedAt ?? at) + (command.coolingMs ?? coolingMs);
    if (command.role === 'system' && at < openUntil) {
      return refused(
        'COOLING',
        `The case stays open until ${new Date(openUntil).toISOString()}.`,
        'Close it then; an operator may close it now.',
      );
    }
    return { to: 'CLOSED', changes: {} };
  },
  takeOver: (command, state, at) => ({
    to: 'MANUAL',
    changes: { ...acknowledged(state, at), ...(command.role !== 'system' && { assignee: command.by }) },
  }),
  handBack: (_command, state) => ({ to: state.manualFrom ?? 'DETECTED', changes: { verifyFailures: 0 } }),
  resolve: ({ evidence }, state, at) =>
    evidence.length === 0
      ? refused(
          'EVIDENCE_REQUIRED',
          'A manual resolution needs evidence.',
          'Say what was done, and which system shows it.',
        )
      : {
          to: 'RESOLVED',
          detail: { evidence },
          changes: { ...acknowledged(state, at), evidence: keep(state, evidence) },
        },
  suppress: ({ until }, state, at) => {
    if (state.plan)
      return refused(
        'ALREADY_ACTED',
        'A plan was decided, so the case cannot be suppressed.',
        'Compensate what was done and cancel it, or resolve it.',
      );
    if (until <= at)
      return refused(
        'EXPIRY_REQUIRED',
        'A suppression ends in the future.',
        'Give the time until which it holds.',
      );
    return { to: 'SUPPRESSED', changes: { suppressedUntil: until, ...acknowledged(state, at) } };
  },
  cancel: ({ inFlight, uncompensated }) => {
    if (inFlight > 0)
      return refused(
        'IN_FLIGHT',
        `${inFlight} effects are under way.`,
        'Wait until they are answered, or take the case over first.',
      );
    if (uncompensated > 0)
      return refused(
        'NOT_COMPENSATED',
        `${uncompensated} effects are not taken back.`,
        'Compensate them first, or resolve the case.',
      );
    return { to: 'CANCELLED', changes: {} };
  },
  reopen,
  escalate,
  assign: ({ assignee }, state, at) => ({
    to: state.state,
    detail: { assignee },
    changes: { assignee, ...acknowledged(state, at) },
  }),
  note: ({ text }, state) =>
    text.trim() === ''
      ? refused('TEXT_REQUIRED', 'A note says something.', 'Write the note.')
      : { to: state.state, detail: { text }, changes: {} },
  link: ({ parent }, state) =>
    parent === state.id
      ? refused('OWN_PARENT', 'A case cannot wait for itself.', 'Name another case.')
      : { to: state.state, detail: { parent }, changes: { parent } },
};

function keep(state: CaseState, evidence: CaseState['evidence']): CaseState['evidence'] {
  return [...state.evidence, ...evidence].slice(-50);
}

function severityFor(code: CaseState['code'], context: FactContext, at: number): CaseState['severity'] {
  const slack =
    context.promisedDeliveryAt === undefined ? undefined : Date.parse(context.promisedDeliveryAt) - at;
  const computed = severityOf(code, context.slaTier ?? 'STANDARD', slack);
  // What a source calls more severe is not made milder by the table.
  return context.severity !== undefined && severities.indexOf(context.severity) < severities.indexOf(computed)
    ? context.severity
    : computed;
}
