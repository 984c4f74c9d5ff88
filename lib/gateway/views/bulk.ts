/** One action on many cases, each by itself under the version that was seen. */
import type { Caller, CaseActionOutcome, CasesPort } from '../deps';
import type { CaseAction } from '../schemas/cases';
import type { BulkAction } from '../schemas/insights';
import { wireCase } from './wire';

interface BulkItem {
  id: string;
  outcome: 'done' | 'stale' | 'refused' | 'not-found';
  detail?: string;
  case?: unknown;
}

/** So many are under way at a time: their commits are grouped, and others still get their turn. */
const together = 20;

export async function actOnAll(cases: CasesPort, request: BulkAction, caller: Caller) {
  const { cases: selected, ...common } = request;
  const items: BulkItem[] = [];
  for (let start = 0; start < selected.length; start += together) {
    const batch = selected.slice(start, start + together);
    items.push(
      ...(await Promise.all(
        batch.map(async ({ id, expectedVersion }) => {
          const action: CaseAction = { ...common, expectedVersion };
          return itemOf(id, await cases.act(id, action, caller));
        }),
      )),
    );
  }
  const count = (outcome: BulkItem['outcome']): number =>
    items.filter((item) => item.outcome === outcome).length;
  return {
    done: count('done'),
    stale: count('stale'),
    refused: count('refused') + count('not-found'),
    items,
  };
}

function itemOf(id: string, outcome: CaseActionOutcome): BulkItem {
  switch (outcome.kind) {
    case 'done':
      return { id, outcome: 'done', case: wireCase(outcome.case) };
    case 'not-found':
      return { id, outcome: 'not-found', detail: 'There is no such case.' };
    case 'stale':
      return { id, outcome: 'stale', detail: `The case is at version ${outcome.actualVersion} by now.` };
    case 'refused':
      return { id, outcome: 'refused', detail: outcome.message };
  }
}
