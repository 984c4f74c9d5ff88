/** What the ledger knows of a run and of the case that it worked on. */
import type { StoredFact } from '../../ledger/cases';
import type { EffectRecord } from '../../ledger/effects';
import type { Ledger } from '../../ledger/port';
import type { DeadLetter, ParkedMessage, RunRecord } from '../../ledger/runs';
import type { CaseEvent, CaseState } from '../../model/case';
import { FatalError } from '../../model/errors';

export interface RecordedCase {
  state: CaseState;
  events: CaseEvent[];
  /** Everything that was said of the shipment and does not open another case; in the order of recording. */
  facts: StoredFact[];
  /** Reads among them, in the order of their intents. */
  effects: EffectRecord[];
  deadLetters: DeadLetter[];
  parked: ParkedMessage[];
  /** All cases that those facts, and what the run did, have opened; in the order of their opening. */
  cases: CaseState[];
}

const maxFacts = 500;
/** Facts that the engine records about its own failures: a repeated run records them again. */
const ownFact = /^compensation\|/;

/** @throws FatalError NO_RUN or NO_CASE */
export async function recordedCase(ledger: Ledger, runId: string): Promise<RecordedCase> {
  const run = await ledger.run(runId);
  if (!run) throw new FatalError('NO_RUN', `there is no run ${runId}`);
  const caseId = await caseOf(ledger, run);
  const state = await ledger.case(caseId);
  if (!state) throw new FatalError('CASE_MISSING', `case ${caseId} is not in the ledger`);
  return aboutCase(ledger, state);
}

export async function aboutCase(ledger: Ledger, state: CaseState): Promise<RecordedCase> {
  const caseId = state.id;
  const [events, own, said, effects, runs, parked, around] = await Promise.all([
    ledger.caseEvents(caseId),
    ledger.factsByCase(caseId),
    ledger.factsBySubjects([state.subject], maxFacts),
    ledger.effectsByCase(caseId),
    ledger.runsByCase(caseId),
    ledger.parkedByCase(caseId),
    ledger.casesBySubjects([state.subject]),
  ]);
  const ownIds = new Set(own.map(({ fact }) => fact.id));
  const { items: deadLetters } = await ledger.deadLetters(
    { runIds: runs.map(({ id }) => id) },
    { limit: 200 },
  );
  const facts = said.filter(
    ({ fact }) => !ownFact.test(fact.dedupKey) && (ownIds.has(fact.id) || fact.data.exception === undefined),
  );
  const given = new Set(facts.map(({ fact }) => fact.data.exception?.code));
  return {
    ...{ state, events, facts, parked },
    effects: effects.filter(({ partner }) => partner !== 'reroute'),
    deadLetters: deadLetters.sort((a, b) => a.at - b.at),
    // The ledger answers the newest first, also where they were opened in the same moment.
    cases: around
      .reverse()
      .filter(
        ({ id, code, detectedAt }) =>
          id === caseId ||
          given.has(code) ||
          (code === 'INTEGRATION_FAILURE' && detectedAt >= state.detectedAt),
      )
      .sort((a, b) => a.detectedAt - b.detectedAt),
  };
}

/** Of the run, or of what its delivery has led to. */
async function caseOf(ledger: Ledger, run: RunRecord): Promise<string> {
  if (run.caseId !== undefined) return run.caseId;
  const related = await ledger.runsByCorrelation([run.correlationId]);
  const found = related.find(({ caseId }) => caseId !== undefined)?.caseId;
  if (found !== undefined) return found;
  throw new FatalError('NO_CASE', `the run ${run.id} has not led to a case`, {
    hint: 'Take the run of a case: a flow test says what a flow makes of one.',
  });
}
