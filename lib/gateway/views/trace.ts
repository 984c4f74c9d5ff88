/** The trace: everything that happened to one order or shipment, in the order in which Reroute came to know it. */
import type { IdentifierLink, StoredFact } from '../../ledger/cases';
import type { EffectRecord } from '../../ledger/effects';
import type { Ledger } from '../../ledger/port';
import type { DeadLetter, ParkedMessage, RunRecord } from '../../ledger/runs';
import type { CaseEvent, CaseState } from '../../model/case';
import { normalizeIdentifier } from '../../model/keys';
import { type Walk, walkIdentifiers } from './walk';
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
  record: unknown;
}

export interface TraceParts {
  facts: StoredFact[];
  cases: CaseState[];
  caseEvents: CaseEvent[];
  runs: RunRecord[];
  effects: EffectRecord[];
  waits: ParkedMessage[];
  deadLetters: DeadLetter[];
}

export interface Trace {
  identifier: string;
  walk: Walk;
  parts: TraceParts;
  /** True when there is more than a trace shows. */
  truncated: boolean;
}

/** The most a trace reads of each kind. */
export const traceLimits = { facts: 1_000, runs: 500, deadLetters: 200 };

/** Reads everything behind an identifier; undefined when nothing carries it. */
export async function readTrace(ledger: Ledger, identifier: string): Promise<Trace | undefined> {
  const walk = await walkIdentifiers(ledger, identifier);
  if (walk.subjects.length === 0) return undefined;
  const read = await readParts(ledger, walk.subjects);
  const answers = await answeredOn(ledger, read.parts.effects, walk);
  if (answers.length === 0) return { identifier, walk, ...read, truncated: walk.truncated || read.truncated };
  const subjects = [...walk.subjects, ...answers.map(({ subject }) => subject)];
  const whole = await readParts(ledger, subjects);
  return {
    identifier,
    walk: { ...walk, subjects, links: [...walk.links, ...answers] },
    parts: whole.parts,
    truncated: walk.truncated || whole.truncated,
  };
}

/**
 * What partners said about documents that were sent for the order: a refusal (997, TA1, CONTRL) names nothing but the document, whose
 * control number the effect keeps. Numbers are each partner's own.
 */
async function answeredOn(ledger: Ledger, effects: EffectRecord[], walk: Walk): Promise<IdentifierLink[]> {
  const sent = new Set<string>();
  for (const { partner, reference } of effects)
    if (reference !== undefined) sent.add(JSON.stringify([partner, reference]));
  if (sent.size === 0) return [];
  const numbers = effects.flatMap(({ reference }) =>
    reference === undefined ? [] : [normalizeIdentifier(reference)],
  );
  const found = await ledger.subjectsOf([...new Set(numbers)].filter((number) => number !== ''));
  const about = found.filter(
    ({ kind, value, subject, assertedBy }) =>
      kind === 'document' &&
      sent.has(JSON.stringify([assertedBy, value])) &&
      !walk.subjects.includes(subject),
  );
  return unique(about, ({ subject }) => subject);
}

async function readParts(
  ledger: Ledger,
  subjects: string[],
): Promise<{ parts: TraceParts; truncated: boolean }> {
  const [facts, cases] = await Promise.all([
    ledger.factsBySubjects(subjects, traceLimits.facts),
    ledger.casesBySubjects(subjects),
  ]);
  const runs = await readRuns(ledger, facts, cases);
  const shown = runs.slice(0, traceLimits.runs);
  const [caseEvents, effects, waits, letters] = await Promise.all([
    all(cases.map((item) => ledger.caseEvents(item.id))),
    readEffects(ledger, shown, cases),
    all(shown.map((run) => ledger.parkedByRun(run.id))),
    shown.length === 0
      ? { items: [], nextCursor: null }
      : ledger.deadLetters({ runIds: shown.map((run) => run.id) }, { limit: traceLimits.deadLetters }),
  ]);
  return {
    parts: { facts, cases, caseEvents, runs: shown, effects, waits, deadLetters: letters.items },
    truncated: facts.length >= traceLimits.facts || runs.length > shown.length || letters.nextCursor !== null,
  };
}

async function readRuns(ledger: Ledger, facts: StoredFact[], cases: CaseState[]): Promise<RunRecord[]> {
  const correlations = new Set([
    ...facts.map((item) => item.fact.correlationId),
    ...cases.map((item) => item.correlationId),
  ]);
  const [correlated, ofCases] = await Promise.all([
    correlations.size === 0 ? [] : ledger.runsByCorrelation([...correlations]),
    all(cases.map((item) => ledger.runsByCase(item.id))),
  ]);
  return unique([...correlated, ...ofCases], (run) => run.id).sort((a, b) => a.createdAt - b.createdAt);
}

async function readEffects(ledger: Ledger, runs: RunRecord[], cases: CaseState[]): Promise<EffectRecord[]> {
  const [ofRuns, ofCases] = await Promise.all([
    runs.length === 0 ? [] : ledger.effectsByRuns(runs.map((run) => run.id)),
    all(cases.map((item) => ledger.effectsByCase(item.id))),
  ]);
  return unique([...ofRuns, ...ofCases], (effect) => effect.key).filter(isOutward);
}

/** The engine keeps the keys of `idempotent` nodes as effects of its own; nothing went out for them. */
export function isOutward(effect: EffectRecord): boolean {
  return effect.partner !== 'reroute';
}

const byTime = new Map<TraceKind, number>(traceKinds.map((kind, rank) => [kind, rank]));

/** Entries in time order; at the same instant what causes stands before what follows. */
export function assembleTrace(parts: TraceParts): TraceEntry[] {
  const entries = [
    ...parts.facts.map(factEntry),
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
  const { key, operation, target, reference, adopted } = effect;
  return [
    entry,
    {
      ...shared,
      at: toInstant(effect.confirmedAt),
      kind: 'acknowledgement',
      id: `${key}:confirmed`,
      title: `${effect.partner} shows ${operation} on ${target}`,
      record: { effect: key, operation, target, reference, adopted },
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

async function all<T>(reads: Promise<T[]>[]): Promise<T[]> {
  return (await Promise.all(reads)).flat();
}

function unique<T>(items: T[], keyOfItem: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOfItem(item), item])).values()];
}
