/** What a replay takes up: dead letters or runs by id, or open dead letters by a filter; frozen when it is created. */
import type { ReplayItem } from '../ledger/operators';
import type { Ledger } from '../ledger/port';
import type { DeadLetter, RunRecord } from '../ledger/runs';
import { FatalError } from '../model/errors';
import type { ReplayFilter } from './api';
import type { ReplayRequest } from './replays';

export interface Selected {
  ref: string;
  run: RunRecord;
  kind: ReplayItem['kind'];
}

/** A plan is looked through item by item: more than this needs a narrower selection. */
export const maxReplayItems = 10_000;
const pageSize = 200;

/** @throws FatalError UNSCOPED_REPLAY, REPLAY_EMPTY, REPLAY_TOO_LARGE */
export async function selectRuns(
  ledger: Ledger,
  request: Pick<ReplayRequest, 'ids' | 'filter'>,
): Promise<Selected[]> {
  const { ids, filter } = request;
  const scoped =
    (ids && ids.length > 0) || (filter && Object.values(filter).some((value) => value !== undefined));
  if (!scoped)
    throw new FatalError('UNSCOPED_REPLAY', 'a replay needs ids or a filter', {
      hint: 'Name a partner, a reason, a fingerprint, a time, or ids.',
    });
  const chosen = ids ? await byIds(ledger, ids) : await byFilter(ledger, filter ?? {});
  if (chosen.length === 0)
    throw new FatalError('REPLAY_EMPTY', 'the selection holds nothing that can be replayed');
  if (chosen.length > maxReplayItems)
    throw new FatalError('REPLAY_TOO_LARGE', `the selection holds more than ${maxReplayItems} items`, {
      hint: 'Narrow it down by partner, reason or time.',
    });
  // Within a shipment the order of acceptance is kept.
  return chosen.sort((a, b) => a.run.seq - b.run.seq || a.run.createdAt - b.run.createdAt);
}

async function byIds(ledger: Ledger, ids: string[]): Promise<Selected[]> {
  const found: Selected[] = [];
  for (const id of new Set(ids)) {
    const letter = await ledger.deadLetter(id);
    const run = await ledger.run(letter ? (letter.runId ?? letter.ref) : id);
    if (run) found.push({ ref: id, run, kind: letter ? 'dead-letter' : 'run' });
  }
  return found;
}

async function byFilter(ledger: Ledger, filter: Omit<ReplayFilter, 'ids'>): Promise<Selected[]> {
  const found: Selected[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: DeadLetter[]; nextCursor: string | null } = await ledger.deadLetters(
      { ...filter, state: 'open' },
      { limit: pageSize, ...(cursor === null ? {} : { cursor }) },
    );
    for (const letter of page.items) {
      const run = await ledger.run(letter.runId ?? letter.ref);
      if (run) found.push({ ref: letter.id, run, kind: 'dead-letter' });
    }
    cursor = page.nextCursor;
  } while (cursor !== null && found.length <= maxReplayItems);
  return found;
}
