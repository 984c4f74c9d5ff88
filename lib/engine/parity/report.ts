/** The parity of two partners over a time: their facts out of the ledger, compared, and a verdict on cutting over. */
import type { StoredFact } from '../../ledger/cases';
import type { Ledger } from '../../ledger/port';
import { type Comparison, compareFacts, type ParityFact } from './compare';

export const verdicts = ['ready', 'not-ready', 'too-little-data'] as const;
export type Verdict = (typeof verdicts)[number];

export interface ParityRequest {
  /** The way that is trusted today, and the one that is to take over. */
  reference: string;
  candidate: string;
  /** Epoch milliseconds: events from then on. */
  since: number;
  now: number;
  /** 0 to 1: coverage and agreement must reach it. */
  threshold: number;
}

export interface ParityReport extends Comparison {
  referencePartner: string;
  candidatePartner: string;
  since: number;
  until: number;
  threshold: number;
  /** Settled facts of the reference that the candidate has too. */
  coverage: number;
  /** Compared fields that agree, of those that the reference states. */
  agreement: number;
  verdict: Verdict;
  /** Sentences for the person who decides. */
  reasons: string[];
  /** One of the two had more facts than are read: the oldest are left out. */
  truncated: boolean;
}

export const parityLimits = {
  windowMs: 2 * 3_600_000,
  toleranceMs: 60_000,
  /** The slower way may come this much later. */
  graceMs: 3_600_000,
  examples: 3,
  facts: 20_000,
  /** Fewer settled facts of the reference prove nothing. */
  fewest: 50,
} as const;

export async function parityReport(ledger: Ledger, request: ParityRequest): Promise<ParityReport> {
  const [reference, candidate] = await Promise.all([
    factsOf(ledger, request.reference, request),
    factsOf(ledger, request.candidate, request),
  ]);
  const { windowMs, toleranceMs, graceMs, examples } = parityLimits;
  const comparison = compareFacts(reference.facts, candidate.facts, {
    windowMs,
    toleranceMs,
    examples,
    settledBefore: request.now - graceMs,
  });
  return {
    referencePartner: request.reference,
    candidatePartner: request.candidate,
    since: request.since,
    until: request.now,
    threshold: request.threshold,
    truncated: reference.truncated || candidate.truncated,
    ...judge(comparison, request.threshold),
    ...comparison,
  };
}

export function judge(
  comparison: Comparison,
  threshold: number,
): Pick<ParityReport, 'coverage' | 'agreement' | 'verdict' | 'reasons'> {
  const alone = comparison.onlyReference.reduce((sum, { count }) => sum + count, 0);
  const settledFacts = comparison.paired + alone;
  const sums = comparison.fields.reduce(
    (sum, { agree, differ, missing }) => ({
      agree: sum.agree + agree,
      all: sum.all + agree + differ + missing,
    }),
    { agree: 0, all: 0 },
  );
  const coverage = share(comparison.paired, settledFacts);
  const agreement = share(sums.agree, sums.all);
  const reasons: string[] = [];
  if (settledFacts < parityLimits.fewest)
    reasons.push(
      `The reference has ${settledFacts} facts that can be judged; ${parityLimits.fewest} are needed.`,
    );
  if (coverage < threshold)
    reasons.push(
      `The candidate lacks ${alone} of ${settledFacts} facts: ${largest(comparison.onlyReference)}.`,
    );
  if (agreement < threshold) reasons.push(`Fields do not agree: ${worst(comparison)}.`);
  const verdict =
    settledFacts < parityLimits.fewest ? 'too-little-data' : reasons.length > 0 ? 'not-ready' : 'ready';
  return { coverage, agreement, verdict, reasons };
}

const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;

const largest = (groups: Comparison['onlyReference']): string =>
  groups
    .slice(0, 3)
    .map(({ code, count }) => `${code} (${count})`)
    .join(', ');

function worst({ fields }: Comparison): string {
  const bad = fields
    .map(({ field, differ, missing }) => ({ field, count: differ + missing }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return bad
    .slice(0, 3)
    .map(({ field, count }) => `${field} (${count})`)
    .join(', ');
}

/** Newest first, as the ledger pages them; by event time within the period. */
async function factsOf(
  ledger: Ledger,
  partner: string,
  { since, now }: ParityRequest,
): Promise<{ facts: ParityFact[]; truncated: boolean }> {
  const facts: ParityFact[] = [];
  let cursor: string | undefined;
  do {
    const page = await ledger.facts(
      { partner, since },
      { limit: 200, ...(cursor === undefined ? {} : { cursor }) },
    );
    for (const stored of page.items) {
      const at = Date.parse(stored.fact.data.time.eventTime);
      if (at >= since && at <= now + parityLimits.windowMs) facts.push(parityFactOf(stored));
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && facts.length < parityLimits.facts);
  return { facts: facts.slice(0, parityLimits.facts), truncated: cursor !== undefined };
}

const parityFactOf = ({ fact, tokens }: StoredFact): ParityFact => ({
  id: fact.id,
  subject: fact.subject,
  tokens,
  data: fact.data,
  recordedAt: Date.parse(fact.recordedTime),
});
