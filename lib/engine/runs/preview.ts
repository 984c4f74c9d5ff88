/** A run record that exists in memory only: what a replay preview works on. */
import type { ClaimedRun, RunRecord } from '../../ledger/runs';
import type { ReplayInput } from './starter';

/** Keeps root run and case of the original, so that effect keys come out the same. */
export function previewRecord(original: RunRecord, input: ReplayInput, id: string): ClaimedRun {
  const plan = (original.input as { plan?: string } | undefined)?.plan;
  return {
    ...original,
    id: `preview:${id}`,
    kind: 'replay',
    state: 'running',
    attempt: 1,
    input: { ...input, ...(plan === undefined ? {} : { plan }) },
  };
}
