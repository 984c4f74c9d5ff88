/** The trace: everything that happened to one order or shipment, in the order in which Reroute came to know it. */
import type { StoredFact } from '../../ledger/cases';
import type { EffectRecord } from '../../ledger/effects';
import type { DeadLetter, ParkedMessage, RunRecord } from '../../ledger/runs';
import type { CaseEvent, CaseState } from '../../model/case';
import { factId } from '../../model/keys';
import type { TraceParts } from './trace-read';
import {
  toInstant,
  wireDeadLetterItem,
  wireEffect,
  wireFact,
  wireParked,
  wireRun,
  withInstants,
} from './wire';

export const traceKinds = [
  'fact',
  'run',
  'case',
  'wait',
  'effect',
  'acknowledgement',
  'dead-letter',
] as const;
export type TraceKind = (typeof traceKinds)[number];

export interface TraceEntry {
  /** When Reroute recorded it; a fact's own event time stands in its event. */
  at: string;
  kind: TraceKind;
  id: string;
  /** What happened, in a few words. */
  title: string;
  subject?: string;
  partner?: string;
  caseId?: string;
  runId?: string;
  /** A fact that became known after a later one of the same subject. */
  late?: boolean;
  /** A fact that another one has taken back since. */
  retracted?: boolean;
  record: unknown;
}

const byTime = new Map<TraceKind, number>(traceKinds.map((kind, rank) => [kind, rank]));

/** Entries in time order; at the same instant what causes stands before what follows. */
export function assembleTrace(parts: TraceParts): TraceEntry[] {
  const entries = [
    ...factEntries(parts.facts),
    ...parts.runs.map(runEntry),
    ...parts.caseEvents.map((event) => caseEntry(event, parts.cases)),
    ...parts.waits.map(waitEntry),
    ...parts.effects.flatMap(effectEntries),
    ...parts.deadLetters.map(deadLetterEntry),
  ];
  return entries.sort(
    (a, b) =>
      compare(Date.parse(a.at), Date.parse(b.at)) || compare(rankOf(a), rankOf(b)) || orderWithin(a, b),
  );
}

const rankOf = (entry: TraceEntry): number => byTime.get(entry.kind) ?? 0;
const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Events of one case by version, facts by event time, everything else by id. */
function orderWithin(a: TraceEntry, b: TraceEntry): number {
  return compare(keyOf(a), keyOf(b)) || compare(a.id, b.id);
}

function keyOf(entry: TraceEntry): number {
  const { record } = entry;
  if (entry.kind === 'case') return (record as CaseEvent).version;
  if (entry.kind === 'fact') return Date.parse((record as { event: { time: string } }).event.time);
  return 0;
}

/** Facts in the order in which they became known, with what that order says about them. */
function factEntries(facts: StoredFact[]): TraceEntry[] {
  const retracted = new Set(
    facts.flatMap(({ fact }) => {
      const eventId = fact.data.retracts?.eventId;
      return eventId === undefined ? [] : [eventId, factId(fact.source, eventId)];
    }),
  );
  const latest = new Map<string, number>();
  const inOrder = [...facts].sort(
    (a, b) => Date.parse(a.fact.recordedTime) - Date.parse(b.fact.recordedTime),
  );
  return inOrder.map((stored) => {
    const { subject, time, id } = stored.fact;
    const at = Date.parse(time);
    const newest = latest.get(subject) ?? Number.NEGATIVE_INFINITY;
    latest.set(subject, Math.max(newest, at));
    return {
      ...factEntry(stored),
      ...(at < newest && { late: true }),
      ...(retracted.has(id) && { retracted: true }),
    };
  });
}

function factEntry(stored: StoredFact): TraceEntry {
  const { fact } = stored;
  const { milestone, exception, sourceCode } = fact.data;
  return {
    at: new Date(fact.recordedTime).toISOString(),
    kind: 'fact',
    id: fact.id,
    title: [exception?.code ?? milestone ?? fact.type, sourceCode?.text ?? sourceCode?.status]
      .filter((part) => part !== undefined)
      .join(': '),
    subject: fact.subject,
    partner: stored.partner,
    ...(stored.runId === undefined ? {} : { runId: stored.runId }),
    record: wireFact(stored),
  };
}

function runEntry(run: RunRecord): TraceEntry {
  return {
    at: toInstant(run.createdAt),
    kind: 'run',
    id: run.id,
    title: `${run.kind} run ${run.state}${run.lastError ? `: ${run.lastError.message}` : ''}`,
    ...(run.partner === undefined ? {} : { partner: run.partner }),
    ...(run.caseId === undefined ? {} : { caseId: run.caseId }),
    runId: run.id,
    record: wireRun(run),
  };
}

function caseEntry(event: CaseEvent, cases: CaseState[]): TraceEntry {
  const owner = cases.find((item) => item.id === event.caseId);
  const move = event.from === event.to ? event.to : `${event.from ?? 'new'} -> ${event.to}`;
  return {
    at: toInstant(event.at),
    kind: 'case',
    id: `${event.caseId}:${event.version}`,
    title: `${owner?.code ?? 'case'} ${event.type}: ${move}`,
    ...(owner ? { subject: owner.subject, partner: owner.partner } : {}),
    caseId: event.caseId,
    record: withInstants(event),
  };
}

function waitEntry(parked: ParkedMessage): TraceEntry {
  return {
    at: toInstant(parked.at),
    kind: 'wait',
    id: parked.id,
    title: `waits for ${parked.signal === undefined ? `a ${parked.kind}` : `the signal ${parked.signal}`}: ${parked.state}`,
    ...(parked.caseId === undefined ? {} : { caseId: parked.caseId }),
    runId: parked.runId,
    record: wireParked(parked),
  };
}

/** An effect, and its acknowledgement when the system that owns the outcome has shown it. */
function effectEntries(effect: EffectRecord): TraceEntry[] {
  const shared = {
    partner: effect.partner,
    runId: effect.runId,
    ...(effect.caseId === undefined ? {} : { caseId: effect.caseId }),
  };
  const entry: TraceEntry = {
    ...shared,
    at: toInstant(effect.at),
    kind: 'effect',
    id: effect.key,
    title: `${effect.partner} ${effect.operation} on ${effect.target}: ${effect.state}`,
    record: wireEffect(effect),
  };
  if (effect.confirmedAt === undefined) return [entry];
  const { key, operation, target, reference, adopted, safety } = effect;
  return [
    entry,
    {
      ...shared,
      at: toInstant(effect.confirmedAt),
      kind: 'acknowledgement',
      id: `${key}:confirmed`,
      title: `${effect.partner} shows ${operation} on ${target}`,
      record: { effect: key, operation, target, reference, adopted, safety },
    },
  ];
}

function deadLetterEntry(letter: DeadLetter): TraceEntry {
  return {
    at: toInstant(letter.at),
    kind: 'dead-letter',
    id: letter.id,
    title: `${letter.reason.code}: ${letter.reason.message} (${letter.state})`,
    ...(letter.partner === undefined ? {} : { partner: letter.partner }),
    ...(letter.runId === undefined ? {} : { runId: letter.runId }),
    record: wireDeadLetterItem(letter),
  };
}
