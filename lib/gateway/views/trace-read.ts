/** What the ledger holds of one order or shipment, gathered for its trace. */
import type { IdentifierLink, StoredFact } from '../../ledger/cases';
import type { EffectRecord } from '../../ledger/effects';
import type { Ledger } from '../../ledger/port';
import type { DeadLetter, ParkedMessage, RunRecord } from '../../ledger/runs';
import type { CaseEvent, CaseState } from '../../model/case';
import { normalizeIdentifier } from '../../model/keys';
import { type Walk, walkIdentifiers } from './walk';

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

async function all<T>(reads: Promise<T[]>[]): Promise<T[]> {
  return (await Promise.all(reads)).flat();
}

function unique<T>(items: T[], keyOfItem: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOfItem(item), item])).values()];
}
